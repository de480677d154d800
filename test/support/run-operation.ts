/** Running single operations and whole graphs on an engine, for tests. */
import type { Engine, HostTensor, NamedTensors } from '../../src/training/engines/engine';
import { GraphBuilder } from '../../src/training/graph/graph-builder';
import { definitionOf, type AttributesOf, type OperationKind } from '../../src/training/graph/operations';
import { elementCount, type Shape } from '../../src/training/graph/shape';
import type { StepGraph } from '../../src/training/graph/step-graph';
import { randomStream } from '../../src/random/random-stream';

/** Normally distributed numbers that are the same in every run. */
export function randomTensor(shape: Shape, name: string, deviation = 1): HostTensor {
  const stream = randomStream(0, name);
  return { shape, data: new Float32Array(elementCount(shape)).map(() => deviation * stream.normal()) };
}

export function scalarTensor(value: number): HostTensor {
  return { shape: [], data: Float32Array.of(value) };
}

/** Runs a graph once on a fresh state. */
export async function runGraph(
  engine: Engine,
  graph: StepGraph,
  inputs: NamedTensors,
  state: NamedTensors = {},
): Promise<NamedTensors> {
  const engineState = await engine.createState(state);
  const executable = await engine.compile(graph, engineState);
  try {
    return await executable.run(inputs);
  } finally {
    executable.dispose();
    engineState.dispose();
  }
}

/** A graph of one operation; inputs and outputs are numbered `0`, `1` … */
export function operationGraph<K extends OperationKind>(
  kind: K,
  inputShapes: readonly Shape[],
  attributes: AttributesOf<K>,
): StepGraph {
  const builder = new GraphBuilder();
  const inputs = inputShapes.map((shape, index) => builder.input(String(index), shape));
  builder.operation(kind, inputs, attributes).forEach((value, index) => {
    builder.output(String(index), value);
  });
  return builder.build();
}

/** The results of one operation. */
export async function runOperation<K extends OperationKind>(
  engine: Engine,
  kind: K,
  inputs: readonly HostTensor[],
  attributes: AttributesOf<K>,
): Promise<HostTensor[]> {
  const graph = operationGraph(
    kind,
    inputs.map(({ shape }) => shape),
    attributes,
  );
  const outputs = await runGraph(engine, graph, Object.fromEntries(inputs.entries()));
  return definitionOf(kind).outputs.map((_, index) => outputs[String(index)]!);
}

/** ‖a − b‖ / ‖b‖ over all elements, in double precision. */
export function relativeError(a: Float32Array, b: ArrayLike<number>): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < a.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return norm === 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
}
