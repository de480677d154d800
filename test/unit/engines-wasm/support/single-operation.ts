/** A step graph of one operation: all operands are inputs, all results are outputs. */
import type { NamedTensors } from '../../../../src/training/engines/engine';
import type { EmbeddedEngine } from '../../../../src/training/engines/wasm/embedded-engine';
import {
  definitionOf,
  inferShapes,
  type AttributesOf,
  type OperationKind,
} from '../../../../src/training/graph/operations';
import type { Attribute, StepGraph } from '../../../../src/training/graph/step-graph';
import type { Reference } from './tensors';

export function singleOperation<K extends OperationKind>(
  kind: K,
  inputs: readonly Reference[],
  attributes: AttributesOf<K>,
): StepGraph {
  const definition = definitionOf(kind);
  const given = attributes as Readonly<Record<string, Attribute>>;
  const inputShapes = inputs.map(({ shape }) => shape);
  const outputShapes = inferShapes(kind, inputShapes, given);
  const inputIds = inputs.map((_, i) => i);
  const outputIds = outputShapes.map((_, i) => inputs.length + i);
  return {
    values: [...inputShapes, ...outputShapes].map((shape) => ({ shape })),
    inputs: definition.inputs.map((name, value) => ({ name, value })),
    constants: [],
    variables: [],
    operations: [{ kind, inputs: inputIds, attributes: given, outputs: outputIds }],
    outputs: definition.outputs.map((name, i) => ({ name, value: outputIds[i]! })),
  };
}

/** Runs one operation on the engine; the results in order. */
export async function runOperation<K extends OperationKind>(
  engine: EmbeddedEngine,
  kind: K,
  inputs: readonly Reference[],
  attributes: AttributesOf<K>,
): Promise<Float32Array[]> {
  const graph = singleOperation(kind, inputs, attributes);
  const state = await engine.createState({});
  const executable = await engine.compile(graph, state);
  const named: NamedTensors = Object.fromEntries(
    graph.inputs.map(({ name }, i) => [
      name,
      { shape: inputs[i]!.shape, data: Float32Array.from(inputs[i]!.data) },
    ]),
  );
  const outputs = await executable.run(named);
  executable.dispose();
  state.dispose();
  return graph.outputs.map(({ name }) => outputs[name]!.data);
}
