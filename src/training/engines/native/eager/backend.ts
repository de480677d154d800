/**
 * TensorFlow.js on the TensorFlow that was found: the backend class of `@tensorflow/tfjs-node-gpu`, over our binding. Used to
 * run a step operation by operation, for tests of the compiled form and for profiles.
 */
import { registerBackend, setBackend } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend';
import util from 'node:util';
import type { TensorFlow } from '../tensorflow';
import { tfjsNodeBinding } from './binding';

const BACKEND = 'tensorflow';

/** Functions that Node 23 removed from `node:util` and that the package still calls. */
function restoreRemovedUtilities(): void {
  const target: { isNullOrUndefined?: unknown; isArray?: unknown } = util;
  target.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  target.isArray ??= Array.isArray;
}

/** Registers the backend under `tensorflow` and makes it TensorFlow.js’s current one. */
export async function useTensorFlowBackend(tensorFlow: TensorFlow): Promise<NodeJSKernelBackend> {
  restoreRemovedUtilities();
  const { NodeJSKernelBackend: Backend } =
    await import('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend');
  const backend = new Backend(tfjsNodeBinding(tensorFlow), '@tensorflow/tfjs-node-gpu');
  registerBackend(BACKEND, () => backend);
  await setBackend(BACKEND);
  return backend;
}
