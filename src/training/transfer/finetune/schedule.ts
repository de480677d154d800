/** When which stages of a trunk learn. Pure functions of the settings; epochs are counted from zero. */
import type { FineTuning } from '../../../protocol/transfer';
import { INPUT, type Network, type Node } from '../../networks/network';
import type { Stage } from '../features/trunk';

type Unfreezing = Pick<FineTuning, 'frozen' | 'unfreezing' | 'epochsPerStage'>;

/** How many stages, from the image on, are frozen in an epoch. */
export function frozenStages(
  { frozen, unfreezing, epochsPerStage }: Unfreezing,
  stages: number,
  epoch: number,
): number {
  const lowest = Math.min(frozen, stages);
  if (unfreezing === 'at-once') return lowest;
  return Math.max(lowest, stages - Math.floor(epoch / epochsPerStage));
}

/** The first epoch in which everything learns that ever will. */
export function unfrozenFrom({ frozen, unfreezing, epochsPerStage }: Unfreezing, stages: number): number {
  return unfreezing === 'at-once' ? 0 : Math.max(0, stages - frozen) * epochsPerStage;
}

/** Whether a node belongs to the first `count` stages: lies on the way to the result of one of them. */
export function frozenNodes(
  network: Network,
  stages: readonly Stage[],
  count: number,
): (node: Node) => boolean {
  const last = count === 0 ? INPUT : stages[count - 1]!.node;
  const end = network.nodes.findIndex(({ name }) => name === last);
  const names = new Set(network.nodes.slice(0, end + 1).map(({ name }) => name));
  return ({ name }) => names.has(name);
}

/** Fewest steps of an epoch, for data sets of a few images. */
const FEWEST_STEPS = 20;

/** Steps of an epoch: all images once, but twenty steps at least. */
export function stepsPerEpoch(images: number, batch: number): number {
  return Math.max(FEWEST_STEPS, Math.ceil(images / batch));
}

/** How many epochs without a better validation end a training: what is asked for in epochs and in steps, both. */
export function epochsOfPatience(
  { patience, patienceSteps }: Pick<FineTuning, 'patience' | 'patienceSteps'>,
  steps: number,
): number {
  return Math.max(patience, Math.ceil(patienceSteps / steps));
}

/**
 * The settings of a network that starts from nothing: no weight of it is worth keeping, so nothing is frozen and all of it
 * learns at the head’s rate. The trunk’s rate is meant for weights that have learned something, and would be a handicap.
 */
export function fromScratch(settings: FineTuning): FineTuning {
  return { ...settings, frozen: 0, unfreezing: 'at-once', trunkRate: settings.headRate };
}
