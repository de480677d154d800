/**
 * MATLAB's `imresize`, to the last bit. Two one-dimensional passes, the dimension with the smaller scale first (rows in
 * a draw), streamed row by row, so that memory is a few rows whatever the size of the image.
 *
 * Low-resolution images of published benchmarks come in three conventions, which differ by a grey level here and there:
 * - `double`: computed in double precision from samples in [0, 1], rounded once at the end
 *   (`im2uint8(imresize(im2double(image), …))`);
 * - `uint8-symmetric`: rounded to whole samples between the passes, as `imresize` does with a uint8 (or uint16) image;
 * - `uint8-clamped`: likewise, with the edge repeated instead of mirrored, as older releases did.
 * Rounding is half away from zero. Sums are taken in the order of the taps. Channels never mix; alpha is a channel like
 * another, so colours beside transparent pixels are those that the file has there.
 */
import type { Raster, RgbImage } from './image';
import { openResamplingKernels } from './resampling-kernels';
import { plainResamplingKernels, roundRow, storeRow } from './resampling-passes';
import { planResizing, type ResamplingOptions, type ResizeTarget, type ResizingPlan } from './resizing-plan';

export type { ResizeTarget } from './resizing-plan';

export const conventions = ['double', 'uint8-symmetric', 'uint8-clamped'] as const;
export type Convention = (typeof conventions)[number];

export interface ResizeOptions extends ResamplingOptions {
  /** Default `double`. */
  convention?: Convention;
}

/** An image of real numbers. */
export type RealImage = Raster<Float64Array>;

/** Resizes an 8-bit RGB image. Throws a `RangeError` for a target without pixels. */
export function imresize(image: RgbImage, target: ResizeTarget, options: ResizeOptions = {}): RgbImage {
  const { width, height, data } = imresizeSamples({ ...image, channels: 3 }, target, options);
  return { width, height, data };
}

/** Likewise any number of channels, of 8 or 16 bits: the result is of the kind of `image`. */
export function imresizeSamples<Samples extends Uint8Array | Uint16Array>(
  image: Raster<Samples>,
  target: ResizeTarget,
  options: ResizeOptions = {},
): Raster<Samples> {
  const convention = options.convention ?? 'double';
  const border = convention === 'uint8-clamped' ? 'clamped' : 'symmetric';
  const plan = planResizing(image, target, { ...options, border });
  const data = samplesLike(image.data, plan.width * plan.height * image.channels);
  const peak = data.BYTES_PER_ELEMENT === 1 ? 255 : 65535;
  // Where a sum lies half-way between two grey levels, as averages often do, the rounding of v / 255 decides.
  const [arithmetic, factor] = convention === 'double' ? (['unit', peak] as const) : (['whole', 1] as const);
  resample(plan, image, { arithmetic, peak }, (y, row) => {
    storeRow(row, { peak, factor }, data, y * row.length);
  });
  return { width: plan.width, height: plan.height, channels: image.channels, data };
}

/**
 * Resizes without any rounding, borders mirrored: MATLAB's `imresize` on a double array. Sums are in double precision;
 * a `Float32Array` is rounded to single precision once, at the end.
 */
export function imresizeReal<Samples extends Float32Array | Float64Array>(
  image: Raster<Samples>,
  target: ResizeTarget,
  options: ResamplingOptions = {},
): Raster<Samples> {
  const plan = planResizing(image, target, options);
  const data = samplesLike(image.data, plan.width * plan.height * image.channels);
  resample(plan, image, { arithmetic: 'real' }, (y, row) => {
    data.set(row, y * row.length);
  });
  return { width: plan.width, height: plan.height, channels: image.channels, data };
}

type Samples = Uint8Array | Uint16Array | Float32Array | Float64Array;

/** A new array of the same type. */
function samplesLike<Kind extends Samples>(kind: Kind, length: number): Kind {
  return new (kind.constructor as new (length: number) => Kind)(length);
}

/** What the passes work on: samples as they are; in [0, 1]; or whole ones, also between the passes. */
type Arithmetic = { arithmetic: 'real' } | { arithmetic: 'unit' | 'whole'; peak: 255 | 65535 };

/**
 * Runs both passes; `store` takes each row of the output, in order, and must not keep it.
 */
function resample(
  plan: ResizingPlan,
  { width, channels, data }: Raster<Samples>,
  how: Arithmetic,
  store: (y: number, row: Float64Array) => void,
): void {
  const { rows, verticalFirst } = plan;
  const peak = how.arithmetic === 'whole' ? how.peak : undefined;
  const stride = width * channels;
  const load = (y: number, row: Float64Array): void => {
    row.set(data.subarray(y * stride, (y + 1) * stride));
    if (how.arithmetic === 'unit') kernels.divide(row, how.peak);
  };
  const outputStride = plan.width * channels;
  const combinedStride = verticalFirst ? stride : outputStride;
  const slots = Math.min(plan.inputHeight, rows.span);
  const samples = stride + outputStride + slots * combinedStride;
  const kernels = openResamplingKernels(plan, channels, samples) ?? plainResamplingKernels(plan, channels);
  const inputRow = kernels.row(stride);
  const outputRow = kernels.row(outputStride);
  const buffers = Array.from({ length: slots }, () => kernels.row(combinedStride));
  if (verticalFirst) {
    const window = createRowWindow(buffers, load);
    for (let y = 0; y < plan.height; y++) {
      kernels.combineRows(rows, y, window, inputRow, peak);
      kernels.combineColumns(inputRow, outputRow);
      store(y, outputRow);
    }
  } else {
    const window = createRowWindow(buffers, (y, row) => {
      load(y, inputRow);
      kernels.combineColumns(inputRow, row);
      if (peak !== undefined) roundRow(row, peak);
    });
    for (let y = 0; y < plan.height; y++) {
      kernels.combineRows(rows, y, window, outputRow, undefined);
      store(y, outputRow);
    }
  }
}

/** Rows on demand, of which only as many are kept as one output row needs: they lie within the span of its taps. */
function createRowWindow(
  buffers: readonly Float64Array[],
  load: (y: number, row: Float64Array) => void,
): (y: number) => Float64Array {
  const held = new Int32Array(buffers.length).fill(-1);
  return (y) => {
    const slot = y % buffers.length;
    const row = buffers[slot]!;
    if (held[slot] !== y) {
      load(y, row);
      held[slot] = y;
    }
    return row;
  };
}
