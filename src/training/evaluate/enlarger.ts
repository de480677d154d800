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
import { openEngine } from '../engines/open-engine';
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
  dispose(): Promise<void>;
}

export interface EnlargerOptions {
  readonly scale: number;
  /** Default: that of the run, or the best of this machine. */
  readonly engine?: EngineChoice | undefined;
  readonly engineSettings: (ofRun: EngineSettings | undefined) => EngineSettings | undefined;
}

/** By the name of an interpolation, or the folder of a model or run. Throws a `LabError` if its scale is another one. */
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
    dispose: () => Promise.resolve(),
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
  const choice = options.engine ?? loaded.engine ?? 'auto';
  const engine = await openEngine(choice, options.engineSettings(loaded.engineSettings));
  try {
    const state = await engine.createState(loaded.weights);
    const upscaler = createUpscaler(engine, state, loaded.generator, loaded.scale);
    return {
      name: folder,
      description: loaded.description,
      engine: engine.description.name,
      enlarge: (lr, signal) => upscaler.upscale(lr, { signal }),
      dispose: () => engine.dispose(),
    };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}
