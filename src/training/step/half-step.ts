/** What both half-steps of training share: a network's variables, its gradients, its running statistics. */
import { valueAndGrads, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '../graph/shape';
import type { StepContext } from '../graph/trace';
import { momentNames } from '../networks/initial-state';
import type { BatchStatistics } from '../networks/interpret';
import type { Network } from '../networks/network';
import { parameterSpecs } from '../networks/parameters';
import { movingAverage } from '../operations/batch-norm';

/** Share of the old value that a running average keeps in a step. */
const RUNNING_MOMENTUM = 0.9;

/** Shapes of a network's state, and of its optimiser's where it is trained. */
export function variablesOf(network: Network, use: 'train' | 'read'): Record<string, Shape> {
  return Object.fromEntries(
    parameterSpecs(network).flatMap(({ name, shape, trainable }) => {
      const { m, v } = momentNames(name);
      const names = use === 'train' && trainable ? [name, m, v] : [name];
      return names.map((variable): [string, Shape] => [variable, shape]);
    }),
  );
}

/**
 * The loss and its gradients by name.
 *
 * @param loss a scalar, computed from the variables of `step`
 * @param names of the parameters; all trainable ones of the network unless given
 */
export function lossAndGradients(
  step: StepContext,
  network: Network,
  loss: () => Tensor,
  names: readonly string[] = parameterSpecs(network).flatMap(({ name, trainable }) =>
    trainable ? [name] : [],
  ),
): { loss: Tensor; gradients: Map<string, Tensor> } {
  const { value, grads } = valueAndGrads(() => loss() as Scalar)(names.map((name) => step.variable(name)));
  return { loss: value, gradients: new Map(names.map((name, index) => [name, grads[index]!])) };
}

/** Follows the statistics of the batch that passes through a network, or of its groups in turn, with running averages. */
export class RunningStatistics {
  constructor(private readonly step: StepContext) {}

  /** To be handed to `interpret`, for one pass. */
  readonly observe = (
    names: { mean: string; variance: string },
    { mean, variance }: BatchStatistics,
  ): void => {
    this.follow(names.mean, mean);
    this.follow(names.variance, variance);
  };

  private follow(name: string, value: Tensor): void {
    this.step.update(name, movingAverage(this.step.variable(name), value, RUNNING_MOMENTUM));
  }
}
