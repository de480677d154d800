/**
 * Orders a step graph so that gradients are short-lived: what replaces a variable is computed as soon as its operands are
 * there and nothing needs the variable's old value any more, instead of after all gradients. A gradient of as many numbers as
 * the largest layer has parameters is then gone before most of the backward pass begins.
 */
import type { Operation, StepGraph, ValueId } from './step-graph';

/** The same operations in another order; engines may still write updates over the old values. */
export function updateEarly(graph: StepGraph): StepGraph {
  const { operations } = graph;
  const replaced = new Map<ValueId, ValueId>();
  for (const { value, update } of graph.variables) if (update !== undefined) replaced.set(update, value);
  const isUpdate = ({ outputs }: Operation): boolean => outputs.every((output) => replaced.has(output));

  const readers = readersOf(operations);
  const producer = new Map<ValueId, number>();
  /** By operation, the one that it directly follows, or itself where it stays. */
  const places: number[] = [];
  operations.forEach((operation, index) => {
    const operands = operation.inputs.map((input) => places[producer.get(input) ?? -1] ?? -1);
    const readersOfOld = operation.outputs.flatMap((output) => readers.get(replaced.get(output) ?? -1) ?? []);
    const earliest = Math.max(...operands, ...readersOfOld.filter((reader) => reader !== index));
    places.push(isUpdate(operation) ? Math.min(index, earliest) : index);
    for (const output of operation.outputs) producer.set(output, index);
  });
  const order = [...operations.keys()].sort(
    (a, b) => places[a]! - places[b]! || Number(places[a] !== a) - Number(places[b] !== b) || a - b,
  );
  return { ...graph, operations: order.map((index) => operations[index]!) };
}

/** The operations that read each value, under any name that a `Reshape` gives it. */
function readersOf(operations: readonly Operation[]): ReadonlyMap<ValueId, readonly number[]> {
  const readers = new Map<ValueId, number[]>();
  for (const [index, { kind, inputs, outputs }] of [...operations.entries()].reverse()) {
    const found = kind === 'Reshape' ? [index, ...(readers.get(outputs[0]!) ?? [])] : [index];
    for (const input of inputs) readers.set(input, [...(readers.get(input) ?? []), ...found]);
  }
  return readers;
}
