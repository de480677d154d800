/** Losses and their gradients. */
import type { PlainKernel } from './plain-kernel';

export const meanSquaredError: PlainKernel<'MeanSquaredError'> = ([prediction, target], [loss]) => {
  let sum = 0;
  for (let i = 0; i < prediction.length; i++) {
    const difference = prediction[i]! - target[i]!;
    sum += difference * difference;
  }
  loss[0] = sum / prediction.length;
};

export const meanSquaredErrorGrad: PlainKernel<'MeanSquaredErrorGrad'> = (
  [dy, prediction, target],
  [gradient],
) => {
  const factor = (2 * dy[0]!) / prediction.length;
  for (let i = 0; i < prediction.length; i++) gradient[i] = factor * (prediction[i]! - target[i]!);
};

/** log(1 + eˣ), without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** −log σ(x) = softplus(−x) and −log(1 − σ(x)) = softplus(x). */
export const sigmoidCrossEntropy: PlainKernel<'SigmoidCrossEntropy'> = (
  [logits],
  [loss],
  { attributes: { target } },
) => {
  let sum = 0;
  for (const logit of logits) sum += softplus(target === 1 ? -logit : logit);
  loss[0] = sum / logits.length;
};

export const sigmoidCrossEntropyGrad: PlainKernel<'SigmoidCrossEntropyGrad'> = (
  [dy, logits],
  [gradient],
  { attributes: { target } },
) => {
  const factor = dy[0]! / logits.length;
  for (let i = 0; i < logits.length; i++) gradient[i] = factor * (sigmoid(logits[i]!) - target);
};

export const sigmoidMean: PlainKernel<'SigmoidMean'> = ([logits], [mean]) => {
  let sum = 0;
  for (const logit of logits) sum += sigmoid(logit);
  mean[0] = sum / logits.length;
};
