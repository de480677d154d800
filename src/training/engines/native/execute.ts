/** Executing one operation, or one function under its name, right away. */
import type { Handle } from './c-api';
import type { OperationAttribute } from './operations';
import { setEagerAttributes } from './set-attributes';
import type { TensorFlow } from './tensorflow';

/** The operation with its inputs, ready to be executed; the caller deletes it. */
export function newEagerOperation(
  tensorFlow: TensorFlow,
  type: string,
  inputs: readonly Handle[],
  attributes: readonly OperationAttribute[],
): Handle {
  const { api, context, device } = tensorFlow;
  const operation = tensorFlow.check(`find the operation ${type}`, (status) =>
    api.TFE_NewOp(context, type, status),
  );
  try {
    tensorFlow.check(`place ${type}`, (status) => {
      api.TFE_OpSetDevice(operation, device.name, status);
    });
    for (const input of inputs) {
      tensorFlow.check(`take an input of ${type}`, (status) => {
        api.TFE_OpAddInput(operation, input, status);
      });
    }
    setEagerAttributes(tensorFlow, operation, attributes);
    return operation;
  } catch (error) {
    api.TFE_DeleteOp(operation);
    throw error;
  }
}

/** Executes and returns the outputs, which the caller releases. Blocks until they are computed on a CPU. */
export function execute(
  tensorFlow: TensorFlow,
  type: string,
  inputs: readonly Handle[],
  attributes: readonly OperationAttribute[],
  outputs: number,
): Handle[] {
  const { api } = tensorFlow;
  const operation = newEagerOperation(tensorFlow, type, inputs, attributes);
  try {
    const handles = new BigUint64Array(Math.max(outputs, 1));
    tensorFlow.check(`execute ${type}`, (status) => {
      api.TFE_Execute(operation, handles, Int32Array.of(outputs), status);
    });
    return Array.from(handles.subarray(0, outputs), Number);
  } finally {
    api.TFE_DeleteOp(operation);
  }
}

/** Like `execute`, on a thread of its own: the event loop goes on. */
export async function executeAsync(
  tensorFlow: TensorFlow,
  type: string,
  inputs: readonly Handle[],
  attributes: readonly OperationAttribute[],
  outputs: number,
): Promise<Handle[]> {
  const { api } = tensorFlow;
  const operation = newEagerOperation(tensorFlow, type, inputs, attributes);
  // Its own status and memory: the main thread may call TensorFlow meanwhile.
  const status = api.TF_NewStatus();
  const handles = new BigUint64Array(Math.max(outputs, 1));
  const count = Int32Array.of(outputs);
  try {
    await new Promise<void>((resolve, reject) => {
      api.TFE_Execute.async(operation, handles, count, status, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
    tensorFlow.throwIfFailed(`execute ${type}`, status);
    return Array.from(handles.subarray(0, outputs), Number);
  } finally {
    api.TF_DeleteStatus(status);
    api.TFE_DeleteOp(operation);
  }
}
