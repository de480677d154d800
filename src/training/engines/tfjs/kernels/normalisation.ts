/** Batch normalisation in one pass for the statistics and one for the result. */
import type { PlainKernel } from './plain-kernel';

/** y = x·factor + offset, a channel each. */
function channelAffine(x: Float32Array, factor: Float64Array, offset: Float64Array, y: Float32Array): void {
  const channels = factor.length;
  for (let row = 0; row < x.length; row += channels) {
    for (let c = 0; c < channels; c++) y[row + c] = x[row + c]! * factor[c]! + offset[c]!;
  }
}

export const batchNormTraining: PlainKernel<'BatchNormTraining'> = (
  [x, gamma, beta],
  [y, mean, variance],
  { attributes: { epsilon } },
) => {
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
};

/** With x̂ the normalised x: dx = γ/√(v + ε) · (dy − mean(dy) − x̂·mean(dy·x̂)). */
export const batchNormTrainingGrad: PlainKernel<'BatchNormTrainingGrad'> = (
  [dy, x, gamma, mean, variance],
  [dx, dgamma, dbeta],
  { attributes: { epsilon } },
) => {
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
    dbeta[c] = sums[c]!;
    dgamma[c] = products[c]! * inverseDeviation;
    ofGradient[c] = gamma[c]! * inverseDeviation;
    ofInput[c] = (-ofGradient[c]! * inverseDeviation ** 2 * products[c]!) / count;
    offset[c] = (-ofGradient[c]! * sums[c]!) / count - ofInput[c]! * centre[c]!;
  }
  for (let row = 0; row < x.length; row += channels) {
    for (let c = 0; c < channels; c++) {
      dx[row + c] = dy[row + c]! * ofGradient[c]! + x[row + c]! * ofInput[c]! + offset[c]!;
    }
  }
};

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
  [average, value],
  [updated],
  { attributes: { momentum } },
) => {
  for (let c = 0; c < average.length; c++) updated[c] = momentum * average[c]! + (1 - momentum) * value[c]!;
};
