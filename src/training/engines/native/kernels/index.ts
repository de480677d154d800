/** Every operation of the step graph's vocabulary in terms of TensorFlow's own. */
import type { Shape } from '../../../graph/shape';
import type { OperationKind, TypedOperation } from '../../../graph/operations';
import type { OperationSink } from '../operations';
import { activationKernels } from './activation';
import { linearKernels } from './linear';
import { lossKernels } from './loss';
import { normalisationKernels } from './normalisation';
import { optimiserKernels } from './optimiser';
import { spatialKernels } from './spatial';

type OperationOf<K extends OperationKind> = Extract<TypedOperation, { kind: K }>;

/** Puts one operation into the sink. `shapes` are those of the inputs. */
export type Kernel<K extends OperationKind> = <Value>(
  sink: OperationSink<Value>,
  inputs: readonly Value[],
  attributes: OperationOf<K>['attributes'],
  shapes: readonly Shape[],
) => Value[];

export type KernelTable<Kinds extends OperationKind = OperationKind> = { readonly [K in Kinds]: Kernel<K> };

const kernels: KernelTable = {
  ...linearKernels,
  ...normalisationKernels,
  ...activationKernels,
  ...spatialKernels,
  ...lossKernels,
  ...optimiserKernels,
};

/** Puts `operation` into the sink and returns its outputs. */
export function applyKernel<Value>(
  sink: OperationSink<Value>,
  operation: TypedOperation,
  inputs: readonly Value[],
  shapes: readonly Shape[],
): Value[] {
  // The table and the operation have the same kind, which TypeScript cannot follow through the index.
  const kernel = kernels[operation.kind] as Kernel<OperationKind>;
  return kernel(sink, inputs, operation.attributes, shapes);
}
