/** A generator at work: running averages in place of batch statistics. */
import type { GeneratorConfiguration, Scale } from '../../protocol/run-configuration';
import type { StepGraph } from '../graph/step-graph';
import { traceStep } from '../graph/trace';
import { generatorNetwork } from '../networks/generator';
import { interpret } from '../networks/interpret';
import { variablesOf } from './half-step';

/** Input `lr` [batch, height, width, 3] in [0, 1]; output `sr` [batch, scale·height, scale·width, 3], not clamped. */
export function traceInference(
  generator: GeneratorConfiguration,
  scale: Scale,
  { batch, height, width }: { batch: number; height: number; width: number },
): StepGraph {
  const network = generatorNetwork(generator, scale);
  const stepInterface = {
    inputs: { lr: [batch, height, width, 3] },
    variables: variablesOf(network, 'read'),
  };
  return traceStep(stepInterface, (step) => {
    const sr = interpret(network, step.input('lr'), {
      parameter: (name) => step.variable(name),
      mode: 'inference',
    });
    step.output('sr', sr);
  });
}
