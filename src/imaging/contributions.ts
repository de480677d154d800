/**
 * Which input samples make each output sample of a one-dimensional resampling, and with what weights: the function
 * `contributions` of MATLAB's `imresize`. Computed once a row or column and used for all of the others.
 */
import type { Kernel } from './kernels';

/** What lies beyond the edge: the image mirrored (with its edge sample twice), or its edge sample for ever. */
export type Border = 'symmetric' | 'clamped';

/** Taps of all outputs in one list: output `i` has the taps `starts[i]` to `starts[i + 1]`, exclusive. */
export interface Contributions {
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly weights: Float64Array;
  /** Upper bound of the span of input samples that one output needs. */
  readonly span: number;
}

export interface AxisResizing {
  inputLength: number;
  outputLength: number;
  /** Output over input; usually but not necessarily the ratio of the lengths. */
  scale: number;
  kernel: Kernel;
  /** Whether a kernel that shrinks is widened to cover the input samples of one output. */
  antialias: boolean;
  border: Border;
}

/**
 * Weights of each output sum to 1. Positions follow MATLAB: sample centres at integers from 1, and the outer edges of the
 * first samples of input and output coincide.
 */
export function computeContributions(axis: AxisResizing): Contributions {
  const { inputLength, outputLength, scale, border } = axis;
  const widened = axis.antialias && scale < 1;
  const kernelWidth = widened ? axis.kernel.width / scale : axis.kernel.width;
  const weightAt = widened ? (x: number) => scale * axis.kernel.at(scale * x) : axis.kernel.at;
  const taps = Math.ceil(kernelWidth) + 2;

  const starts = new Int32Array(outputLength + 1);
  const indices = new Int32Array(outputLength * taps);
  const weights = new Float64Array(outputLength * taps);
  const window = new Float64Array(taps);
  let count = 0;
  for (let output = 0; output < outputLength; output++) {
    const centre = (output + 1) / scale + 0.5 * (1 - 1 / scale);
    const left = Math.floor(centre - kernelWidth / 2);
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const weight = weightAt(centre - (left + tap));
      window[tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < taps; tap++) {
      const weight = window[tap]! / sum;
      if (weight === 0) continue;
      indices[count] = insideIndex(left + tap - 1, inputLength, border);
      weights[count] = weight;
      count++;
    }
    starts[output + 1] = count;
  }
  return { starts, indices: indices.slice(0, count), weights: weights.slice(0, count), span: taps };
}

/** The sample in [0, `length`) that stands for `index`, which may lie beyond the edges. */
function insideIndex(index: number, length: number, border: Border): number {
  if (border === 'clamped') return Math.min(Math.max(index, 0), length - 1);
  const period = 2 * length;
  const folded = ((index % period) + period) % period;
  return folded < length ? folded : period - 1 - folded;
}
