/** A network at work that tells what it sees on the way: the results of some of its nodes, by running averages. */
import type { StepGraph } from '../graph/step-graph';
import { traceStep } from '../graph/trace';
import { interpret } from '../networks/interpret';
import type { Network } from '../networks/network';
import { variablesOf } from './half-step';

/** Input `images` [batch, height, width, 3] in [0, 1]; an output for each of `nodes`, under its name. */
export function traceFeatures(
  network: Network,
  nodes: readonly string[],
  { batch, height, width }: { batch: number; height: number; width: number },
): StepGraph {
  const stepInterface = {
    inputs: { images: [batch, height, width, 3] },
    variables: variablesOf(network, 'read'),
  };
  return traceStep(stepInterface, (step) => {
    interpret(network, step.input('images'), {
      parameter: (name) => step.variable(name),
      mode: 'inference',
      onResult: ({ name }, result) => {
        if (nodes.includes(name)) step.output(name, result);
      },
    });
  });
}
