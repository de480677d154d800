/**
 * Compiles a step graph to a plan: every value gets a buffer, every operation becomes kernel calls, and updated state is
 * computed in its place where nothing needs the old value any more.
 */
import { typedOperation, type OperationKind, type TypedOperation } from '../../../graph/operations';
import { elementCount } from '../../../graph/shape';
import type { StepGraph, ValueId } from '../../../graph/step-graph';
import { copy } from '../kernels/elementwise';
import { Buffer } from './buffer';
import { fuse } from './fusion';
import { lowerings } from './lowering';
import type { Lower, LoweringSettings, Tensor } from './lowering/lowering';
import { type Plan, PlanBuilder } from './plan-builder';

export interface CompiledGraph {
  readonly plan: Plan;
  readonly inputs: ReadonlyMap<string, Buffer>;
  readonly outputs: ReadonlyMap<string, Buffer>;
  /** Values that are written once into memory that the plan never reuses. */
  readonly constants: readonly { readonly buffer: Buffer; readonly data: Float32Array }[];
}

export interface CompileSettings extends LoweringSettings {
  readonly threads: number;
}

/** Kinds whose outputs may lie where the inputs of the same position lie: their kernels are element-wise. */
const inPlace: ReadonlySet<OperationKind> = new Set(['AdamUpdate', 'MovingAverage']);

/** `addressOf` tells where the tensors of the state lie. */
export function compileGraph(
  graph: StepGraph,
  addressOf: (name: string) => number,
  settings: CompileSettings,
): CompiledGraph {
  const operations = graph.operations.map(typedOperation);
  const builder = new PlanBuilder(settings.threads);
  const buffers = new Map<ValueId, Buffer>();
  const floats = (id: ValueId): number => elementCount(graph.values[id]!.shape);

  for (const { name, value } of graph.variables) {
    buffers.set(value, new Buffer(floats(value), addressOf(name)));
  }
  for (const { value } of graph.inputs) buffers.set(value, new Buffer(floats(value)));
  const constants = graph.constants.map(({ value, data }) => {
    const buffer = new Buffer(floats(value));
    buffers.set(value, buffer);
    return { buffer, data };
  });
  const { epilogues, gradientProducts, absorbed } = fuse(graph, operations);
  for (const [value, buffer] of updatesInPlace(graph, operations, buffers)) buffers.set(value, buffer);

  const tensor = (id: ValueId): Tensor => {
    const buffer = buffers.get(id);
    if (buffer === undefined) throw new Error(`value ${id} of the step graph is read before it is computed`);
    return { id, shape: graph.values[id]!.shape, count: floats(id), buffer };
  };
  const epilogueOf = (index: number) => {
    const found = epilogues.get(index);
    if (found === undefined) return undefined;
    const { bias, normalisation, slope } = found;
    return {
      bias: bias === undefined ? undefined : tensor(bias),
      normalisation: normalisation && {
        gamma: tensor(normalisation.gamma),
        beta: tensor(normalisation.beta),
        mean: tensor(normalisation.mean),
        variance: tensor(normalisation.variance),
        epsilon: normalisation.epsilon,
      },
      slope: slope !== undefined && 'value' in slope ? tensor(slope.value) : slope?.constant,
    };
  };
  const gradientProductOf = (index: number) => {
    const [a, b] = gradientProducts.get(index) ?? [];
    return a === undefined || b === undefined ? undefined : ([tensor(a), tensor(b)] as const);
  };
  operations.forEach((operation, index) => {
    if (absorbed.has(index)) {
      // What no call touches takes no memory.
      for (const id of operation.outputs)
        if (!buffers.has(id)) buffers.set(id, builder.temporary(floats(id)));
      return;
    }
    builder.operation = index;
    const inputs = operation.inputs.map(tensor);
    if (operation.kind === 'Reshape') {
      buffers.set(operation.outputs[0]!, inputs[0]!.buffer);
      return;
    }
    const [first, ...others] = operation.outputs;
    const results = [epilogues.get(index)?.output ?? first!, ...others];
    for (const id of results) {
      if (!buffers.has(id)) buffers.set(id, builder.temporary(floats(id)));
    }
    const lower = lowerings[operation.kind] as Lower<OperationKind>;
    lower({
      plan: builder,
      attributes: operation.attributes,
      inputs,
      outputs: results.map(tensor),
      epilogue: epilogueOf(index),
      gradientProduct: gradientProductOf(index),
      settings,
    });
  });
  builder.operation = -1;

  const outputs = new Map(
    graph.outputs.map(({ name, value }) => [name, outputBuffer(builder, graph, tensor(value), tensor)]),
  );
  copyUpdates(builder, graph, tensor);
  const inputs = new Map(graph.inputs.map(({ name, value }) => [name, tensor(value).buffer]));
  for (const buffer of [...inputs.values(), ...outputs.values()]) builder.keep(buffer);
  for (const { buffer } of constants) builder.keep(buffer);
  return { plan: builder.finish(), inputs, outputs, constants };
}

/**
 * Updates that can be computed straight into their variable: when nothing reads the old value later, and the operation
 * itself either does not or is element-wise.
 */
function updatesInPlace(
  graph: StepGraph,
  operations: readonly TypedOperation[],
  buffers: ReadonlyMap<ValueId, Buffer>,
): Map<ValueId, Buffer> {
  const lastReader = new Map<ValueId, number>();
  const producer = new Map<ValueId, number>();
  // Outputs and updates are read after the last operation.
  for (const { value } of graph.outputs) lastReader.set(value, Infinity);
  for (const { update } of graph.variables) if (update !== undefined) lastReader.set(update, Infinity);
  // Backwards, so that what reads a reshaped value counts as reading the value itself.
  for (let index = operations.length - 1; index >= 0; index--) {
    const { kind, inputs, outputs } = operations[index]!;
    for (const id of outputs) producer.set(id, index);
    const reader = kind === 'Reshape' ? (lastReader.get(outputs[0]!) ?? index) : index;
    for (const id of inputs) lastReader.set(id, Math.max(lastReader.get(id) ?? -1, reader));
  }
  const result = new Map<ValueId, Buffer>();
  for (const { value, update } of graph.variables) {
    if (update === undefined || result.has(update)) continue;
    const index = producer.get(update);
    if (index === undefined) continue;
    const oldValueNeeded = (lastReader.get(value) ?? -1) > index;
    const { kind, inputs, outputs } = operations[index]!;
    const readsOldValue = inputs.includes(value);
    const elementwise = inPlace.has(kind) && inputs.indexOf(value) === outputs.indexOf(update);
    if (!oldValueNeeded && (!readsOldValue || elementwise)) result.set(update, buffers.get(value)!);
  }
  return result;
}

/** Where an output is read after the run: a copy if it lies in a variable that will hold something else by then. */
function outputBuffer(
  builder: PlanBuilder,
  graph: StepGraph,
  output: Tensor,
  variable: (id: ValueId) => Tensor,
) {
  const { id, buffer, count } = output;
  const owner = graph.variables.find(({ value }) => variable(value).buffer === buffer);
  if (owner === undefined || owner.update === id) return buffer;
  const result = builder.temporary(count);
  builder.call(copy, { result, x: buffer, count });
  return result;
}

/** Copies the other updates into their variables, at the end. */
function copyUpdates(builder: PlanBuilder, graph: StepGraph, tensor: (id: ValueId) => Tensor): void {
  const copies = graph.variables.flatMap(({ value, update }) => {
    if (update === undefined || update === value) return [];
    const [target, source] = [tensor(value), tensor(update)];
    return target.buffer === source.buffer ? [] : [{ target, source }];
  });
  // What lies in a variable's place may be overwritten by another copy, so it is saved first.
  const saved = copies.map(({ target, source }) => {
    if (source.buffer.address === undefined) return { target, buffer: source.buffer };
    const buffer = builder.temporary(source.count);
    builder.call(copy, { result: buffer, x: source.buffer, count: source.count });
    return { target, buffer };
  });
  for (const { target, buffer } of saved) {
    builder.call(copy, { result: target.buffer, x: buffer, count: target.count });
  }
}
