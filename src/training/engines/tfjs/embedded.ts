/** The embedded engine on TensorFlow.js's WebAssembly backend (SIMD, one thread): runs wherever Node runs. */
import { BackendWasm, setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import {
  engine,
  getKernel,
  setBackend,
  version_core,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { wasmFolder } from '../../../folders/installation';
import { LabError } from '../../../folders/lab-error';
import { elementCount } from '../../graph/shape';
import { convolutionFilterGradient, convolutionInputGradient, type Convolve } from './convolution-gradients';
import { transpose } from './kernels/packing';
import type { ProductKernels, TensorBackend } from './tensor-backend';
import { TfjsEngine } from './tfjs-engine';

const BACKEND = 'wasm';

type Memory = Pick<TensorBackend, 'allocate' | 'view' | 'share' | 'release'>;

/** Starts the backend, once a process. Throws a `LabError` if its binary is missing or the system refuses it. */
async function startBackend(): Promise<BackendWasm> {
  setWasmPaths(wasmFolder());
  const started = await setBackend(BACKEND).catch(() => false);
  const backend = engine().findBackend(BACKEND);
  if (!started || !(backend instanceof BackendWasm)) {
    throw new LabError(
      `The WebAssembly engine could not start. Its binaries should lie in ${wasmFolder()}; ` +
        'install the extension again, or run `npm run build` in a checkout.',
    );
  }
  return backend;
}

function memoryOf(backend: BackendWasm): Memory {
  return {
    allocate: (shape) => {
      const tensor = backend.makeOutput([...shape], 'float32');
      if (backend.getMemoryOffset(tensor.dataId) === 0) {
        throw new LabError(
          `The WebAssembly engine has no memory left for ${elementCount(shape)} numbers; it can use 4 GB. ` +
            'Choose a smaller batch, patch or network.',
        );
      }
      return tensor;
    },
    view: (tensor) => backend.typedArrayFromHeap(tensor) as Float32Array,
    share: ({ dataId }, shape) => {
      backend.incRef(dataId);
      return { dataId, shape: [...shape], dtype: 'float32' };
    },
    release: ({ dataId }) => {
      backend.disposeData(dataId);
    },
  };
}

function productKernels(backend: BackendWasm, memory: Memory): ProductKernels {
  const stock = (kernelName: string) => {
    const kernel = getKernel(kernelName, BACKEND);
    return (inputs: Record<string, TensorInfo>, attrs: NamedAttrMap): TensorInfo => {
      const result = kernel.kernelFunc({ inputs, attrs, backend });
      return Array.isArray(result) ? result[0]! : result;
    };
  };
  const forward = stock('Conv2D');
  const convolve: Convolve = (x, filter, { top, bottom, left, right }, dilation) =>
    forward(
      { x, filter },
      {
        strides: 1,
        pad: [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ],
        dataFormat: 'NHWC',
        dilations: dilation,
      },
    );
  return {
    Conv2D: (inputs, { stride, padding }) =>
      forward(inputs, { strides: stride, pad: padding, dataFormat: 'NHWC', dilations: 1 }),
    Conv2DBackpropInput: (inputs, attributes) =>
      convolutionInputGradient(memory, convolve, inputs, attributes),
    Conv2DBackpropFilter: (inputs, attributes) =>
      convolutionFilterGradient(memory, convolve, inputs, attributes),
    MatMul: matMulKernel(memory, stock('BatchMatMul')),
  };
}

/** The stock kernel is fast only without transposition, so operands are transposed first, the smaller one if possible. */
function matMulKernel(
  memory: Memory,
  stock: (inputs: Record<string, TensorInfo>, attrs: NamedAttrMap) => TensorInfo,
): ProductKernels['MatMul'] {
  const transposed = (matrix: TensorInfo): TensorInfo => {
    const [rows, columns] = matrix.shape as [number, number];
    const result = memory.allocate([columns, rows]);
    transpose(memory.view(matrix), [rows, columns], memory.view(result));
    return result;
  };
  const product = (a: TensorInfo, b: TensorInfo): TensorInfo =>
    stock({ a, b }, { transposeA: false, transposeB: false });
  const withTransposed = (matrix: TensorInfo, use: (matrix: TensorInfo) => TensorInfo): TensorInfo => {
    const copy = transposed(matrix);
    const result = use(copy);
    memory.release(copy);
    return result;
  };
  return ({ a, b }, { transposeA, transposeB }) => {
    if (transposeA && transposeB) {
      const reversed = product(b, a);
      const result = transposed(reversed);
      memory.release(reversed);
      return result;
    }
    if (transposeA) return withTransposed(a, (left) => product(left, b));
    if (!transposeB) return product(a, b);
    if (elementCount(b.shape) <= elementCount(a.shape)) {
      return withTransposed(b, (right) => product(a, right));
    }
    // a·bᵀ = (b·aᵀ)ᵀ, for a dense layer's large b.
    const reversed = withTransposed(a, (left) => product(b, left));
    const result = transposed(reversed);
    memory.release(reversed);
    return result;
  };
}

/** Opens the engine. All engines of a process share one backend and its memory. */
export async function openEmbeddedEngine(): Promise<TfjsEngine> {
  const backend = await startBackend();
  const memory = memoryOf(backend);
  return new TfjsEngine({
    ...memory,
    description: {
      name: 'embedded',
      device: 'CPU, WebAssembly SIMD, 1 thread',
      threads: 1,
      versions: { '@tensorflow/tfjs-core': version_core, '@tensorflow/tfjs-backend-wasm': version_wasm },
    },
    kernels: productKernels(backend, memory),
    tensorCount: () => backend.numDataIds(),
  });
}
