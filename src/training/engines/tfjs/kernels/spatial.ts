/** Pixel shuffle, pooling and mirrored borders. */
import type { PlainKernel } from './plain-kernel';

/**
 * A pixel of the small image holds, for each row of its block of the large one, factor·channels numbers that lie
 * together in both. `move` is called with the offsets of each such run, in the order of the large image.
 */
function eachRun(
  [rows, width, factor]: readonly [number, number, number],
  channels: number,
  move: (small: number, large: number, length: number) => void,
): void {
  const length = factor * channels;
  let large = 0;
  for (let row = 0; row < rows; row++) {
    for (let blockRow = 0; blockRow < factor; blockRow++) {
      for (let column = 0; column < width; column++) {
        move((row * width + column) * factor * length + blockRow * length, large, length);
        large += length;
      }
    }
  }
}

export const pixelShuffle: PlainKernel<'PixelShuffle'> = (
  [x],
  [y],
  { attributes: { factor }, inputShapes: [small], outputShapes: [large] },
) => {
  eachRun([small[0]! * small[1]!, small[2]!, factor], large[3]!, (from, to, length) => {
    for (let i = 0; i < length; i++) y[to + i] = x[from + i]!;
  });
};

export const pixelUnshuffle: PlainKernel<'PixelUnshuffle'> = (
  [x],
  [y],
  { attributes: { factor }, inputShapes: [large], outputShapes: [small] },
) => {
  eachRun([small[0]! * small[1]!, small[2]!, factor], large[3]!, (to, from, length) => {
    for (let i = 0; i < length; i++) y[to + i] = x[from + i]!;
  });
};

/** Calls `pool` with the offset of each window's first element and of its result. */
function eachWindow(
  [batch, height, width, channels]: readonly number[],
  pool: (window: number, result: number) => void,
): void {
  const stride = width! * channels!;
  let result = 0;
  for (let image = 0; image < batch!; image++) {
    for (let row = 0; row + 1 < height!; row += 2) {
      for (let column = 0; column + 1 < width!; column += 2) {
        const window = (image * height! + row) * stride + column * channels!;
        for (let c = 0; c < channels!; c++) pool(window + c, result++);
      }
    }
  }
}

export const maxPool: PlainKernel<'MaxPool'> = ([x], [y], { inputShapes: [shape] }) => {
  const right = shape[3]!;
  const below = shape[2]! * right;
  eachWindow(shape, (window, result) => {
    y[result] = Math.max(x[window]!, x[window + right]!, x[window + below]!, x[window + below + right]!);
  });
};

export const maxPoolGrad: PlainKernel<'MaxPoolGrad'> = ([dy, x], [dx], { outputShapes: [shape] }) => {
  const right = shape[3]!;
  const below = shape[2]! * right;
  dx.fill(0);
  eachWindow(shape, (window, result) => {
    let largest = window;
    if (x[window + right]! > x[largest]!) largest = window + right;
    if (x[window + below]! > x[largest]!) largest = window + below;
    if (x[window + below + right]! > x[largest]!) largest = window + below + right;
    dx[largest] = dy[result]!;
  });
};

/** Index inside an axis of `size` elements that is mirrored over and over, edges repeated. */
function mirrored(index: number, size: number): number {
  const period = 2 * size;
  const position = ((index % period) + period) % period;
  return position < size ? position : period - 1 - position;
}

export const mirrorPad: PlainKernel<'MirrorPad'> = (
  [x],
  [y],
  { attributes: { amount }, inputShapes: [inner], outputShapes: [outer] },
) => {
  const [batch, height, width, channels] = inner as readonly [number, number, number, number];
  const [, outerHeight, outerWidth] = outer as readonly [number, number, number, number];
  let to = 0;
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < outerHeight; row++) {
      const line = (image * height + mirrored(row - amount, height)) * width;
      for (let column = 0; column < outerWidth; column++) {
        const from = (line + mirrored(column - amount, width)) * channels;
        for (let c = 0; c < channels; c++) y[to++] = x[from + c]!;
      }
    }
  }
};
