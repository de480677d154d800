/**
 * Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015) as part of a step. Its moments are
 * plain variables; what depends on the number of updates comes in as two scalars from the host.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { StepContext } from '../graph/trace';
import { momentNames } from '../networks/initial-state';
import { adamUpdate } from '../operations/adam-update';

export type AdamConfiguration = RunConfiguration['adam'];

/**
 * Step size and epsilon of the t-th update, t ≥ 1, with the bias corrections folded in: then the update is
 * parameter − stepSize·m/(√v + epsilon), which equals algorithm 1 of the paper.
 */
export function adamScalars(
  { beta1, beta2, epsilon }: AdamConfiguration,
  learningRate: number,
  t: number,
): { stepSize: number; epsilon: number } {
  const secondCorrection = Math.sqrt(1 - beta2 ** t);
  return {
    stepSize: (learningRate * secondCorrection) / (1 - beta1 ** t),
    epsilon: epsilon * secondCorrection,
  };
}

/**
 * Updates parameters and their moments by the gradients.
 *
 * @param group whose inputs `stepSize` and `epsilon` are read: a network, or parameters with a learning rate of their own
 * @returns the new parameters, by name
 */
export function applyAdam(
  step: StepContext,
  group: string,
  { beta1, beta2 }: AdamConfiguration,
  gradients: ReadonlyMap<string, Tensor>,
): Map<string, Tensor> {
  const stepSize = step.input(`${group}/stepSize`);
  const epsilon = step.input(`${group}/epsilon`);
  return new Map(
    Array.from(gradients, ([name, gradient]) => {
      const moments = momentNames(name);
      const updated = adamUpdate(
        {
          parameter: step.variable(name),
          m: step.variable(moments.m),
          v: step.variable(moments.v),
          gradient,
          stepSize,
          epsilon,
        },
        { beta1, beta2 },
      );
      step.update(name, updated.parameter);
      step.update(moments.m, updated.m);
      step.update(moments.v, updated.v);
      return [name, updated.parameter];
    }),
  );
}
