/** What a step graph will need on the embedded engine, worked out before anything is allocated. */
import { elementCount } from '../../graph/shape';
import type { StepGraph } from '../../graph/step-graph';
import { capacity } from './plan/buffer';
import { compileGraph, type CompileSettings } from './plan/compile';
import { settingsFor, type ExactnessChoice } from './plan/lowering/lowering';

export interface MemoryEstimate {
  /** Weights, moments and statistics that the graph uses. */
  readonly stateBytes: number;
  /** Everything else while a step runs: activations, gradients, filters, scratch. */
  readonly planBytes: number;
}

/** Convolutions are computed as by default where `exactness` is not given. */
export function estimateMemory(
  graph: StepGraph,
  {
    threads,
    exactness = 'auto',
  }: Pick<CompileSettings, 'threads'> & { exactness?: ExactnessChoice | undefined },
): MemoryEstimate {
  const addresses = new Map<string, number>();
  let stateBytes = 0;
  for (const { name, value } of graph.variables) {
    addresses.set(name, 64 + stateBytes);
    stateBytes += capacity(elementCount(graph.values[value]!.shape));
  }
  const { plan } = compileGraph(graph, (name) => addresses.get(name)!, {
    threads,
    ...settingsFor(graph, exactness),
  });
  return { stateBytes, planBytes: plan.arenaBytes };
}
