/** TensorFlow's C API with a count of what was made and not yet deleted. */
import {
  loadTensorFlowApi,
  type NativeFunction,
  type TensorFlowApi,
} from '../../../../src/training/engines/native/c-api';

/** What TensorFlow holds for us. */
export type Counts = Record<
  'tensors' | 'handles' | 'operations' | 'statuses' | 'functions' | 'graphs',
  number
>;

type Name = keyof TensorFlowApi;

const made: Partial<Record<Name, keyof Counts>> = {
  TF_AllocateTensor: 'tensors',
  TFE_TensorHandleResolve: 'tensors',
  TFE_NewTensorHandle: 'handles',
  TFE_NewOp: 'operations',
  TF_NewStatus: 'statuses',
  TFE_ContextAddFunction: 'functions',
  TF_NewGraph: 'graphs',
};
const deleted: Partial<Record<Name, keyof Counts>> = {
  TF_DeleteTensor: 'tensors',
  TFE_DeleteTensorHandle: 'handles',
  TFE_DeleteOp: 'operations',
  TF_DeleteStatus: 'statuses',
  TFE_ContextRemoveFunction: 'functions',
  TF_DeleteGraph: 'graphs',
};

type Arguments = Parameters<NativeFunction<unknown>>;

/** Loads the library; `counts` changes as it is used. */
export function countingApi(counts: Counts): (library: string) => TensorFlowApi {
  const outputsOf = (parameters: readonly unknown[]): number => (parameters[2] as Int32Array)[0]!;
  return (library) => {
    const api = loadTensorFlowApi(library);
    const wrap = <Result>(name: Name, original: NativeFunction<Result>): NativeFunction<Result> => {
      const [plus, minus] = [made[name], deleted[name]];
      const counted = (...parameters: Arguments): Result => {
        const result = original(...parameters);
        if (plus !== undefined) counts[plus]++;
        if (minus !== undefined) counts[minus]--;
        if (name === 'TFE_Execute') counts.handles += outputsOf(parameters);
        return result;
      };
      const async: NativeFunction<Result>['async'] = (...parameters) => {
        const done = parameters.pop() as (error: Error | null) => void;
        original.async(...(parameters as Arguments), (error) => {
          if (name === 'TFE_Execute') counts.handles += outputsOf(parameters);
          done(error);
        });
      };
      return Object.assign(counted, { async });
    };
    const { copyIn, copyOut, ...functions } = api;
    const counted = Object.entries(functions).map(([name, original]) => [
      name,
      wrap(name as Name, original as NativeFunction<unknown>),
    ]);
    return { ...(Object.fromEntries(counted) as typeof functions), copyIn, copyOut };
  };
}
