/**
 * What a resizing amounts to before any pixel is touched: the size of the output, as MATLAB's `imresize` derives it, the
 * taps of both dimensions, and which of them goes first.
 */
import { computeContributions, type Border, type Contributions } from './contributions';
import { kernels, type KernelName } from './kernels';

/**
 * A factor for both sides, which become `ceil(factor · side)`; or the sides themselves, which need not have the same
 * factor; or one side, and the other one becomes `ceil` of the same factor times its length.
 */
export type ResizeTarget =
  number | { width: number; height: number } | { width: number } | { height: number };

export interface ResamplingOptions {
  /** Default `bicubic`. */
  kernel?: KernelName;
  /** Whether shrinking low-passes; default true. The box without it takes the nearest sample. */
  antialias?: boolean;
}

export interface ResizingPlan {
  inputHeight: number;
  width: number;
  height: number;
  columns: Contributions;
  rows: Contributions;
  /** Whether heights change before widths. */
  verticalFirst: boolean;
}

/** Plans a resizing. Throws a `RangeError` for a target without pixels. */
export function planResizing(
  input: { width: number; height: number },
  target: ResizeTarget,
  options: ResamplingOptions & { border?: Border },
): ResizingPlan {
  const { width, height, scaleX, scaleY } = outputSize(input, target);
  if (!(width >= 1 && height >= 1 && Number.isInteger(width) && Number.isInteger(height))) {
    throw new RangeError(
      `An image of ${input.width}×${input.height} cannot be resized to ${width}×${height}.`,
    );
  }
  const common = {
    kernel: kernels[options.kernel ?? 'bicubic'],
    antialias: options.antialias ?? true,
    border: options.border ?? 'symmetric',
  };
  return {
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

interface OutputSize {
  width: number;
  height: number;
  scaleX: number;
  scaleY: number;
}

/** A scale that is given is used as it is, even where rounding the size up makes the ratio of the sides a little larger. */
function outputSize(input: { width: number; height: number }, target: ResizeTarget): OutputSize {
  if (typeof target === 'number') {
    const [width, height] = [Math.ceil(target * input.width), Math.ceil(target * input.height)];
    return { width, height, scaleX: target, scaleY: target };
  }
  const scaleX = 'width' in target ? target.width / input.width : target.height / input.height;
  const scaleY = 'height' in target ? target.height / input.height : scaleX;
  return {
    width: 'width' in target ? target.width : Math.ceil(scaleX * input.width),
    height: 'height' in target ? target.height : Math.ceil(scaleY * input.height),
    scaleX,
    scaleY,
  };
}
