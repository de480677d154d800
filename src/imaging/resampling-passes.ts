/**
 * The inner loops of resampling in plain TypeScript: one row at a time, in double precision, sums in the order of the
 * taps. They define what the kernels in WebAssembly compute (resampling-kernels.ts), and stand in where those cannot run.
 */
import type { Contributions } from './contributions';
import type { ResamplingKernels } from './resampling-kernels';

/** Both passes for an image of any number of channels. */
export function plainResamplingKernels(
  { columns }: { columns: Contributions },
  channels: number,
): ResamplingKernels {
  return {
    row: (length) => new Float64Array(length),
    divide: (row, peak) => {
      for (let i = 0; i < row.length; i++) row[i]! /= peak;
    },
    combineRows: (rows, y, rowAt, sums, peak) => {
      combineRows(rows, y, rowAt, sums);
      if (peak !== undefined) roundRow(sums, peak);
    },
    combineColumns: (input, output) => {
      combineColumns(columns, channels, input, output);
    },
  };
}

/** One output row of the vertical pass. Four taps at a time, which halves the traffic on `sums`; the order is the taps'. */
function combineRows(
  { starts, indices, weights }: Contributions,
  y: number,
  rowAt: (y: number) => Float64Array,
  sums: Float64Array,
): void {
  const { length } = sums;
  const end = starts[y + 1]!;
  let tap = starts[y]!;
  sums.fill(0);
  for (; tap + 4 <= end; tap += 4) {
    const [row0, row1] = [rowAt(indices[tap]!), rowAt(indices[tap + 1]!)];
    const [row2, row3] = [rowAt(indices[tap + 2]!), rowAt(indices[tap + 3]!)];
    const [weight0, weight1] = [weights[tap]!, weights[tap + 1]!];
    const [weight2, weight3] = [weights[tap + 2]!, weights[tap + 3]!];
    for (let i = 0; i < length; i++) {
      sums[i] = sums[i]! + weight0 * row0[i]! + weight1 * row1[i]! + weight2 * row2[i]! + weight3 * row3[i]!;
    }
  }
  for (; tap < end; tap++) {
    const row = rowAt(indices[tap]!);
    const weight = weights[tap]!;
    for (let i = 0; i < length; i++) sums[i] = sums[i]! + weight * row[i]!;
  }
}

/** The horizontal pass of one row. */
function combineColumns(
  columns: Contributions,
  channels: number,
  input: Float64Array,
  output: Float64Array,
): void {
  if (channels === 3) {
    combineColumnsOfRgb(columns, input, output);
    return;
  }
  const { starts, indices, weights } = columns;
  for (let x = 0, position = 0; position < output.length; x++) {
    const end = starts[x + 1]!;
    for (let channel = 0; channel < channels; channel++, position++) {
      let sum = 0;
      for (let tap = starts[x]!; tap < end; tap++) {
        sum += weights[tap]! * input[indices[tap]! * channels + channel]!;
      }
      output[position] = sum;
    }
  }
}

/** Likewise, with the three sums side by side: each index and weight is read once. */
function combineColumnsOfRgb(
  { starts, indices, weights }: Contributions,
  input: Float64Array,
  output: Float64Array,
): void {
  for (let x = 0, position = 0; position < output.length; x++, position += 3) {
    const end = starts[x + 1]!;
    let [red, green, blue] = [0, 0, 0];
    for (let tap = starts[x]!; tap < end; tap++) {
      const weight = weights[tap]!;
      const from = indices[tap]! * 3;
      red += weight * input[from]!;
      green += weight * input[from + 1]!;
      blue += weight * input[from + 2]!;
    }
    output[position] = red;
    output[position + 1] = green;
    output[position + 2] = blue;
  }
}

/** Saturates to [0, `peak`] and rounds half away from zero, in place. */
export function roundRow(row: Float64Array, peak: number): void {
  for (let i = 0; i < row.length; i++) {
    const value = row[i]!;
    row[i] = value <= 0 ? 0 : value >= peak ? peak : Math.floor(value + 0.5);
  }
}

/** Likewise, into whole samples, which are the numbers of the row times `factor`. */
export function storeRow(
  row: Float64Array,
  { peak, factor }: { peak: number; factor: number },
  samples: Uint8Array | Uint16Array,
  offset: number,
): void {
  for (let i = 0; i < row.length; i++) {
    const value = factor * row[i]!;
    samples[offset + i] = value <= 0 ? 0 : value >= peak ? peak : Math.floor(value + 0.5);
  }
}
