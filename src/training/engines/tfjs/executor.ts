/**
 * Runs a step graph on a TensorFlow.js backend, one operation after the other. Every value is released after its last
 * use, so memory at any time is what the rest of the step still needs.
 */
import { setImmediate } from 'node:timers/promises';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { typedOperation, type TypedOperation } from '../../graph/operations';
import { formatShape, sameShape, type Shape } from '../../graph/shape';
import type { StepGraph, ValueId } from '../../graph/step-graph';
import type { Executable, HostTensor, NamedTensors } from '../engine';
import { plainKernels, type PlainKind } from './kernels';
import type { Call, PlainKernel } from './kernels/plain-kernel';
import type { TensorState } from './state';
import type { TensorBackend } from './tensor-backend';
import { download, upload } from './transfer';

/** After so many milliseconds of computing, whatever else the process has to do gets its turn. */
const TURN_MS = 12;

/** An operation, ready to run, and the values that nobody reads afterwards. */
interface Instruction {
  readonly run: (inputs: readonly TensorInfo[]) => readonly TensorInfo[];
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
  readonly released: readonly ValueId[];
}

export class GraphExecutor implements Executable {
  private readonly instructions: readonly Instruction[];
  private readonly constants: readonly { readonly value: ValueId; readonly tensor: TensorInfo }[];

  constructor(
    private readonly graph: StepGraph,
    private readonly state: TensorState,
    private readonly backend: TensorBackend,
    private readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>,
  ) {
    for (const { name, value } of graph.variables) state.require(name, graph.values[value]!.shape);
    this.instructions = schedule(graph, backend);
    this.constants = graph.constants.map(({ value, data }) => ({
      value,
      tensor: upload(backend, { shape: graph.values[value]!.shape, data }),
    }));
  }

  async run(inputs: NamedTensors): Promise<NamedTensors> {
    this.checkInputs(inputs);
    return await this.exclusively(() => this.execute(inputs));
  }

  dispose(): void {
    for (const { tensor } of this.constants) this.backend.release(tensor);
  }

  private async execute(inputs: NamedTensors): Promise<NamedTensors> {
    const { backend, graph } = this;
    /** Values that belong to the state or to this executable. */
    const borrowed = new Map<ValueId, TensorInfo>(this.constants.map(({ value, tensor }) => [value, tensor]));
    for (const { name, value } of graph.variables) borrowed.set(value, this.state.get(name));
    /** Values that belong to this run. */
    const owned = new Map<ValueId, TensorInfo>();
    const valueOf = (value: ValueId): TensorInfo => owned.get(value) ?? borrowed.get(value)!;
    try {
      for (const { name, value } of graph.inputs) owned.set(value, upload(backend, inputs[name]!));
      let turnEnds = performance.now() + TURN_MS;
      for (const { run, inputs: operands, outputs, released } of this.instructions) {
        run(operands.map(valueOf)).forEach((result, index) => owned.set(outputs[index]!, result));
        for (const value of released) {
          backend.release(owned.get(value)!);
          owned.delete(value);
        }
        if (performance.now() >= turnEnds) {
          await setImmediate();
          turnEnds = performance.now() + TURN_MS;
        }
      }
      const outputs = Object.fromEntries(
        graph.outputs.map(({ name, value }): [string, HostTensor] => [
          name,
          download(backend, valueOf(value)),
        ]),
      );
      this.state.replace(
        graph.variables.flatMap(({ name, update }) =>
          update === undefined ? [] : [[name, valueOf(update)] as const],
        ),
      );
      return outputs;
    } finally {
      for (const tensor of owned.values()) backend.release(tensor);
    }
  }

  private checkInputs(inputs: NamedTensors): void {
    const expected = new Map(
      this.graph.inputs.map(({ name, value }) => [name, this.graph.values[value]!.shape]),
    );
    for (const [name, shape] of expected) {
      const input = inputs[name];
      if (input === undefined) throw new Error(`the step needs an input ${name}`);
      if (!sameShape(input.shape, shape)) {
        throw new Error(`the input ${name} is ${formatShape(input.shape)}, not ${formatShape(shape)}`);
      }
    }
    const unknown = Object.keys(inputs).find((name) => !expected.has(name));
    if (unknown !== undefined) throw new Error(`the step has no input ${unknown}`);
  }
}

/** Binds each operation to its kernel, and finds where each value is read for the last time. */
function schedule(graph: StepGraph, backend: TensorBackend): Instruction[] {
  const isBorrowed = new Set<ValueId>([...graph.variables, ...graph.constants].map(({ value }) => value));
  const outlivesRun = new Set<ValueId>(graph.outputs.map(({ value }) => value));
  for (const { update } of graph.variables) if (update !== undefined) outlivesRun.add(update);

  const lastUse = new Map<ValueId, number>();
  graph.operations.forEach(({ inputs, outputs }, index) => {
    for (const value of [...inputs, ...outputs]) {
      if (!isBorrowed.has(value) && !outlivesRun.has(value)) lastUse.set(value, index);
    }
  });
  const releasedAfter = new Map<number, ValueId[]>();
  for (const [value, index] of lastUse) {
    releasedAfter.set(index, [...(releasedAfter.get(index) ?? []), value]);
  }

  const shapeOf = (value: ValueId): Shape => graph.values[value]!.shape;
  return graph.operations.map(typedOperation).map((operation, index) => ({
    run: bind(operation, operation.inputs.map(shapeOf), operation.outputs.map(shapeOf), backend),
    inputs: operation.inputs,
    outputs: operation.outputs,
    released: releasedAfter.get(index) ?? [],
  }));
}

function bind(
  operation: TypedOperation,
  inputShapes: readonly Shape[],
  outputShapes: readonly Shape[],
  backend: TensorBackend,
): Instruction['run'] {
  const { kernels } = backend;
  switch (operation.kind) {
    case 'Conv2D':
      return ([x, filter]) => [kernels.Conv2D({ x: x!, filter: filter! }, operation.attributes)];
    case 'Conv2DBackpropInput':
      return ([dy, filter]) => [
        kernels.Conv2DBackpropInput({ dy: dy!, filter: filter! }, operation.attributes),
      ];
    case 'Conv2DBackpropFilter':
      return ([x, dy]) => [kernels.Conv2DBackpropFilter({ x: x!, dy: dy! }, operation.attributes)];
    case 'MatMul':
      return ([a, b]) => [kernels.MatMul({ a: a!, b: b! }, operation.attributes)];
    case 'Reshape':
      return ([x]) => [backend.share(x!, operation.attributes.shape)];
    default:
      return bindPlain(
        operation.kind,
        { attributes: operation.attributes, inputShapes, outputShapes },
        backend,
      );
  }
}

function bindPlain(
  kind: PlainKind,
  call: { attributes: object; inputShapes: readonly Shape[]; outputShapes: readonly Shape[] },
  backend: TensorBackend,
): Instruction['run'] {
  // The vocabulary says how many operands a kind has; `typedOperation` checked it.
  const kernel = plainKernels[kind] as PlainKernel<PlainKind>;
  return (inputs) => {
    const outputs = call.outputShapes.map((shape) => backend.allocate(shape));
    const view = (tensor: TensorInfo): Float32Array => backend.view(tensor);
    kernel(inputs.map(view) as never, outputs.map(view) as never, call as Call<PlainKind>);
    return outputs;
  };
}
