/**
 * A step graph run operation by operation on TensorFlow, with a time for each: for profiles, since TensorFlow's C API does not
 * tell the times within a compiled function. What is not needed any more is released on the way, as the function would.
 */
import { typedOperation } from '../../graph/operations';
import { requireSameShape, type Shape } from '../../graph/shape';
import type { StepGraph, ValueId } from '../../graph/step-graph';
import type { NamedTensors } from '../engine';
import type { Handle } from './c-api';
import { execute } from './execute';
import { applyKernel } from './kernels/index';
import { attribute, DataType, floats, type OperationAttribute, type OperationSink } from './operations';
import type { TensorFlow } from './tensorflow';

/** Executes at once what is added. Every handle it makes is its own until it is claimed. */
class ImmediateSink implements OperationSink<Handle> {
  readonly #unclaimed = new Set<Handle>();
  readonly #beside = new Map<Handle, readonly Handle[]>();

  constructor(readonly tensorFlow: TensorFlow) {}

  add(
    type: string,
    inputs: readonly Handle[],
    attributes: readonly OperationAttribute[],
    outputs: number,
  ): Handle[] {
    return execute(this.tensorFlow, type, inputs, attributes, outputs).map((handle) => this.#own(handle));
  }

  floats(data: Float32Array, shape: Shape): Handle {
    return this.#own(this.tensorFlow.upload(data, shape));
  }

  integers(data: readonly number[], shape: Shape = [data.length]): Handle {
    return this.#own(this.tensorFlow.upload(Int32Array.from(data), shape));
  }

  recall(value: Handle): readonly Handle[] | undefined {
    return this.#beside.get(value);
  }

  remember(value: Handle, beside: readonly Handle[]): void {
    this.#beside.set(value, beside);
    for (const handle of beside) this.#unclaimed.delete(handle);
  }

  /** These handles outlive the operation; the rest of what it made is released. */
  claim(handles: readonly Handle[]): void {
    for (const handle of handles) this.#unclaimed.delete(handle);
    for (const handle of this.#unclaimed) this.tensorFlow.release(handle);
    this.#unclaimed.clear();
  }

  /** Releases a claimed handle and what was kept beside it. */
  release(handle: Handle): void {
    for (const beside of this.#beside.get(handle) ?? []) this.tensorFlow.release(beside);
    this.#beside.delete(handle);
    this.tensorFlow.release(handle);
  }

  #own(handle: Handle): Handle {
    this.#unclaimed.add(handle);
    return handle;
  }
}

/** Waits until a tensor is computed; on a GPU it is only under way when its operation returns. */
function waitFor(sink: ImmediateSink, handle: Handle): void {
  const { tensorFlow } = sink;
  const rank = tensorFlow.shapeOf(handle).length;
  const [begin, size] = [new Array<number>(rank).fill(0), new Array<number>(rank).fill(1)];
  const attributes = [floats, attribute.type('Index', DataType.int32)];
  const [element] = sink.add('Slice', [handle, sink.integers(begin), sink.integers(size)], attributes, 1);
  tensorFlow.download(element!);
}

/** Index of the operation that reads each value last; values that nothing reads are not in it. */
function lastReaders(graph: StepGraph): ReadonlyMap<ValueId, number> {
  const readers = new Map<ValueId, number>();
  graph.operations.forEach(({ inputs }, index) => {
    for (const id of inputs) readers.set(id, index);
  });
  return readers;
}

/** Runs the graph once on these inputs and this state. Returns the seconds of each operation, in the graph's order. */
export function timeOperations(
  tensorFlow: TensorFlow,
  graph: StepGraph,
  inputs: NamedTensors,
  state: NamedTensors,
): number[] {
  const sink = new ImmediateSink(tensorFlow);
  const onGpu = tensorFlow.device.type === 'GPU';
  const last = lastReaders(graph);
  const values = new Map<ValueId, Handle>();
  const shapeOf = (id: ValueId): Shape => graph.values[id]!.shape;
  const handleOf = (id: ValueId): Handle => {
    const handle = values.get(id);
    if (handle === undefined) throw new Error(`the step graph uses value ${id} before it is computed`);
    return handle;
  };
  const feed = (id: ValueId, name: string, source: NamedTensors): void => {
    const given = source[name];
    if (given === undefined) throw new Error(`the step needs “${name}”`);
    requireSameShape(given.shape, shapeOf(id), `the given ${name} and the graph’s`);
    values.set(id, sink.floats(given.data, given.shape));
  };
  for (const { name, value } of graph.inputs) feed(value, name, inputs);
  for (const { name, value } of graph.variables) feed(value, name, state);
  for (const { value, data } of graph.constants) values.set(value, sink.floats(data, shapeOf(value)));
  sink.claim([...values.values()]);

  const seconds = graph.operations.map((operation, index) => {
    const start = performance.now();
    const outputs = applyKernel(
      sink,
      typedOperation(operation),
      operation.inputs.map(handleOf),
      operation.inputs.map(shapeOf),
    );
    if (onGpu) waitFor(sink, outputs[0]!);
    const end = performance.now();
    operation.outputs.forEach((id, position) => values.set(id, outputs[position]!));
    sink.claim(outputs);
    for (const id of new Set([...operation.inputs, ...operation.outputs])) {
      if ((last.get(id) ?? index) > index) continue;
      sink.release(handleOf(id));
      values.delete(id);
    }
    return (end - start) / 1000;
  });
  for (const handle of values.values()) sink.release(handle);
  return seconds;
}
