/**
 * What is evaluated: a generator, or one of the interpolations that papers compare with. An enlarger makes SR of an LR
 * image; the interpolations can do so on one plane of real numbers, too, as the oldest protocol wants it.
 */
import type { Plane } from '../../imaging/colour';
import type { RgbImage } from '../../imaging/image';
import { imresize, imresizeReal } from '../../imaging/imresize';
import { kernelNames, type KernelName } from '../../imaging/kernels';
import type { EngineSettings } from '../../protocol/engine-settings';
import type { EngineChoice } from '../../protocol/run-configuration';
import { LabError } from '../../folders/lab-error';
import type { Engine } from '../engines/engine';
import { loadGenerator, type LoadedGenerator } from '../upscale/load-generator';
import { MODEST_BYTES, tilingFor } from '../upscale/tiling';
import { createUpscaler } from '../upscale/upscaler';

export interface Enlarger {
  readonly name: string;
  readonly description: string;
  /** What computes; null for an interpolation. */
  readonly engine: string | null;
  enlarge(lr: RgbImage, signal: AbortSignal): Promise<RgbImage>;
  /** Only of interpolations. */
  readonly enlargePlane?: (lr: Plane) => Plane;
  dispose(): void;
}

export interface EnlargerOptions {
  readonly scale: number;
  /** The engine that shall compute, given what the run says of it. Whoever opened it disposes of it, after the enlargers. */
  readonly openEngine: (
    ofRun: EngineChoice | undefined,
    settingsOfRun: EngineSettings | undefined,
  ) => Promise<Engine>;
}

/** What can be evaluated: an interpolation, by its name, or a generator. */
export type Contender = KernelName | LoadedGenerator;

/** By the name of an interpolation, or the folder of a model, run or checkpoint. Throws a `LabError` if it is neither. */
export async function loadContender(name: string): Promise<Contender> {
  return kernelNames.find((kernel) => kernel === name) ?? loadGenerator(name);
}

/** `name` is what results call it. Throws a `LabError` if its scale is another one. */
export async function openContender(
  name: string,
  contender: Contender,
  options: EnlargerOptions,
): Promise<Enlarger> {
  return typeof contender === 'string'
    ? interpolation(contender, options.scale)
    : generatorEnlarger(name, contender, options);
}

function interpolation(kernel: KernelName, scale: number): Enlarger {
  return {
    name: kernel,
    description: `${kernel} interpolation`,
    engine: null,
    enlarge: (lr) => Promise.resolve(imresize(lr, scale, { kernel })),
    enlargePlane: (lr) => imresizeReal({ ...lr, channels: 1 }, scale, { kernel }),
    dispose: () => undefined,
  };
}

async function generatorEnlarger(
  name: string,
  loaded: LoadedGenerator,
  options: EnlargerOptions,
): Promise<Enlarger> {
  if (loaded.scale !== options.scale) {
    throw new LabError(
      `${loaded.description} enlarges ×${loaded.scale}, not ×${options.scale}. ` +
        `Evaluate it with --scale ${loaded.scale}, apart from models of another scale.`,
    );
  }
  const engine = await options.openEngine(loaded.engine, loaded.engineSettings);
  const state = await engine.createState(loaded.weights);
  const { generator, scale } = loaded;
  const tiling = tilingFor(engine, generator, scale, MODEST_BYTES);
  const upscaler = createUpscaler(engine, state, generator, scale, tiling);
  return {
    name,
    description: loaded.description,
    engine: engine.description.name,
    enlarge: (lr, signal) => upscaler.upscale(lr, { signal }),
    dispose: () => {
      upscaler.dispose();
      state.dispose();
    },
  };
}
