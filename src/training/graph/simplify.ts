/**
 * Makes a step graph smaller without changing a bit of what it computes: operations that do nothing are dropped, scalar
 * constants are computed, equal sub-graphs become one, what nobody reads goes, and updates come as early as they can. This
 * is what lets the generator’s forward pass serve both half-steps of adversarial training.
 */
import { GraphBuilder } from './graph-builder';
import { typedOperation, type OperationKind, type TypedOperation } from './operations';
import { sameShape, type Shape } from './shape';
import type { StepGraph, ValueId } from './step-graph';
import { updateEarly } from './update-early';

/** The same graph, simplified. Inputs and outputs are kept as they are, unused variables go. */
export function simplify(graph: StepGraph): StepGraph {
  return renumbered(updateEarly(dropDead(mergeEqual(graph))));
}

/** Copies a graph operation by operation, reusing every value that the copy already has. */
function mergeEqual(graph: StepGraph): StepGraph {
  const builder = new GraphBuilder();
  const copies = new Map<ValueId, ValueId>();
  const constants = new Map<ValueId, Float32Array>();
  const known = new Map<string, readonly ValueId[]>();
  const shapeOf = (value: ValueId): Shape => graph.values[value]!.shape;
  const copyOf = (value: ValueId): ValueId => copies.get(value)!;

  const constant = (shape: Shape, data: Float32Array): ValueId => {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
    const key = `constant ${shape.join('×')} ${bytes}`;
    const value = known.get(key)?.[0] ?? builder.constant(shape, data);
    known.set(key, [value]);
    constants.set(value, data);
    return value;
  };

  const operate = (operation: TypedOperation, inputs: readonly ValueId[]): readonly ValueId[] => {
    const folded = foldScalars(
      operation,
      inputs.map((input) => constants.get(input)),
    );
    if (folded !== undefined) return [constant(shapeOf(operation.outputs[0]!), folded)];
    const operands = commutative.has(operation.kind) ? inputs.toSorted((a, b) => a - b) : inputs;
    const key = `${operation.kind} ${operands.join(' ')} ${JSON.stringify(operation.attributes)}`;
    const results = known.get(key) ?? builder.operation(operation.kind, operands, operation.attributes);
    known.set(key, results);
    return results;
  };

  for (const { name, value } of graph.inputs) copies.set(value, builder.input(name, shapeOf(value)));
  for (const { name, value } of graph.variables) copies.set(value, builder.variable(name, shapeOf(value)));
  for (const { value, data } of graph.constants) copies.set(value, constant(shapeOf(value), data));
  for (const operation of graph.operations.map(typedOperation)) {
    const inputs = operation.inputs.map(copyOf);
    const results = doesNothing(operation, shapeOf) ? inputs : operate(operation, inputs);
    operation.outputs.forEach((output, index) => copies.set(output, results[index]!));
  }
  for (const { name, update } of graph.variables) {
    if (update !== undefined) builder.update(name, copyOf(update));
  }
  for (const { name, value } of graph.outputs) builder.output(name, copyOf(value));
  return builder.build();
}

/** Floating point sums are commutative to the bit. */
const commutative: ReadonlySet<OperationKind> = new Set<OperationKind>(['Add']);

function doesNothing(operation: TypedOperation, shapeOf: (value: ValueId) => Shape): boolean {
  if (operation.kind === 'Scale') return operation.attributes.factor === 1;
  if (operation.kind !== 'Reshape') return false;
  return sameShape(shapeOf(operation.inputs[0]!), operation.attributes.shape);
}

/** Computes sums and products of scalar constants: the gradients of weighted sums of losses. */
function foldScalars(
  operation: TypedOperation,
  operands: readonly (Float32Array | undefined)[],
): Float32Array | undefined {
  const [a, b] = operands;
  if (a?.length !== 1) return undefined;
  if (operation.kind === 'Scale') return Float32Array.of(a[0]! * operation.attributes.factor);
  if (operation.kind === 'Add' && b?.length === 1) return Float32Array.of(a[0]! + b[0]!);
  return undefined;
}

/** Keeps what outputs and updates depend on. */
function dropDead(graph: StepGraph): StepGraph {
  const live = new Set<ValueId>(graph.outputs.map(({ value }) => value));
  for (const { value, update } of graph.variables) {
    // A variable that is replaced belongs to the step even where nothing reads it.
    if (update !== undefined) live.add(update).add(value);
  }
  const operations = graph.operations
    .toReversed()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some((output) => live.has(output))) return false;
      for (const input of inputs) live.add(input);
      return true;
    })
    .toReversed();
  const isLive = ({ value }: { value: ValueId }): boolean => live.has(value);
  return {
    ...graph,
    variables: graph.variables.filter(isLive),
    constants: graph.constants.filter(isLive),
    operations,
  };
}

/** The values in the order in which they come to be, and no others. */
function renumbered(graph: StepGraph): StepGraph {
  const order = [
    ...[...graph.inputs, ...graph.variables, ...graph.constants].map(({ value }) => value),
    ...graph.operations.flatMap(({ outputs }) => outputs),
  ];
  const numbers = new Map(order.map((value, index) => [value, index]));
  const renumber = (value: ValueId): ValueId => numbers.get(value)!;
  return {
    values: order.map((value) => graph.values[value]!),
    inputs: graph.inputs.map(({ name, value }) => ({ name, value: renumber(value) })),
    constants: graph.constants.map(({ value, data }) => ({ value: renumber(value), data })),
    variables: graph.variables.map(({ name, value, update }) => ({
      name,
      value: renumber(value),
      ...(update === undefined ? {} : { update: renumber(update) }),
    })),
    operations: graph.operations.map(({ kind, inputs, attributes, outputs }) => ({
      kind,
      inputs: inputs.map(renumber),
      attributes,
      outputs: outputs.map(renumber),
    })),
    outputs: graph.outputs.map(({ name, value }) => ({ name, value: renumber(value) })),
  };
}
