/**
 * The vocabulary: every kind of operation that a step graph may hold. It is closed, and small, because each engine
 * implements all of it. Everything is float32; images are NHWC, convolution kernels HWIO. Inputs and outputs are never
 * aliased as far as the graph can tell; an engine may reuse the memory of a value that is read for the last time.
 */
import type { z } from 'zod';
import type { Shape } from './shape';
import type { Attribute, Operation, StepGraph, ValueId } from './step-graph';
import { activationOperations } from './vocabulary/activation';
import { batchOperations } from './vocabulary/batch';
import { classificationOperations } from './vocabulary/classification';
import type { OperationDefinition } from './vocabulary/definition';
import { linearOperations } from './vocabulary/linear';
import { lossOperations } from './vocabulary/loss';
import { normalisationOperations } from './vocabulary/normalisation';
import { optimiserOperations } from './vocabulary/optimiser';
import { spatialOperations } from './vocabulary/spatial';

export const vocabulary = {
  ...linearOperations,
  ...normalisationOperations,
  ...activationOperations,
  ...spatialOperations,
  ...batchOperations,
  ...lossOperations,
  ...classificationOperations,
  ...optimiserOperations,
};

export type OperationKind = keyof typeof vocabulary;
export type AttributesOf<K extends OperationKind> = z.infer<(typeof vocabulary)[K]['attributes']>;
/** Names of the operands, as a union. */
export type InputOf<K extends OperationKind> = (typeof vocabulary)[K]['inputs'][number];

export const operationKinds = Object.keys(vocabulary) as OperationKind[];

/** An operation whose kind and attributes were checked; switch over `kind` to have its attributes typed. */
export type TypedOperation = {
  [K in OperationKind]: {
    readonly kind: K;
    readonly inputs: readonly ValueId[];
    readonly attributes: AttributesOf<K>;
    readonly outputs: readonly ValueId[];
  };
}[OperationKind];

export function isOperationKind(kind: string): kind is OperationKind {
  return Object.hasOwn(vocabulary, kind);
}

/** The definition of a kind, for code that treats all kinds alike. */
export function definitionOf(kind: OperationKind): OperationDefinition {
  return vocabulary[kind];
}

/** Checks kind, attributes and the number of operands. Throws an error that names the operation. */
export function typedOperation(operation: Operation): TypedOperation {
  const { kind, inputs, outputs } = operation;
  if (!isOperationKind(kind)) throw new Error(`the step graph has no operation “${kind}”`);
  const definition = definitionOf(kind);
  if (inputs.length !== definition.inputs.length || outputs.length !== definition.outputs.length) {
    throw new Error(
      `${kind} takes ${definition.inputs.join(', ')} and gives ${definition.outputs.join(', ')}`,
    );
  }
  const attributes = definition.attributes.safeParse(operation.attributes);
  if (!attributes.success) throw new Error(`${kind}: ${attributes.error.message}`);
  return operation as TypedOperation;
}

/** Shapes of the outputs of an operation on inputs of these shapes. Throws when they do not fit. */
export function inferShapes(
  kind: OperationKind,
  inputs: readonly Shape[],
  attributes: Readonly<Record<string, Attribute>>,
): readonly Shape[] {
  return definitionOf(kind).shapes(inputs, attributes);
}

/** Floating point operations of a whole graph, by the plain algorithms. */
export function graphFlops(graph: StepGraph): number {
  const shapeOf = (id: ValueId): Shape => graph.values[id]!.shape;
  return graph.operations.reduce((total, operation) => {
    const { kind, inputs, outputs, attributes } = typedOperation(operation);
    return total + definitionOf(kind).flops(inputs.map(shapeOf), outputs.map(shapeOf), attributes);
  }, 0);
}
