/** How many bytes of a step graph's values are alive at once, when its operations run one after the other. */
import { elementCount } from './shape';
import type { StepGraph, ValueId } from './step-graph';

/**
 * The most bytes of values that are alive at once: inputs, and results until they are read for the last time. Variables, and
 * what replaces them, are state and not counted; a `Reshape` is its input under another name.
 */
export function peakLiveBytes(graph: StepGraph): number {
  const state = new Set(graph.variables.flatMap(({ value, update }) => [value, update ?? value]));
  const names = new Map<ValueId, ValueId>();
  const original = (id: ValueId): ValueId => names.get(id) ?? id;
  const lastRead = new Map<ValueId, number>();
  graph.operations.forEach(({ kind, inputs, outputs }, index) => {
    if (kind === 'Reshape') names.set(outputs[0]!, original(inputs[0]!));
    for (const id of [...inputs, ...outputs]) lastRead.set(original(id), index);
  });
  for (const { value } of graph.outputs) lastRead.set(original(value), Infinity);

  const bytesOf = (id: ValueId): number =>
    state.has(id) ? 0 : Float32Array.BYTES_PER_ELEMENT * elementCount(graph.values[id]!.shape);
  const ending = new Map<number, ValueId[]>();
  for (const [id, index] of lastRead) ending.set(index, [...(ending.get(index) ?? []), id]);

  let live = graph.inputs.reduce((sum, { value }) => sum + bytesOf(value), 0);
  let peak = live;
  graph.operations.forEach(({ kind, outputs }, index) => {
    if (kind !== 'Reshape') live += outputs.reduce((sum, id) => sum + bytesOf(id), 0);
    peak = Math.max(peak, live);
    for (const id of ending.get(index) ?? []) live -= bytesOf(id);
  });
  return peak;
}
