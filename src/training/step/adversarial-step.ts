/**
 * The step of the adversarial stage (SRGAN of Ledig et al. 2017): first D learns to tell HR from SR patches, then G
 * learns against the D that has just learned. D judges real and fake patches in one pass, as one batch whose two halves
 * batch normalisation keeps apart, so that their statistics do not mix and its weights are read once. G's forward pass is
 * written down twice and computed once.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { StepGraph } from '../graph/step-graph';
import { traceStep, type StepContext } from '../graph/trace';
import { contentNetwork } from '../networks/content';
import { discriminatorNetwork } from '../networks/discriminator';
import { generatorNetwork } from '../networks/generator';
import { interpret, type Interpretation } from '../networks/interpret';
import type { Network } from '../networks/network';
import { add } from '../operations/arithmetic';
import { batchConcat, batchSplit } from '../operations/batch';
import { sigmoidMean } from '../operations/loss';
import { applyAdam } from './adam';
import { lossAndGradients, RunningStatistics, variablesOf } from './half-step';
import { adversarialLoss, contentLoss, discriminatorLosses, pixelLoss, weightedSum } from './losses';
import { batchShapes } from './pixel-step';

interface Networks {
  readonly generator: Network;
  readonly discriminator: Network;
  readonly content: Network;
}

/**
 * Inputs: `lr` [n, h, w, 3], `hr` [n, H, W, 3], and the scalars `stepSize` and `epsilon` of `generator/` and
 * `discriminator/` (see adam.ts).
 * Outputs, scalars: `generator/pixel`, `generator/content`, `generator/adversarial` raw, `generator/total` weighted,
 * `discriminator/real`, `discriminator/fake` (cross-entropies), `discriminator/realMean`, `discriminator/fakeMean`
 * (means of D in [0, 1]). Tensors: `discriminator/realLogits`, `discriminator/fakeLogits` [n, 1], of which whoever runs the
 * step can take more statistics. All of D's are from before its update, but `generator/adversarial` is from after.
 */
export function traceAdversarialStep(configuration: RunConfiguration): StepGraph {
  const networks = {
    generator: generatorNetwork(configuration.generator, configuration.scale),
    discriminator: discriminatorNetwork(configuration.discriminator, configuration.data.patch),
    content: contentNetwork(configuration.content),
  };
  const scalars = [
    'generator/stepSize',
    'generator/epsilon',
    'discriminator/stepSize',
    'discriminator/epsilon',
  ];
  const stepInterface = {
    inputs: { ...batchShapes(configuration), ...Object.fromEntries(scalars.map((name) => [name, []])) },
    variables: {
      ...variablesOf(networks.generator, 'train'),
      ...variablesOf(networks.discriminator, 'train'),
      ...variablesOf(networks.content, 'read'),
    },
  };
  return traceStep(stepInterface, (step) => {
    const updated = discriminatorHalfStep(step, networks, configuration);
    generatorHalfStep(step, networks, configuration, updated);
  });
}

/** Trains D and returns its new parameters. */
function discriminatorHalfStep(
  step: StepContext,
  { generator, discriminator }: Networks,
  { adam }: RunConfiguration,
): ReadonlyMap<string, Tensor> {
  const sr = interpret(generator, step.input('lr'), trainingWith(step));
  const statistics = new RunningStatistics(step);

  const { gradients } = lossAndGradients(step, discriminator, () => {
    const hr = step.input('hr');
    const logits = interpret(discriminator, batchConcat(hr, sr), {
      ...trainingWith(step),
      groups: 2,
      onStatistics: statistics.observe,
    });
    const [realLogits, fakeLogits] = batchSplit(logits, hr.shape[0]);
    const { real, fake } = discriminatorLosses(realLogits, fakeLogits);
    step.output('discriminator/real', real);
    step.output('discriminator/fake', fake);
    step.output('discriminator/realMean', sigmoidMean(realLogits));
    step.output('discriminator/fakeMean', sigmoidMean(fakeLogits));
    step.output('discriminator/realLogits', realLogits);
    step.output('discriminator/fakeLogits', fakeLogits);
    return add(real, fake);
  });
  return applyAdam(step, 'discriminator', adam, gradients);
}

/** Trains G against D with the parameters `updated`. D's running averages stay as its own half-step left them. */
function generatorHalfStep(
  step: StepContext,
  { generator, discriminator, content }: Networks,
  { adam, lossWeights }: RunConfiguration,
  updated: ReadonlyMap<string, Tensor>,
): void {
  const hr = step.input('hr');
  const statistics = new RunningStatistics(step);
  const featuresOf = (images: Tensor): Tensor => interpret(content, images, trainingWith(step));

  const { loss, gradients } = lossAndGradients(step, generator, () => {
    const sr = interpret(generator, step.input('lr'), {
      ...trainingWith(step),
      onStatistics: statistics.observe,
    });
    const logits = interpret(discriminator, sr, trainingWith(step, updated));
    const terms = {
      pixel: pixelLoss(sr, hr),
      content: contentLoss(featuresOf(sr), featuresOf(hr)),
      adversarial: adversarialLoss(logits),
    };
    for (const [name, term] of Object.entries(terms)) step.output(`generator/${name}`, term);
    return weightedSum([
      { loss: terms.pixel, weight: lossWeights.pixel },
      { loss: terms.content, weight: lossWeights.content },
      { loss: terms.adversarial, weight: lossWeights.adversarial },
    ]);
  });
  applyAdam(step, 'generator', adam, gradients);
  step.output('generator/total', loss);
}

/** Training mode with the step's variables, or newer values of some of them. */
function trainingWith(step: StepContext, newer?: ReadonlyMap<string, Tensor>): Interpretation {
  return { parameter: (name) => newer?.get(name) ?? step.variable(name), mode: 'training' };
}
