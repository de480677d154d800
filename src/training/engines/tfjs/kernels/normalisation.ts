/** Batch normalisation in one pass for the statistics and one for the result. */
import type { PlainKernel } from './plain-kernel';

/** y = x·factor + offset, a channel each. */
function channelAffine(x: Float32Array, factor: Float64Array, offset: Float64Array, y: Float32Array): void {
  const channels = factor.length;
  for (let row = 0; row < x.length; row += channels) {
    for (let c = 0; c < channels; c++) y[row + c] = x[row + c]! * factor[c]! + offset[c]!;
  }
}

/** The part of an array that belongs to one of `groups` equal parts of the batch. */
function part(array: Float32Array, group: number, groups: number): Float32Array {
  const length = array.length / groups;
  return array.subarray(group * length, (group + 1) * length);
}

export const batchNormTraining: PlainKernel<'BatchNormTraining'> = (
  [x, gamma, beta],
  [y, mean, variance],
  { attributes: { epsilon, groups } },
) => {
  for (let group = 0; group < groups; group++) {
    const of = (array: Float32Array): Float32Array => part(array, group, groups);
    normaliseGroup({ x: of(x), gamma, beta }, { y: of(y), mean: of(mean), variance: of(variance) }, epsilon);
  }
};

function normaliseGroup(
  { x, gamma, beta }: Readonly<Record<'x' | 'gamma' | 'beta', Float32Array>>,
  { y, mean, variance }: Readonly<Record<'y' | 'mean' | 'variance', Float32Array>>,
  epsilon: number,
): void {
  const channels = gamma.length;
  const count = x.length / channels;
  // Sums of differences from one sample: then the variance is not the difference of two large numbers.
  const shift = x.slice(0, channels);
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let row = 0; row < x.length; row += channels) {
    for (let c = 0; c < channels; c++) {
      const difference = x[row + c]! - shift[c]!;
      sums[c]! += difference;
      squares[c]! += difference * difference;
    }
  }
  const factor = new Float64Array(channels);
  const offset = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    const shifted = sums[c]! / count;
    mean[c] = shift[c]! + shifted;
    variance[c] = Math.max(0, squares[c]! / count - shifted * shifted);
    factor[c] = gamma[c]! / Math.sqrt(variance[c]! + epsilon);
    offset[c] = beta[c]! - mean[c]! * factor[c]!;
  }
  channelAffine(x, factor, offset, y);
}

export const batchNormTrainingGrad: PlainKernel<'BatchNormTrainingGrad'> = (
  [dy, x, gamma, mean, variance],
  [dx, dgamma, dbeta],
  { attributes: { epsilon, groups } },
) => {
  const totals = { dgamma: new Float64Array(gamma.length), dbeta: new Float64Array(gamma.length) };
  for (let group = 0; group < groups; group++) {
    const of = (array: Float32Array): Float32Array => part(array, group, groups);
    const inputs = { dy: of(dy), x: of(x), gamma, mean: of(mean), variance: of(variance) };
    addGroupGradients(inputs, of(dx), totals, epsilon);
  }
  dgamma.set(totals.dgamma);
  dbeta.set(totals.dbeta);
};

/** With x̂ the normalised x: dx = γ/√(v + ε) · (dy − mean(dy) − x̂·mean(dy·x̂)). */
function addGroupGradients(
  {
    dy,
    x,
    gamma,
    mean,
    variance,
  }: Readonly<Record<'dy' | 'x' | 'gamma' | 'mean' | 'variance', Float32Array>>,
  dx: Float32Array,
  { dgamma, dbeta }: Readonly<Record<'dgamma' | 'dbeta', Float64Array>>,
  epsilon: number,
): void {
  const channels = gamma.length;
  const count = x.length / channels;
  const centre = mean.slice();
  const sums = new Float64Array(channels);
  const products = new Float64Array(channels);
  for (let row = 0; row < x.length; row += channels) {
    for (let c = 0; c < channels; c++) {
      const gradient = dy[row + c]!;
      sums[c]! += gradient;
      products[c]! += gradient * (x[row + c]! - centre[c]!);
    }
  }
  const ofGradient = new Float64Array(channels);
  const ofInput = new Float64Array(channels);
  const offset = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    const inverseDeviation = 1 / Math.sqrt(variance[c]! + epsilon);
    dbeta[c]! += sums[c]!;
    dgamma[c]! += products[c]! * inverseDeviation;
    ofGradient[c] = gamma[c]! * inverseDeviation;
    ofInput[c] = (-ofGradient[c]! * inverseDeviation ** 2 * products[c]!) / count;
    offset[c] = (-ofGradient[c]! * sums[c]!) / count - ofInput[c]! * centre[c]!;
  }
  for (let row = 0; row < x.length; row += channels) {
    for (let c = 0; c < channels; c++) {
      dx[row + c] = dy[row + c]! * ofGradient[c]! + x[row + c]! * ofInput[c]! + offset[c]!;
    }
  }
}

export const batchNormInference: PlainKernel<'BatchNormInference'> = (
  [x, gamma, beta, mean, variance],
  [y],
  { attributes: { epsilon } },
) => {
  const factor = Float64Array.from(gamma, (g, c) => g / Math.sqrt(variance[c]! + epsilon));
  const offset = Float64Array.from(beta, (b, c) => b - mean[c]! * factor[c]!);
  channelAffine(x, factor, offset, y);
};

export const movingAverage: PlainKernel<'MovingAverage'> = (
  [average, values],
  [updated],
  { attributes: { momentum } },
) => {
  const channels = average.length;
  for (let c = 0; c < channels; c++) {
    let value = average[c]!;
    for (let i = c; i < values.length; i += channels) value = momentum * value + (1 - momentum) * values[i]!;
    updated[c] = value;
  }
};
