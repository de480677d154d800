/** Sums, factors, biases and activations. Channels are the innermost axis. */
import type { PlainKernel } from './plain-kernel';

export const add: PlainKernel<'Add'> = ([a, b], [sum]) => {
  for (let i = 0; i < a.length; i++) sum[i] = a[i]! + b[i]!;
};

export const scale: PlainKernel<'Scale'> = ([x], [y], { attributes: { factor } }) => {
  for (let i = 0; i < x.length; i++) y[i] = factor * x[i]!;
};

export const biasAdd: PlainKernel<'BiasAdd'> = ([x, bias], [y]) => {
  const channels = bias.length;
  for (let row = 0; row < x.length; row += channels) {
    for (let c = 0; c < channels; c++) y[row + c] = x[row + c]! + bias[c]!;
  }
};

export const channelSum: PlainKernel<'ChannelSum'> = ([x], [sum]) => {
  const sums = new Float64Array(sum.length);
  const channels = sum.length;
  for (let row = 0; row < x.length; row += channels) {
    for (let c = 0; c < channels; c++) sums[c]! += x[row + c]!;
  }
  sum.set(sums);
};

export const prelu: PlainKernel<'PRelu'> = ([x, alpha], [y], { inputShapes: [shape] }) => {
  const slopes = slopePerChannel(alpha, shape.at(-1)!);
  const channels = slopes.length;
  for (let row = 0; row < x.length; row += channels) {
    for (let c = 0; c < channels; c++) {
      const value = x[row + c]!;
      y[row + c] = value > 0 ? value : value * slopes[c]!;
    }
  }
};

export const preluGrad: PlainKernel<'PReluGrad'> = (
  [dy, x, alpha],
  [dx, dalpha],
  { inputShapes: [shape] },
) => {
  const slopes = slopePerChannel(alpha, shape.at(-1)!);
  const channels = slopes.length;
  const sums = new Float64Array(channels);
  for (let row = 0; row < x.length; row += channels) {
    for (let c = 0; c < channels; c++) {
      const gradient = dy[row + c]!;
      const value = x[row + c]!;
      if (value > 0) {
        dx[row + c] = gradient;
      } else {
        dx[row + c] = gradient * slopes[c]!;
        sums[c]! += gradient * value;
      }
    }
  }
  if (dalpha.length === 1) dalpha[0] = sums.reduce((total, sum) => total + sum, 0);
  else dalpha.set(sums);
};

/** A copy of the slopes, repeated where the layer has only one: the inner loops then have one form. */
function slopePerChannel(alpha: Float32Array, channels: number): Float32Array {
  return alpha.length === channels ? alpha.slice() : new Float32Array(channels).fill(alpha[0]!);
}

export const leakyRelu: PlainKernel<'LeakyRelu'> = ([x], [y], { attributes: { slope } }) => {
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    y[i] = value > 0 ? value : value * slope;
  }
};

export const leakyReluGrad: PlainKernel<'LeakyReluGrad'> = ([dy, y], [dx], { attributes: { slope } }) => {
  for (let i = 0; i < dy.length; i++) {
    const gradient = dy[i]!;
    dx[i] = y[i]! > 0 ? gradient : gradient * slope;
  }
};

export const sigmoid: PlainKernel<'Sigmoid'> = ([x], [y]) => {
  for (let i = 0; i < x.length; i++) y[i] = 1 / (1 + Math.exp(-x[i]!));
};

export const sigmoidGrad: PlainKernel<'SigmoidGrad'> = ([dy, y], [dx]) => {
  for (let i = 0; i < dy.length; i++) dx[i] = dy[i]! * y[i]! * (1 - y[i]!);
};
