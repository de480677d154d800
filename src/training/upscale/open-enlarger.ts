/** What a person may choose to enlarge with, opened: an interpolation kernel, or the generator of a model on an engine. */
import type { RgbImage } from '../../imaging/image';
import { coveringAreas, imresizeArea } from '../../imaging/resize-area';
import type { EngineSettings } from '../../protocol/engine-settings';
import type { Enlarger } from '../../protocol/preview';
import type { EngineChoice } from '../../protocol/run-configuration';
import { openEngine } from '../engines/open-engine';
import { loadGenerator } from './load-generator';
import { MODEST_BYTES, tilingFor } from './tiling';
import { createUpscaler, type UpscaleTiles } from './upscaler';

export interface OpenEnlarger {
  /** In words: `the model first-run`, `bicubic`. */
  readonly description: string;
  readonly scale: number;
  /** Name of the engine; null for a kernel. */
  readonly engine: string | null;
  tiles(image: RgbImage): UpscaleTiles;
  dispose(): Promise<void>;
}

export interface EnlargerEngine {
  /** Default: the run's, or `auto`. */
  readonly choice?: EngineChoice | undefined;
  /** Laid over those of the run. */
  settings(ofRun: EngineSettings | undefined): EngineSettings;
}

/** Side of the areas that a kernel enlarges at a time, in pixels of the image. */
const KERNEL_AREA = 256;

/** Throws a `LabError` if there is no such model, or no engine for it. */
export async function openEnlarger(enlarger: Enlarger, engineWish: EnlargerEngine): Promise<OpenEnlarger> {
  if (enlarger.kind === 'kernel') return openKernel(enlarger);
  const { description, generator, scale, weights, ...ofRun } = await loadGenerator(enlarger.folder);
  const choice = engineWish.choice ?? ofRun.engine ?? 'auto';
  const engine = await openEngine(choice, engineWish.settings(ofRun.engineSettings));
  try {
    const state = await engine.createState(weights);
    const tiling = tilingFor(engine, generator, scale, MODEST_BYTES);
    const upscaler = createUpscaler(engine, state, generator, scale, tiling);
    return {
      description,
      scale,
      engine: engine.description.name,
      tiles: (image) => upscaler.tiles(image),
      dispose: () => engine.dispose(),
    };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

function openKernel({ kernel, scale }: Extract<Enlarger, { kind: 'kernel' }>): OpenEnlarger {
  return {
    description: kernel,
    scale,
    engine: null,
    tiles: (image) => {
      const areas = coveringAreas(image, KERNEL_AREA);
      const raster = { ...image, channels: 3 };
      return {
        areas,
        upscale: (index) => Promise.resolve(imresizeArea(raster, areas[index]!, scale, kernel)),
      };
    },
    dispose: () => Promise.resolve(),
  };
}
