/** The step of the pixel stage: G alone learns to minimise the mean squared error (SRResNet of Ledig et al. 2017). */
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { Shape } from '../graph/shape';
import type { StepGraph } from '../graph/step-graph';
import { traceStep } from '../graph/trace';
import { generatorNetwork } from '../networks/generator';
import { interpret } from '../networks/interpret';
import { applyAdam } from './adam';
import { lossAndGradients, RunningStatistics, variablesOf } from './half-step';
import { pixelLoss } from './losses';

/** Shapes of a batch of patches. */
export function batchShapes({ data, scale }: RunConfiguration): { lr: Shape; hr: Shape } {
  const side = data.patch / scale;
  return { lr: [data.batch, side, side, 3], hr: [data.batch, data.patch, data.patch, 3] };
}

/**
 * Inputs: `lr` [n, h, w, 3], `hr` [n, H, W, 3], scalars `generator/stepSize` and `generator/epsilon` (see adam.ts).
 * Outputs: scalars `generator/pixel` and, equal to it, `generator/total`.
 */
export function tracePixelStep(configuration: RunConfiguration): StepGraph {
  const network = generatorNetwork(configuration.generator, configuration.scale);
  const stepInterface = {
    inputs: { ...batchShapes(configuration), 'generator/stepSize': [], 'generator/epsilon': [] },
    variables: variablesOf(network, 'train'),
  };
  return traceStep(stepInterface, (step) => {
    const statistics = new RunningStatistics(step);
    const { loss, gradients } = lossAndGradients(step, network, () => {
      const sr = interpret(network, step.input('lr'), {
        parameter: (name) => step.variable(name),
        mode: 'training',
        onStatistics: statistics.observe,
      });
      return pixelLoss(sr, step.input('hr'));
    });
    applyAdam(step, 'generator', configuration.adam, gradients);
    step.output('generator/pixel', loss);
    step.output('generator/total', loss);
  });
}
