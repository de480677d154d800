/** Named tensors on a TensorFlow.js backend. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { formatShape, sameShape, type Shape } from '../../graph/shape';
import type { EngineState, HostTensor, NamedTensors } from '../engine';
import { download, upload } from './transfer';
import type { TensorBackend } from './tensor-backend';

export class TensorState implements EngineState {
  private readonly tensors = new Map<string, TensorInfo>();

  constructor(
    private readonly backend: TensorBackend,
    initial: NamedTensors,
    private readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>,
  ) {
    for (const [name, value] of Object.entries(initial)) this.tensors.set(name, upload(backend, value));
  }

  get names(): readonly string[] {
    return [...this.tensors.keys()];
  }

  /** The tensor itself, which stays the state's. */
  get(name: string): TensorInfo {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw new Error(`the state has no ${name}`);
    return tensor;
  }

  /** Throws unless the state has a tensor of this name and shape. */
  require(name: string, shape: Shape): void {
    const found = this.get(name).shape;
    if (!sameShape(found, shape)) {
      throw new Error(`${name} is ${formatShape(found)} in the state, and ${formatShape(shape)} in the step`);
    }
  }

  /** Makes the state hold these tensors, which the caller may release. */
  replace(updates: readonly (readonly [string, TensorInfo])[]): void {
    const shared = updates.map(([name, tensor]) => [name, this.backend.share(tensor, tensor.shape)] as const);
    for (const [name, tensor] of shared) {
      this.backend.release(this.get(name));
      this.tensors.set(name, tensor);
    }
  }

  read(names: readonly string[] = this.names): Promise<NamedTensors> {
    return this.exclusively(() =>
      Promise.resolve(
        Object.fromEntries(
          names.map((name): [string, HostTensor] => [name, download(this.backend, this.get(name))]),
        ),
      ),
    );
  }

  write(values: NamedTensors): Promise<void> {
    return this.exclusively(() => {
      for (const [name, { shape }] of Object.entries(values)) this.require(name, shape);
      const uploaded: (readonly [string, TensorInfo])[] = [];
      try {
        for (const [name, value] of Object.entries(values))
          uploaded.push([name, upload(this.backend, value)]);
        this.replace(uploaded);
      } finally {
        for (const [, tensor] of uploaded) this.backend.release(tensor);
      }
      return Promise.resolve();
    });
  }

  dispose(): void {
    for (const tensor of this.tensors.values()) this.backend.release(tensor);
    this.tensors.clear();
  }
}
