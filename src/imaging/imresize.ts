/**
 * MATLAB's `imresize`, to the last bit. Two one-dimensional passes, the dimension with the smaller scale first (rows in
 * a draw), streamed row by row, so that memory is a few rows whatever the size of the image.
 *
 * Low-resolution images of published benchmarks come in three conventions, which differ by a grey level here and there:
 * - `double`: computed in double precision, rounded once at the end (`imresize(im2double(image), …)`);
 * - `uint8-symmetric`: rounded to 8 bits between the passes, as `imresize` does with a uint8 image;
 * - `uint8-clamped`: likewise, with the edge repeated instead of mirrored, as older releases did.
 * Rounding is half away from zero. Sums are taken in the order of the taps.
 */
import { computeContributions, type Border, type Contributions } from './contributions';
import { createImage, type RgbImage } from './image';
import { kernels, type KernelName } from './kernels';
import { combineColumns, combineRows, roundRow, storeRow } from './resampling-passes';

export const conventions = ['double', 'uint8-symmetric', 'uint8-clamped'] as const;
export type Convention = (typeof conventions)[number];

export interface ResizeOptions {
  /** Default `bicubic`. */
  kernel?: KernelName;
  /** Whether shrinking low-passes; default true. */
  antialias?: boolean;
  /** Default `double`. */
  convention?: Convention;
}

/** A factor for both sides (they become `ceil(factor · side)`), or the sides themselves. */
export type ResizeTarget = number | { width: number; height: number };

/** Resizes an 8-bit image. Throws a `RangeError` for a target without pixels. */
export function imresize(image: RgbImage, target: ResizeTarget, options: ResizeOptions = {}): RgbImage {
  const convention = options.convention ?? 'double';
  const plan = planResizing(
    image,
    target,
    3,
    options,
    convention === 'uint8-clamped' ? 'clamped' : 'symmetric',
  );
  const result = createImage(plan.width, plan.height);
  const stride = image.width * 3;
  resample(
    plan,
    (y, row) => {
      row.set(image.data.subarray(y * stride, (y + 1) * stride));
    },
    convention === 'double' ? undefined : roundRow,
    (y, row) => {
      storeRow(row, result.data, y * plan.width * 3);
    },
  );
  return result;
}

/** An image of real numbers, row by row from the top, channels interleaved. */
export interface RealImage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Float64Array;
}

/** Resizes without any rounding, borders mirrored: MATLAB's `imresize` on a double array. */
export function imresizeReal(
  image: RealImage,
  target: ResizeTarget,
  options: Omit<ResizeOptions, 'convention'> = {},
): RealImage {
  const { channels } = image;
  const plan = planResizing(image, target, channels, options, 'symmetric');
  const data = new Float64Array(plan.width * plan.height * channels);
  const stride = image.width * channels;
  resample(
    plan,
    (y, row) => {
      row.set(image.data.subarray(y * stride, (y + 1) * stride));
    },
    undefined,
    (y, row) => {
      data.set(row, y * row.length);
    },
  );
  return { width: plan.width, height: plan.height, channels, data };
}

interface Plan {
  channels: number;
  inputWidth: number;
  inputHeight: number;
  width: number;
  height: number;
  columns: Contributions;
  rows: Contributions;
  /** Whether heights change before widths. */
  verticalFirst: boolean;
}

function planResizing(
  input: { width: number; height: number },
  target: ResizeTarget,
  channels: number,
  options: ResizeOptions,
  border: Border,
): Plan {
  const scaleX = typeof target === 'number' ? target : target.width / input.width;
  const scaleY = typeof target === 'number' ? target : target.height / input.height;
  const width = typeof target === 'number' ? Math.ceil(target * input.width) : target.width;
  const height = typeof target === 'number' ? Math.ceil(target * input.height) : target.height;
  if (!(width >= 1 && height >= 1 && Number.isInteger(width) && Number.isInteger(height))) {
    throw new RangeError(
      `An image of ${input.width}×${input.height} cannot be resized to ${width}×${height}.`,
    );
  }
  const common = {
    kernel: kernels[options.kernel ?? 'bicubic'],
    antialias: options.antialias ?? true,
    border,
  };
  return {
    channels,
    inputWidth: input.width,
    inputHeight: input.height,
    width,
    height,
    columns: computeContributions({
      inputLength: input.width,
      outputLength: width,
      scale: scaleX,
      ...common,
    }),
    rows: computeContributions({ inputLength: input.height, outputLength: height, scale: scaleY, ...common }),
    verticalFirst: scaleY <= scaleX,
  };
}

/**
 * Runs both passes. `load` fills a row of the input; `between`, if given, is applied to each row after the first pass;
 * `store` takes each row of the output, in order, and must not keep it.
 */
function resample(
  plan: Plan,
  load: (y: number, row: Float64Array) => void,
  between: ((row: Float64Array) => void) | undefined,
  store: (y: number, row: Float64Array) => void,
): void {
  const { channels, columns, rows, verticalFirst } = plan;
  const inputRow = new Float64Array(plan.inputWidth * channels);
  const outputRow = new Float64Array(plan.width * channels);
  if (verticalFirst) {
    const window = createRowWindow(plan, inputRow.length, load);
    for (let y = 0; y < plan.height; y++) {
      combineRows(rows, y, window, inputRow);
      between?.(inputRow);
      combineColumns(columns, channels, inputRow, outputRow);
      store(y, outputRow);
    }
  } else {
    const window = createRowWindow(plan, outputRow.length, (y, row) => {
      load(y, inputRow);
      combineColumns(columns, channels, inputRow, row);
      between?.(row);
    });
    for (let y = 0; y < plan.height; y++) {
      combineRows(rows, y, window, outputRow);
      store(y, outputRow);
    }
  }
}

/** Rows on demand, of which only as many are kept as one output row needs: they lie within `span` of each other. */
function createRowWindow(
  plan: Plan,
  length: number,
  load: (y: number, row: Float64Array) => void,
): (y: number) => Float64Array {
  const slots = Math.min(plan.inputHeight, plan.rows.span);
  const buffers = Array.from({ length: slots }, () => new Float64Array(length));
  const held = new Int32Array(slots).fill(-1);
  return (y) => {
    const slot = y % slots;
    const row = buffers[slot]!;
    if (held[slot] !== y) {
      load(y, row);
      held[slot] = y;
    }
    return row;
  };
}
