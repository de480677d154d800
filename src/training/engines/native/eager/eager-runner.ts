/** A step graph run operation by operation on TensorFlow.js's TensorFlow backend, with a time for each. */
import { tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import type { TFEOpAttr } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { typedOperation } from '../../../graph/operations';
import type { Shape } from '../../../graph/shape';
import type { StepGraph, ValueId } from '../../../graph/step-graph';
import type { NamedTensors } from '../../engine';
import { applyKernel } from '../kernels/index';
import type { OperationAttribute, OperationSink } from '../operations';

class EagerSink implements OperationSink<Tensor> {
  readonly #remembered = new WeakMap<Tensor, readonly Tensor[]>();

  constructor(readonly backend: NodeJSKernelBackend) {}

  add(
    type: string,
    inputs: readonly Tensor[],
    attributes: readonly OperationAttribute[],
    outputs: number,
  ): Tensor[] {
    return this.backend.executeMultipleOutputs(
      type,
      attributes.map((each) => this.#translate(each)),
      [...inputs],
      outputs,
    );
  }

  floats(data: Float32Array, shape: Shape): Tensor {
    return tensor(data, [...shape], 'float32');
  }

  integers(data: readonly number[], shape: Shape = [data.length]): Tensor {
    return tensor(Int32Array.from(data), [...shape], 'int32');
  }

  recall(value: Tensor): readonly Tensor[] | undefined {
    return this.#remembered.get(value);
  }

  remember(value: Tensor, beside: readonly Tensor[]): void {
    this.#remembered.set(value, beside);
  }

  #translate({ name, kind, value }: OperationAttribute): TFEOpAttr {
    const { binding } = this.backend;
    const kinds = {
      type: binding.TF_ATTR_TYPE,
      int: binding.TF_ATTR_INT,
      ints: binding.TF_ATTR_INT,
      float: binding.TF_ATTR_FLOAT,
      bool: binding.TF_ATTR_BOOL,
      string: binding.TF_ATTR_STRING,
      bytes: binding.TF_ATTR_STRING,
      shape: binding.TF_ATTR_SHAPE,
    };
    return Object.assign(new binding.TFEOpAttr(), {
      name,
      type: kinds[kind],
      value: typeof value === 'object' ? [...value] : value,
    });
  }
}

export interface EagerResult {
  readonly outputs: NamedTensors;
  /** The variables' values after the step. */
  readonly updates: NamedTensors;
  /** Seconds of each operation, in the graph's order. */
  readonly seconds: readonly number[];
}

/** Runs the graph once on these inputs and this state. Blocks until everything is computed. */
export function runEagerly(
  backend: NodeJSKernelBackend,
  graph: StepGraph,
  inputs: NamedTensors,
  state: NamedTensors,
): EagerResult {
  const sink = new EagerSink(backend);
  const seconds: number[] = [];
  const shapeOf = (id: ValueId): Shape => graph.values[id]!.shape;
  const named = (source: NamedTensors, name: string): Float32Array => {
    const found = source[name];
    if (found === undefined) throw new Error(`the step needs “${name}”`);
    return found.data;
  };
  let results: Omit<EagerResult, 'seconds'> | undefined;
  tidy(() => {
    const values = new Map<ValueId, Tensor>();
    const valueOf = (id: ValueId): Tensor => {
      const value = values.get(id);
      if (value === undefined) throw new Error(`the step graph uses value ${id} before it is computed`);
      return value;
    };
    for (const { name, value } of graph.inputs)
      values.set(value, sink.floats(named(inputs, name), shapeOf(value)));
    for (const { name, value } of graph.variables)
      values.set(value, sink.floats(named(state, name), shapeOf(value)));
    for (const { value, data } of graph.constants) values.set(value, sink.floats(data, shapeOf(value)));
    for (const operation of graph.operations) {
      const start = performance.now();
      const outputs = applyKernel(
        sink,
        typedOperation(operation),
        operation.inputs.map(valueOf),
        operation.inputs.map(shapeOf),
      );
      operation.outputs.forEach((id, index) => values.set(id, outputs[index]!));
      seconds.push((performance.now() - start) / 1000);
    }
    const read = (id: ValueId) => ({ shape: shapeOf(id), data: Float32Array.from(valueOf(id).dataSync()) });
    results = {
      outputs: Object.fromEntries(graph.outputs.map(({ name, value }) => [name, read(value)])),
      updates: Object.fromEntries(
        graph.variables.flatMap(({ name, update }) => (update === undefined ? [] : [[name, read(update)]])),
      ),
    };
  });
  if (results === undefined) throw new Error('the step was not run');
  return { ...results, seconds };
}
