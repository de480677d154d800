/** Tensors between the host and a backend. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { elementCount, formatShape } from '../../graph/shape';
import type { HostTensor } from '../engine';
import type { TensorBackend } from './tensor-backend';

/** A new tensor on the backend. Throws when data and shape do not fit. */
export function upload(backend: TensorBackend, { shape, data }: HostTensor): TensorInfo {
  if (data.length !== elementCount(shape)) {
    throw new Error(`a tensor ${formatShape(shape)} cannot have ${data.length} elements`);
  }
  const tensor = backend.allocate(shape);
  backend.view(tensor).set(data);
  return tensor;
}

/** A copy on the host. */
export function download(backend: TensorBackend, tensor: TensorInfo): HostTensor {
  return { shape: tensor.shape, data: backend.view(tensor).slice() };
}
