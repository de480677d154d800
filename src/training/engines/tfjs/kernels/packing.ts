/**
 * Rearranging filters and images so that the gradients of a convolution become convolutions themselves, which is what
 * the WebAssembly backend is fast at (see convolution-gradients.ts). Plain loops over float32 arrays.
 */

/** Side of the squares in which a matrix is transposed, so that both sides stay in the cache. */
const SQUARE = 16;

/** Transposes `rows`×`columns` numbers of `from` into `to`, whose rows are `toStride` apart. */
function transposeBlock(
  from: Float32Array,
  fromOffset: number,
  [rows, columns]: readonly [number, number],
  to: Float32Array,
  toOffset: number,
  toStride: number,
): void {
  for (let row0 = 0; row0 < rows; row0 += SQUARE) {
    const row1 = Math.min(rows, row0 + SQUARE);
    for (let column0 = 0; column0 < columns; column0 += SQUARE) {
      const column1 = Math.min(columns, column0 + SQUARE);
      for (let row = row0; row < row1; row++) {
        for (let column = column0; column < column1; column++) {
          to[toOffset + column * toStride + row] = from[fromOffset + row * columns + column]!;
        }
      }
    }
  }
}

/** [rows, columns] to [columns, rows]. */
export function transpose(
  from: Float32Array,
  [rows, columns]: readonly [number, number],
  to: Float32Array,
): void {
  transposeBlock(from, 0, [rows, columns], to, 0, rows);
}

/** [a, b, c] to [b, a, c]: swaps the outer axes of runs of c numbers. */
export function swapOuterAxes(
  from: Float32Array,
  [a, b, c]: readonly [number, number, number],
  to: Float32Array,
): void {
  let position = 0;
  for (let i = 0; i < b; i++) {
    for (let j = 0; j < a; j++) {
      const start = (j * b + i) * c;
      for (let k = 0; k < c; k++) to[position++] = from[start + k]!;
    }
  }
}

/** [a, b, c] to [c, b, a]. */
export function reverseAxes(
  from: Float32Array,
  [a, b, c]: readonly [number, number, number],
  to: Float32Array,
): void {
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      const start = (i * b + j) * c;
      for (let k = 0; k < c; k++) to[(k * b + j) * a + i] = from[start + k]!;
    }
  }
}

/** One axis of a filter that is split into the phases of a stride; see `phaseAxis`. */
export interface PhaseAxis {
  /** Taps of each phase’s filter. */
  readonly taps: number;
  /** Offset in dy, relative to the block of `stride` pixels of dx, that the first tap reads. */
  readonly first: number;
}

/**
 * A convolution of stride s sends x[s·m + phase] to y[m + o] by the kernel element k = phase + before − s·o. So each
 * phase of dx is a convolution of dy with those elements of the kernel that exist, at offsets o from `first` on.
 */
export function phaseAxis(kernel: number, stride: number, before: number): PhaseAxis {
  const first = Math.ceil((before - kernel + 1) / stride);
  const last = Math.floor((stride - 1 + before) / stride);
  return { taps: last - first + 1, first };
}

export interface PhaseFilter {
  readonly stride: number;
  readonly before: readonly [number, number];
  readonly rows: PhaseAxis;
  readonly columns: PhaseAxis;
}

/**
 * Filter [kh, kw, in, out] to [rows.taps, columns.taps, out, stride²·in]: in and out swapped, the phases side by side in
 * the order of a pixel shuffle. With stride 1 it is the filter rotated by 180°.
 */
export function packPhases(
  filter: Float32Array,
  [kernelHeight, kernelWidth, inputs, outputs]: readonly [number, number, number, number],
  { stride, before, rows, columns }: PhaseFilter,
  packed: Float32Array,
): void {
  const width = stride * stride * inputs;
  packed.fill(0);
  for (let tapRow = 0; tapRow < rows.taps; tapRow++) {
    for (let phaseRow = 0; phaseRow < stride; phaseRow++) {
      const row = phaseRow + before[0] - stride * (rows.first + tapRow);
      if (row < 0 || row >= kernelHeight) continue;
      for (let tapColumn = 0; tapColumn < columns.taps; tapColumn++) {
        for (let phaseColumn = 0; phaseColumn < stride; phaseColumn++) {
          const column = phaseColumn + before[1] - stride * (columns.first + tapColumn);
          if (column < 0 || column >= kernelWidth) continue;
          transposeBlock(
            filter,
            (row * kernelWidth + column) * inputs * outputs,
            [inputs, outputs],
            packed,
            (tapRow * columns.taps + tapColumn) * outputs * width +
              (phaseRow * stride + phaseColumn) * inputs,
            width,
          );
        }
      }
    }
  }
}

/** The upper left part of an image batch [n, h, w, c]. */
export function crop(
  from: Float32Array,
  [, fromHeight, fromWidth]: readonly [number, number, number, number],
  to: Float32Array,
  [batch, height, width, channels]: readonly [number, number, number, number],
): void {
  const length = width * channels;
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < height; row++) {
      const start = (image * fromHeight + row) * fromWidth * channels;
      to.set(from.subarray(start, start + length), (image * height + row) * length);
    }
  }
}
