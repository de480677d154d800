/** What the executor asks of a TensorFlow.js backend: memory for tensors, and the kernels that multiply matrices. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AttributesOf, InputOf } from '../../graph/operations';
import type { Shape } from '../../graph/shape';
import type { EngineDescription } from '../engine';
import type { ProductKind } from './kernels';

/** Each returns a new tensor. */
export type ProductKernels = {
  readonly [K in ProductKind]: (
    inputs: Readonly<Record<InputOf<K>, TensorInfo>>,
    attributes: AttributesOf<K>,
  ) => TensorInfo;
};

export interface TensorBackend {
  readonly description: EngineDescription;
  readonly kernels: ProductKernels;
  /** A new tensor whose content is arbitrary. */
  allocate(shape: Shape): TensorInfo;
  /** The numbers of a tensor, in place. */
  view(tensor: TensorInfo): Float32Array;
  /** Another handle on the same numbers, under another shape of as many elements; it is released on its own. */
  share(tensor: TensorInfo, shape: Shape): TensorInfo;
  release(tensor: TensorInfo): void;
  /** How many tensors hold memory. */
  tensorCount(): number;
}
