/**
 * What a kernel sees of TensorFlow: a place to put operations. The function builder puts them into a graph; the eager
 * form executes each at once. A kernel is written once for both.
 */
import type { Shape } from '../../graph/shape';

/** TF_DataType. */
export const DataType = { float: 1, int32: 3, bool: 10, resource: 20 } as const;

export type OperationAttribute = { readonly name: string } & (
  | { readonly kind: 'type' | 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'ints' | 'shape'; readonly value: readonly number[] }
);

export const attribute = {
  type: (name: string, value: number): OperationAttribute => ({ name, kind: 'type', value }),
  int: (name: string, value: number): OperationAttribute => ({ name, kind: 'int', value }),
  float: (name: string, value: number): OperationAttribute => ({ name, kind: 'float', value }),
  bool: (name: string, value: boolean): OperationAttribute => ({ name, kind: 'bool', value }),
  string: (name: string, value: string): OperationAttribute => ({ name, kind: 'string', value }),
  bytes: (name: string, value: Uint8Array): OperationAttribute => ({ name, kind: 'bytes', value }),
  ints: (name: string, value: readonly number[]): OperationAttribute => ({ name, kind: 'ints', value }),
  shape: (name: string, value: Shape): OperationAttribute => ({ name, kind: 'shape', value }),
};

/** `T` float: what nearly every operation wants to be told. */
export const floats = attribute.type('T', DataType.float);
export const indices = (name: string): OperationAttribute => attribute.type(name, DataType.int32);

export interface OperationSink<Value> {
  /** Adds one TensorFlow operation and returns its outputs. The first `listed` inputs are one input that is a list. */
  add(
    type: string,
    inputs: readonly Value[],
    attributes: readonly OperationAttribute[],
    outputs: number,
    listed?: number,
  ): Value[];
  floats(data: Float32Array, shape: Shape): Value;
  /** A vector unless a shape is given. */
  integers(data: readonly number[], shape?: Shape): Value;
  /** What a kernel kept beside a value, for the kernel of its gradient; see `remember`. */
  recall(value: Value): readonly Value[] | undefined;
  remember(value: Value, beside: readonly Value[]): void;
}

/** An operation with one output. */
export function one<Value>(
  sink: OperationSink<Value>,
  type: string,
  inputs: readonly Value[],
  attributes: readonly OperationAttribute[] = [floats],
): Value {
  return sink.add(type, inputs, attributes, 1)[0]!;
}

export function scalar<Value>(sink: OperationSink<Value>, value: number): Value {
  return sink.floats(Float32Array.of(value), []);
}
