/**
 * An opened TensorFlow: one eager context on the best device it has, tensors in and out, and its errors as ours.
 * Nothing here knows of step graphs.
 */
import { availableParallelism } from 'node:os';
import { elementCount, type Shape } from '../../graph/shape';
import type { HostTensor } from '../engine';
import { loadTensorFlowApi, type Handle, type TensorFlowApi } from './c-api';
import { configProto, type TensorFlowOptions } from './config-proto';
import { explainFailure } from './explain-failure';
import { attribute, DataType, type OperationAttribute } from './operations';

export interface Device {
  /** TensorFlow's name, e.g. `/job:localhost/replica:0/task:0/device:GPU:0`. */
  readonly name: string;
  readonly type: string;
  readonly memoryBytes: number;
}

export function dimensions(shape: Shape): BigInt64Array {
  return BigInt64Array.from(shape, BigInt);
}

/** Text as bytes, for string attributes. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * TensorFlow takes means and squares for safe in bfloat16, whose two or three digits are too few to follow a loss by. It
 * reads its lists from the environment whenever it rewrites a graph.
 */
function keepLossesInFloat32(): void {
  process.env['TF_AUTO_MIXED_PRECISION_GRAPH_REWRITE_INFERLIST_REMOVE'] ??= 'Mean,SquaredDifference';
}

export class TensorFlow {
  readonly api: TensorFlowApi;
  readonly version: string;
  readonly context: Handle;
  readonly devices: readonly Device[];
  /** The GPU where there is one, else the CPU. */
  readonly device: Device;
  readonly threads: number;
  /**
   * What a call of a function carries. Its graph is rewritten, to bfloat16 for one, only where that is the configuration
   * once more; in float32, rewriting brings no speed and costs the first step seconds.
   */
  readonly functionAttributes: readonly OperationAttribute[];
  readonly #status: Handle;
  #onGpu = false;

  /**
   * Opens the library at this path. Throws a `LabError`, or an error in TensorFlow's or the loader's own words.
   * @param load binds the library's functions; tests count what is called
   */
  constructor(library: string, options: TensorFlowOptions = {}, load = loadTensorFlowApi) {
    // Its notices about instruction sets and rounding would land in the run's log. (2.21 has one that cannot be silenced.)
    process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
    this.api = load(library);
    this.version = this.api.TF_Version();
    this.#status = this.api.TF_NewStatus();
    this.threads = options.threads ?? availableParallelism();
    const config = configProto(options);
    this.functionAttributes = options.bfloat16 === true ? [attribute.bytes('config_proto', config)] : [];
    if (options.bfloat16 === true) keepLossesInFloat32();
    const { api } = this;
    const contextOptions = api.TFE_NewContextOptions();
    this.check('set its options', (status) => {
      api.TFE_ContextOptionsSetConfig(contextOptions, config, config.length, status);
    });
    this.context = this.check('start', (status) => api.TFE_NewContext(contextOptions, status));
    api.TFE_DeleteContextOptions(contextOptions);
    this.devices = this.#listDevices();
    const device =
      this.devices.find(({ type }) => type === 'GPU') ?? this.devices.find(({ type }) => type === 'CPU');
    if (device === undefined) throw new Error('TensorFlow has neither a GPU nor a CPU device');
    this.device = device;
    this.#onGpu = device.type === 'GPU';
  }

  /** Calls the API with the status object and throws what it tells if the call failed. */
  check<T>(action: string, call: (status: Handle) => T): T {
    const result = call(this.#status);
    this.throwIfFailed(action, this.#status);
    return result;
  }

  /** Throws a `LabError` for a misfortune that a person can do something about, else an error in TensorFlow's words. */
  throwIfFailed(action: string, status: Handle): void {
    const code = this.api.TF_GetCode(status);
    if (code === 0) return;
    throw explainFailure(action, code, this.api.TF_Message(status), this.#onGpu);
  }

  #listDevices(): Device[] {
    const { api } = this;
    const list = this.check('list its devices', (status) => api.TFE_ContextListDevices(this.context, status));
    const devices = Array.from({ length: api.TF_DeviceListCount(list) }, (_, index) =>
      this.check('describe a device', (status) => ({
        name: api.TF_DeviceListName(list, index, status),
        type: api.TF_DeviceListType(list, index, status),
        memoryBytes: api.TF_DeviceListMemoryBytes(list, index, status),
      })),
    );
    api.TF_DeleteDeviceList(list);
    return devices;
  }

  /** A TF_Tensor with these elements; the caller deletes it. */
  newTensor(data: Float32Array | Int32Array, shape: Shape): Handle {
    if (data.length !== elementCount(shape)) {
      throw new Error(`${data.length} elements do not fill a tensor of shape [${shape.join(', ')}]`);
    }
    const type = data instanceof Float32Array ? DataType.float : DataType.int32;
    const tensor = this.api.TF_AllocateTensor(type, dimensions(shape), shape.length, data.byteLength);
    if (data.length > 0) this.api.copyIn(this.api.TF_TensorData(tensor), data, data.byteLength);
    return tensor;
  }

  /** A tensor that operations can take; the caller releases it. */
  upload(data: Float32Array | Int32Array, shape: Shape): Handle {
    const tensor = this.newTensor(data, shape);
    try {
      return this.check('take a tensor', (status) => this.api.TFE_NewTensorHandle(tensor, status));
    } finally {
      this.api.TF_DeleteTensor(tensor);
    }
  }

  /** Copies a float tensor back, waiting until it is computed. */
  download(handle: Handle): HostTensor {
    const { api } = this;
    const tensor = this.check('give a tensor back', (status) => api.TFE_TensorHandleResolve(handle, status));
    try {
      const bytes = api.TF_TensorByteSize(tensor);
      const data = new Float32Array(bytes / Float32Array.BYTES_PER_ELEMENT);
      if (bytes > 0) api.copyOut(data, api.TF_TensorData(tensor), bytes);
      return { shape: this.shapeOf(handle), data };
    } finally {
      api.TF_DeleteTensor(tensor);
    }
  }

  shapeOf(handle: Handle): Shape {
    return this.check('tell a shape', (status) =>
      Array.from({ length: this.api.TFE_TensorHandleNumDims(handle, status) }, (_, axis) =>
        this.api.TFE_TensorHandleDim(handle, axis, status),
      ),
    );
  }

  release(handle: Handle): void {
    this.api.TFE_DeleteTensorHandle(handle);
  }

  dispose(): void {
    this.api.TFE_DeleteContext(this.context);
    this.api.TF_DeleteStatus(this.#status);
  }
}
