/** The step of a GAN that makes pictures of noise: D learns, then G against the D that has just learned. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { StepGraph } from '../graph/step-graph';
import { traceStep } from '../graph/trace';
import { interpret } from '../networks/interpret';
import type { Network } from '../networks/network';
import { NOISE_CHANNELS } from '../networks/noise-generator';
import { add } from '../operations/arithmetic';
import { batchConcat, batchSplit } from '../operations/batch';
import { sigmoidMean } from '../operations/loss';
import { applyAdam, type AdamConfiguration } from './adam';
import { lossAndGradients, RunningStatistics, variablesOf } from './half-step';
import { adversarialLoss, discriminatorLosses } from './losses';

/**
 * Inputs: `noise` [n, 1, 1, 100], `hr` [n, side, side, 3], and the scalars `stepSize` and `epsilon` of `generator/` and
 * `discriminator/`. Outputs, scalars: `discriminator/real`, `discriminator/fake`, `discriminator/realMean`,
 * `discriminator/fakeMean`, `generator/adversarial`.
 */
export function traceDcganStep(
  generator: Network,
  discriminator: Network,
  { batch, side, adam }: { batch: number; side: number; adam: AdamConfiguration },
): StepGraph {
  const scalars = ['generator', 'discriminator'].flatMap((group) => [
    `${group}/stepSize`,
    `${group}/epsilon`,
  ]);
  const stepInterface = {
    inputs: {
      noise: [batch, 1, 1, NOISE_CHANNELS],
      hr: [batch, side, side, 3],
      ...Object.fromEntries(scalars.map((name) => [name, []])),
    },
    variables: { ...variablesOf(generator, 'train'), ...variablesOf(discriminator, 'train') },
  };
  return traceStep(stepInterface, (step) => {
    const training = (newer?: ReadonlyMap<string, Tensor>) => ({
      parameter: (name: string): Tensor => newer?.get(name) ?? step.variable(name),
      mode: 'training' as const,
    });
    const fake = interpret(generator, step.input('noise'), training());
    const ofD = new RunningStatistics(step);
    const half = lossAndGradients(step, discriminator, () => {
      const logits = interpret(discriminator, batchConcat(step.input('hr'), fake), {
        ...training(),
        groups: 2,
        onStatistics: ofD.observe,
      });
      const [realLogits, fakeLogits] = batchSplit(logits, batch);
      const losses = discriminatorLosses(realLogits, fakeLogits);
      step.output('discriminator/real', losses.real);
      step.output('discriminator/fake', losses.fake);
      step.output('discriminator/realMean', sigmoidMean(realLogits));
      step.output('discriminator/fakeMean', sigmoidMean(fakeLogits));
      return add(losses.real, losses.fake);
    });
    const updated = applyAdam(step, 'discriminator', adam, half.gradients);

    const ofG = new RunningStatistics(step);
    const { loss, gradients } = lossAndGradients(step, generator, () => {
      const picture = interpret(generator, step.input('noise'), {
        ...training(),
        onStatistics: ofG.observe,
      });
      return adversarialLoss(interpret(discriminator, picture, training(updated)));
    });
    applyAdam(step, 'generator', adam, gradients);
    step.output('generator/adversarial', loss);
  });
}
