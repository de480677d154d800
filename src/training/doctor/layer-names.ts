/**
 * Which layer of the networks each operation of a step graph belongs to. Layers are named by the variables that operations
 * touch (`generator/block3/conv1/kernel` is of the layer `generator/block3/conv1`); an operation that touches none belongs to
 * the layer whose parameter its result updates, or else whose result it continues.
 */
import { definitionOf, isOperationKind } from '../graph/operations';
import type { Operation, StepGraph, ValueId } from '../graph/step-graph';
import { lossOperations } from '../graph/vocabulary/loss';

/** What the operations of the losses are gathered under. */
export const LOSSES = 'losses';
/** What operations on the step's inputs are gathered under. */
export const INPUTS = 'inputs';

/** `adam/m/generator/block3/conv1/kernel` → `generator/block3/conv1`. */
function layerOf(variable: string): string {
  const path = variable.replace(/^adam\/[mv]\//, '');
  return path.slice(0, path.lastIndexOf('/'));
}

const isScalar = (name: string): boolean => /\/(stepSize|epsilon)$/.test(name);

/** The layer of each operation, in the graph's order. */
export function layerNames(graph: StepGraph): string[] {
  const variables = new Map<ValueId, string>();
  for (const { name, value, update } of graph.variables) {
    variables.set(value, layerOf(name));
    if (update !== undefined) variables.set(update, layerOf(name));
  }
  const inputs = new Set(graph.inputs.filter(({ name }) => !isScalar(name)).map(({ value }) => value));
  const updates = layersUpdatedBy(graph, variables);
  const layers = new Map<ValueId, string>();

  return graph.operations.map((operation) => {
    const found = [...operation.inputs, ...operation.outputs].flatMap((id) => variables.get(id) ?? []);
    const layer =
      (operation.kind in lossOperations ? LOSSES : undefined) ??
      found[0] ??
      operation.outputs.flatMap((id) => updates.get(id) ?? [])[0] ??
      continued(operation, layers) ??
      (operation.inputs.some((id) => inputs.has(id)) ? INPUTS : LOSSES);
    for (const id of operation.outputs) layers.set(id, layer);
    return layer;
  });
}

/** For each gradient of a parameter, the layer of that parameter. */
function layersUpdatedBy(
  graph: StepGraph,
  variables: ReadonlyMap<ValueId, string>,
): ReadonlyMap<ValueId, string> {
  const updates = new Map<ValueId, string>();
  for (const { kind, inputs } of graph.operations) {
    if (kind !== 'AdamUpdate') continue;
    const [parameter, , , gradient] = inputs;
    const layer = variables.get(parameter!);
    if (layer !== undefined) updates.set(gradient!, layer);
  }
  return updates;
}

/** The layer of what an operation works on; of a gradient, that of the forward value, not of the gradient that comes in. */
function continued({ kind, inputs }: Operation, layers: ReadonlyMap<ValueId, string>): string | undefined {
  const names = isOperationKind(kind) ? definitionOf(kind).inputs : [];
  const forward = inputs.filter((_, index) => names[index] !== 'dy');
  return [...forward, ...inputs].flatMap((id) => layers.get(id) ?? [])[0];
}
