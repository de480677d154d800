/** What a kernel is: one operation of the vocabulary, put into a sink as operations of TensorFlow. */
import type { OperationKind, TypedOperation } from '../../../graph/operations';
import type { Shape } from '../../../graph/shape';
import type { OperationSink } from '../operations';

type OperationOf<K extends OperationKind> = Extract<TypedOperation, { kind: K }>;

/** Puts one operation into the sink. `shapes` are those of the inputs. */
export type Kernel<K extends OperationKind> = <Value>(
  sink: OperationSink<Value>,
  inputs: readonly Value[],
  attributes: OperationOf<K>['attributes'],
  shapes: readonly Shape[],
) => Value[];

export type KernelTable<Kinds extends OperationKind = OperationKind> = { readonly [K in Kinds]: Kernel<K> };
