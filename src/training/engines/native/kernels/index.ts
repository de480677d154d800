/** Every operation of the step graph's vocabulary in terms of TensorFlow's own. */
import type { OperationKind, TypedOperation } from '../../../graph/operations';
import type { Shape } from '../../../graph/shape';
import type { OperationSink } from '../operations';
import { activationKernels } from './activation';
import { batchKernels } from './batch';
import { classificationKernels } from './classification';
import type { Kernel, KernelTable } from './kernel';
import { linearKernels } from './linear';
import { lossKernels } from './loss';
import { normalisationKernels } from './normalisation';
import { optimiserKernels } from './optimiser';
import { spatialKernels } from './spatial';

const kernels: KernelTable = {
  ...linearKernels,
  ...normalisationKernels,
  ...activationKernels,
  ...spatialKernels,
  ...batchKernels,
  ...lossKernels,
  ...classificationKernels,
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
