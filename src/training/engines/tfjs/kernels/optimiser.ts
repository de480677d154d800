/** Adam: see graph/vocabulary/optimiser.ts for what its scalars are. */
import type { PlainKernel } from './plain-kernel';

export const adamUpdate: PlainKernel<'AdamUpdate'> = (
  [parameter, m, v, gradient, stepSizes, epsilons],
  [newParameter, newM, newV],
  { attributes: { beta1, beta2 } },
) => {
  const stepSize = stepSizes[0]!;
  const epsilon = epsilons[0]!;
  for (let i = 0; i < parameter.length; i++) {
    const g = gradient[i]!;
    const first = beta1 * m[i]! + (1 - beta1) * g;
    const second = beta2 * v[i]! + (1 - beta2) * g * g;
    newM[i] = first;
    newV[i] = second;
    newParameter[i] = parameter[i]! - (stepSize * first) / (Math.sqrt(second) + epsilon);
  }
};
