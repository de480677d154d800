/**
 * The step that fine-tunes a classifier, and the classifier at work. Trunk and head have learning rates of their own;
 * frozen layers are left as they are, the statistics of their batch normalisation included.
 */
import type { StepGraph } from '../graph/step-graph';
import { traceStep } from '../graph/trace';
import { HEAD } from '../networks/classifier';
import { interpret } from '../networks/interpret';
import type { Network, Node } from '../networks/network';
import { parameterSpecs } from '../networks/parameters';
import { softmaxCrossEntropy } from '../operations/classification';
import { applyAdam, type AdamConfiguration } from './adam';
import { lossAndGradients, RunningStatistics, variablesOf } from './half-step';

export interface ClassifierStep {
  readonly batch: number;
  readonly side: number;
  readonly classes: number;
  readonly adam: AdamConfiguration;
  /** Nodes whose parameters and statistics stay as they are. */
  readonly frozen: (node: Node) => boolean;
}

const isHead = (parameter: string): boolean => parameter.includes(`/${HEAD}/`);

/**
 * Inputs: `images` [n, side, side, 3] in [0, 1], `target` [n, classes], and the scalars `stepSize` and `epsilon` of
 * `head/` and, where it is trained, of `trunk/`. Outputs: the scalar `loss`, and `logits` [n, classes], both from before
 * the update.
 */
export function traceClassifierStep(
  network: Network,
  { batch, side, classes, adam, frozen }: ClassifierStep,
): StepGraph {
  const trained = parameterSpecs(network).filter(({ trainable, node }) => trainable && !frozen(node));
  const groups = trained.some(({ name }) => !isHead(name)) ? ['trunk', 'head'] : ['head'];
  const scalars = groups.flatMap((group) => [`${group}/stepSize`, `${group}/epsilon`]);
  const stepInterface = {
    inputs: {
      images: [batch, side, side, 3],
      target: [batch, classes],
      ...Object.fromEntries(scalars.map((name) => [name, []])),
    },
    variables: variablesOf(network, 'train'),
  };
  return traceStep(stepInterface, (step) => {
    const statistics = new RunningStatistics(step);
    const names = trained.map(({ name }) => name);
    const { loss, gradients } = lossAndGradients(
      step,
      network,
      () => {
        const logits = interpret(network, step.input('images'), {
          parameter: (name) => step.variable(name),
          mode: 'training',
          frozen,
          onStatistics: statistics.observe,
        });
        step.output('logits', logits);
        return softmaxCrossEntropy(logits, step.input('target'));
      },
      names,
    );
    for (const group of groups) {
      const own = [...gradients].filter(([name]) => isHead(name) === (group === 'head'));
      applyAdam(step, group, adam, new Map(own));
    }
    step.output('loss', loss);
  });
}

/** Input `images` [batch, side, side, 3] in [0, 1]; output `logits` [batch, classes]. */
export function traceClassifier(
  network: Network,
  { batch, side }: { batch: number; side: number },
): StepGraph {
  const stepInterface = {
    inputs: { images: [batch, side, side, 3] },
    variables: variablesOf(network, 'read'),
  };
  return traceStep(stepInterface, (step) => {
    const logits = interpret(network, step.input('images'), {
      parameter: (name) => step.variable(name),
      mode: 'inference',
    });
    step.output('logits', logits);
  });
}
