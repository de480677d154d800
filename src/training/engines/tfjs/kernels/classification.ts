/** Global average pooling and multinomial cross-entropy, with their gradients. */
import type { PlainKernel } from './plain-kernel';

export const globalAverage: PlainKernel<'GlobalAverage'> = ([x], [mean], { inputShapes: [shape] }) => {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const pixels = height * width;
  for (let image = 0; image < batch; image++) {
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let pixel = 0; pixel < pixels; pixel++) sum += x[(image * pixels + pixel) * channels + channel]!;
      mean[image * channels + channel] = sum / pixels;
    }
  }
};

export const globalAverageGrad: PlainKernel<'GlobalAverageGrad'> = (
  [dy],
  [dx],
  { attributes: { height, width }, inputShapes: [[, channels]] },
) => {
  const pixels = height * width;
  const size = pixels * channels!;
  for (let i = 0; i < dx.length; i++) {
    dx[i] = dy[Math.floor(i / size) * channels! + (i % channels!)]! / pixels;
  }
};

/** log Σ eˣ of a row, without overflow. */
function logSumOfExponentials(row: Float32Array): number {
  const greatest = Math.max(...row);
  return greatest + Math.log(row.reduce((sum, x) => sum + Math.exp(x - greatest), 0));
}

export const softmaxCrossEntropy: PlainKernel<'SoftmaxCrossEntropy'> = (
  [logits, target],
  [loss],
  { inputShapes: [[rows, classes]] },
) => {
  let sum = 0;
  for (let start = 0; start < logits.length; start += classes!) {
    const row = logits.subarray(start, start + classes!);
    const logSum = logSumOfExponentials(row);
    row.forEach((x, k) => (sum += target[start + k]! * (logSum - x)));
  }
  loss[0] = sum / rows!;
};

export const softmaxCrossEntropyGrad: PlainKernel<'SoftmaxCrossEntropyGrad'> = (
  [dy, logits, target],
  [gradient],
  { inputShapes: [, [rows, classes]] },
) => {
  const factor = dy[0]! / rows!;
  for (let start = 0; start < logits.length; start += classes!) {
    const row = logits.subarray(start, start + classes!);
    const logSum = logSumOfExponentials(row);
    row.forEach((x, k) => (gradient[start + k] = factor * (Math.exp(x - logSum) - target[start + k]!)));
  }
};
