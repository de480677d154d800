/**
 * The functions of TensorFlow's C API that the native engine calls, bound by foreign function interface: no compiler, no
 * addon. Handles (status, context, graph, operation, tensor) are plain numbers: addresses below 2^53.
 * Names and meanings are those of tensorflow/c/c_api.h and tensorflow/c/eager/c_api.h.
 */
import koffi, { type LibraryHandle, type TypeObject } from 'koffi';
import { LabError } from '../../../folders/lab-error';
import { problemOfVersion } from './version';

/** Address of an object that TensorFlow owns; 0 is null. */
export type Handle = number;

/** An output of an operation in a graph (`TF_Output`, passed by value). */
export interface GraphOutput {
  readonly oper: Handle;
  readonly index: number;
}

/** Bytes passed by address: a typed array or null. Only read or written while the call lasts. */
export type Memory = NodeJS.TypedArray | null;

const handle = 'uintptr_t';
const memory = 'void *';
const graphOutput = koffi.struct('TF_Output', { oper: handle, index: 'int' });
const graphOutputs = koffi.pointer(graphOutput);

type Signature = readonly [result: string, parameters: readonly (string | TypeObject)[]];

const signatures = {
  TF_Version: ['str', []],
  TF_NewStatus: [handle, []],
  TF_DeleteStatus: ['void', [handle]],
  TF_GetCode: ['int', [handle]],
  TF_Message: ['str', [handle]],

  TF_AllocateTensor: [handle, ['int', memory, 'int', 'size_t']],
  TF_DeleteTensor: ['void', [handle]],
  TF_TensorData: [handle, [handle]],
  TF_TensorByteSize: ['size_t', [handle]],

  TFE_NewContextOptions: [handle, []],
  TFE_ContextOptionsSetConfig: ['void', [handle, memory, 'size_t', handle]],
  TFE_DeleteContextOptions: ['void', [handle]],
  TFE_NewContext: [handle, [handle, handle]],
  TFE_DeleteContext: ['void', [handle]],
  TFE_ContextListDevices: [handle, [handle, handle]],
  TF_DeviceListCount: ['int', [handle]],
  TF_DeviceListName: ['str', [handle, 'int', handle]],
  TF_DeviceListType: ['str', [handle, 'int', handle]],
  TF_DeviceListMemoryBytes: ['int64_t', [handle, 'int', handle]],
  TF_DeleteDeviceList: ['void', [handle]],

  TFE_NewTensorHandle: [handle, [handle, handle]],
  TFE_DeleteTensorHandle: ['void', [handle]],
  TFE_TensorHandleDataType: ['int', [handle]],
  TFE_TensorHandleNumDims: ['int', [handle, handle]],
  TFE_TensorHandleDim: ['int64_t', [handle, 'int', handle]],
  TFE_TensorHandleResolve: [handle, [handle, handle]],

  TFE_NewOp: [handle, [handle, 'str', handle]],
  TFE_DeleteOp: ['void', [handle]],
  TFE_OpSetDevice: ['void', [handle, 'str', handle]],
  TFE_OpAddInput: ['void', [handle, handle, handle]],
  TFE_OpSetAttrString: ['void', [handle, 'str', memory, 'size_t']],
  TFE_OpSetAttrInt: ['void', [handle, 'str', 'int64_t']],
  TFE_OpSetAttrIntList: ['void', [handle, 'str', memory, 'int']],
  TFE_OpSetAttrFloat: ['void', [handle, 'str', 'float']],
  TFE_OpSetAttrBool: ['void', [handle, 'str', 'uint8_t']],
  TFE_OpSetAttrType: ['void', [handle, 'str', 'int']],
  TFE_OpSetAttrShape: ['void', [handle, 'str', memory, 'int', handle]],
  TFE_Execute: ['void', [handle, memory, memory, handle]],
  TFE_ContextAddFunction: ['void', [handle, handle, handle]],
  TFE_ContextRemoveFunction: ['void', [handle, 'str', handle]],

  TF_NewGraph: [handle, []],
  TF_DeleteGraph: ['void', [handle]],
  TF_NewOperation: [handle, [handle, 'str', 'str']],
  TF_AddInput: ['void', [handle, graphOutput]],
  TF_AddInputList: ['void', [handle, graphOutputs, 'int']],
  TF_AddControlInput: ['void', [handle, handle]],
  TF_FinishOperation: [handle, [handle, handle]],
  TF_SetAttrString: ['void', [handle, 'str', memory, 'size_t']],
  TF_SetAttrInt: ['void', [handle, 'str', 'int64_t']],
  TF_SetAttrIntList: ['void', [handle, 'str', memory, 'int']],
  TF_SetAttrFloat: ['void', [handle, 'str', 'float']],
  TF_SetAttrBool: ['void', [handle, 'str', 'uint8_t']],
  TF_SetAttrType: ['void', [handle, 'str', 'int']],
  TF_SetAttrShape: ['void', [handle, 'str', memory, 'int']],
  TF_SetAttrTensor: ['void', [handle, 'str', handle, handle]],
  TF_GraphToFunctionWithControlOutputs: [
    handle,
    [
      ...[handle, 'str', 'uint8_t', 'int', memory],
      ...['int', graphOutputs, 'int', graphOutputs, memory],
      ...['int', memory, memory, handle, memory, handle],
    ],
  ],
  TF_DeleteFunction: ['void', [handle]],
} as const satisfies Record<string, Signature>;

type Signatures = typeof signatures;
type ResultOf<Name extends keyof Signatures> = { str: string; void: undefined } extends infer Words
  ? Signatures[Name][0] extends keyof Words
    ? Words[Signatures[Name][0]]
    : number
  : never;

/** What crosses: numbers for handles and integers, text, memory, graph outputs. */
type Argument = Handle | string | Memory | GraphOutput | readonly GraphOutput[];

export interface NativeFunction<Result> {
  (...parameters: Argument[]): Result;
  /** Runs on a thread of its own; the arguments must stay alive until the callback. */
  async(...parameters: [...Argument[], (error: Error | null) => void]): void;
}

export type TensorFlowApi = { readonly [Name in keyof Signatures]: NativeFunction<ResultOf<Name>> } & {
  /** Copies `bytes` from a typed array to TensorFlow's memory. */
  readonly copyIn: (destination: Handle, source: Memory, bytes: number) => void;
  /** Copies `bytes` from TensorFlow's memory into a typed array; no external array buffer, which Electron refuses. */
  readonly copyOut: (destination: Memory, source: Handle, bytes: number) => void;
};

/** dlopen's LAZY | GLOBAL | NODELETE. Without the last, unloading TensorFlow at exit crashes the process. */
const KEEP_LOADED = { linux: 0x1 | 0x100 | 0x1000, darwin: 0x1 | 0x8 | 0x80 };

/** Where the C library's memcpy is found; elsewhere it is part of the process. */
const standardLibraries: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'libSystem.B.dylib',
  win32: 'msvcrt.dll',
};

/** Loads the library and binds its functions. Throws a `LabError` if it is another library or too old, or the loader's words. */
export function loadTensorFlowApi(library: string): TensorFlowApi {
  if (process.platform === 'linux' || process.platform === 'darwin') {
    const dlopen = koffi.load(null).func('dlopen', handle, ['str', 'int']);
    dlopen(library, KEEP_LOADED[process.platform]);
  }
  const loaded = koffi.load(library, { lazy: true, global: true });
  requireFittingVersion(library, loaded);
  const bound = Object.entries<Signature>(signatures).map(([name, [result, parameters]]) => [
    name,
    loaded.func(name, result, [...parameters]),
  ]);
  const standard = koffi.load(standardLibraries[process.platform] ?? null);
  return {
    ...(Object.fromEntries(bound) as { [Name in keyof Signatures]: NativeFunction<ResultOf<Name>> }),
    copyIn: standard.func('memcpy', handle, [handle, memory, 'size_t']),
    copyOut: standard.func('memcpy', handle, [memory, handle, 'size_t']),
  };
}

/** Before anything else is bound: an older TensorFlow lacks functions, and "cannot find function" helps nobody. */
function requireFittingVersion(library: string, loaded: LibraryHandle): void {
  let version: string;
  try {
    const tell = loaded.func('TF_Version', 'str', []) as NativeFunction<string>;
    version = tell();
  } catch (error) {
    throw new LabError(
      `${library} is not TensorFlow’s library. Name libtensorflow_cc, TensorFlow’s package folder or its Python.`,
      { cause: error },
    );
  }
  const problem = problemOfVersion(version);
  if (problem !== undefined) throw new LabError(problem);
}
