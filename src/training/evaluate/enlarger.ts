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
import { loadGenerator } from '../upscale/load-generator';
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

/** By the name of an interpolation, or the folder of a model, run or checkpoint. Throws a `LabError` if its scale is another one. */
export async function openEnlarger(name: string, options: EnlargerOptions): Promise<Enlarger> {
  const kernel = kernelNames.find((each) => each === name);
  return kernel === undefined ? generatorEnlarger(name, options) : interpolation(kernel, options.scale);
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

async function generatorEnlarger(folder: string, options: EnlargerOptions): Promise<Enlarger> {
  const loaded = await loadGenerator(folder);
  if (loaded.scale !== options.scale) {
    throw new LabError(
      `${loaded.description} enlarges ×${loaded.scale}, not ×${options.scale}. ` +
        `Evaluate it with --scale ${loaded.scale}, apart from models of another scale.`,
    );
  }
  const engine = await options.openEngine(loaded.engine, loaded.engineSettings);
  const state = await engine.createState(loaded.weights);
  const upscaler = createUpscaler(engine, state, loaded.generator, loaded.scale);
  return {
    name: folder,
    description: loaded.description,
    engine: engine.description.name,
    enlarge: (lr, signal) => upscaler.upscale(lr, { signal }),
    dispose: () => {
      upscaler.dispose();
      state.dispose();
    },
  };
}
