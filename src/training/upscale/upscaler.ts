/**
 * A generator on images of any size. Each image is cut into windows (tiles.ts); the generator is compiled once for each
 * window's shape and reads its weights from the engine's state, so it follows a training that goes on.
 */
import { setImmediate } from 'node:timers/promises';
import { createImage, type RgbImage } from '../../imaging/image';
import type { Area } from '../../imaging/resize-area';
import type { GeneratorConfiguration, Scale } from '../../protocol/run-configuration';
import type { Engine, EngineState, Executable, HostTensor } from '../engines/engine';
import { receptiveRadius } from '../networks/parameters';
import { traceInference } from '../step/inference';
import { planAxis, windowSize, type Span } from './tiles';
import type { Tiling } from './tiling';

/** Compiled shapes that are kept at most; a folder of photographs has few sizes. */
export const KEPT_SHAPES = 8;

export interface UpscaleOptions {
  /** Aborts between two windows. */
  readonly signal?: AbortSignal;
  readonly onWindow?: (done: number, total: number) => void;
}

/** An image in tiles that can be enlarged in any order; together they are what `upscale` gives. */
export interface UpscaleTiles {
  /** Cover the image, in reading order. */
  readonly areas: readonly Area[];
  /** Enlarges the area of that index. */
  upscale(index: number): Promise<RgbImage>;
}

export interface Upscaler {
  /** Enlarges an 8-bit image by the scale; the output is clamped and rounded to 8 bits. */
  upscale(image: RgbImage, options?: UpscaleOptions): Promise<RgbImage>;
  tiles(image: RgbImage): UpscaleTiles;
  dispose(): void;
}

/** A compiled window. */
interface Compiled {
  readonly executable: Executable;
  readonly pixels: number;
}

/**
 * `state` must hold the generator's variables. Without a tiling, windows are small, as fits beside a training.
 */
export function createUpscaler(
  engine: Engine,
  state: EngineState,
  generator: GeneratorConfiguration,
  scale: Scale,
  tiling?: Tiling,
): Upscaler {
  const radius = receptiveRadius(generator, scale);
  const { largest, keptPixels } = tiling ?? {
    largest: windowSize(scale, generator.channels, radius),
    keptPixels: Infinity,
  };
  /** By shape, in order of use, the latest last. */
  const compiled = new Map<string, Compiled>();

  /** Gives up what was used longest ago, until there is room for so many pixels more. */
  const makeRoom = (pixels: number): void => {
    for (const [shape, oldest] of compiled) {
      const kept = [...compiled.values()].reduce((sum, each) => sum + each.pixels, 0);
      if (compiled.size < KEPT_SHAPES && kept + pixels <= keptPixels) break;
      oldest.executable.dispose();
      compiled.delete(shape);
    }
  };

  const executableFor = async (height: number, width: number): Promise<Executable> => {
    const shape = `${height}×${width}`;
    const known = compiled.get(shape);
    compiled.delete(shape);
    const pixels = height * width;
    if (known === undefined) makeRoom(pixels);
    const executable =
      known?.executable ??
      (await engine.compile(traceInference(generator, scale, { batch: 1, height, width }), state));
    compiled.set(shape, { executable, pixels });
    return executable;
  };

  const windowsOf = (image: RgbImage): Windows => {
    const rows = planAxis(image.height, largest, radius);
    const columns = planAxis(image.width, largest, radius);
    /** Enlarges one window, and puts what is kept of it into `result`, whose first pixel is at `origin` of the image. */
    const run = async (row: Span, column: Span, result: RgbImage, origin: Origin): Promise<void> => {
      const executable = await executableFor(rows.length, columns.length);
      const lr = windowOf(image, row.start, column.start, rows.length, columns.length);
      const { sr } = await executable.run({ lr });
      keep(sr!, result, scale, row, column, origin);
      // An engine may compute without ever yielding; commands and heartbeats want their turn.
      await setImmediate();
    };
    const windows = rows.spans.flatMap((row) => columns.spans.map((column) => ({ row, column })));
    return { windows, run };
  };

  const upscale = async (image: RgbImage, { signal, onWindow }: UpscaleOptions = {}): Promise<RgbImage> => {
    const { windows, run } = windowsOf(image);
    const result = createImage(image.width * scale, image.height * scale);
    let done = 0;
    for (const { row, column } of windows) {
      signal?.throwIfAborted();
      await run(row, column, result, { left: 0, top: 0 });
      onWindow?.(++done, windows.length);
    }
    return result;
  };

  const tiles = (image: RgbImage): UpscaleTiles => {
    const { windows, run } = windowsOf(image);
    const areas = windows.map(({ row, column }) => ({
      left: column.from,
      top: row.from,
      width: column.to - column.from,
      height: row.to - row.from,
    }));
    return {
      areas,
      upscale: async (index) => {
        const area = areas[index]!;
        const { row, column } = windows[index]!;
        const result = createImage(area.width * scale, area.height * scale);
        await run(row, column, result, area);
        return result;
      },
    };
  };

  return {
    upscale,
    tiles,
    dispose: () => {
      for (const { executable } of compiled.values()) executable.dispose();
      compiled.clear();
    },
  };
}

/** A window of the image as [1, height, width, 3] floats in [0, 1]. */
function windowOf(image: RgbImage, top: number, left: number, height: number, width: number): HostTensor {
  const data = new Float32Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    for (let i = 0; i < width * 3; i++) data[y * width * 3 + i] = image.data[from + i]! / 255;
  }
  return { shape: [1, height, width, 3], data };
}

/** The windows of an image, and what enlarges one of them. */
interface Windows {
  readonly windows: readonly { readonly row: Span; readonly column: Span }[];
  readonly run: (row: Span, column: Span, result: RgbImage, origin: Origin) => Promise<void>;
}

type Origin = Pick<Area, 'left' | 'top'>;

/** Rounds the kept part of a window's output [1, height, width, 3] into its place in the result, which begins at `origin`. */
function keep(
  sr: HostTensor,
  result: RgbImage,
  scale: number,
  row: Span,
  column: Span,
  origin: Origin,
): void {
  const width = sr.shape[2]!;
  const values = (column.to - column.from) * scale * 3;
  for (let y = row.from * scale; y < row.to * scale; y++) {
    const from = ((y - row.start * scale) * width + (column.from - column.start) * scale) * 3;
    const to = ((y - origin.top * scale) * result.width + (column.from - origin.left) * scale) * 3;
    for (let i = 0; i < values; i++) {
      const value = Math.round(sr.data[from + i]! * 255);
      result.data[to + i] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}
