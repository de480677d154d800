/** The reference engine, for tests: TensorFlow.js's plain JavaScript backend. Slow, simple, sums in double precision. */
import { MathBackendCPU, version_cpu } from '@tensorflow/tfjs-backend-cpu';
import {
  enableProdMode,
  getKernel,
  version_core,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { elementCount } from '../../graph/shape';
import type { ProductKernels, TensorBackend } from './tensor-backend';
import { TfjsEngine } from './tfjs-engine';

/** A stock kernel of the backend. */
function stockKernel(backend: MathBackendCPU, kernelName: string) {
  const kernel = getKernel(kernelName, 'cpu');
  return (inputs: Record<string, TensorInfo>, attrs: NamedAttrMap): TensorInfo => {
    const result = kernel.kernelFunc({ inputs, attrs, backend });
    return Array.isArray(result) ? result[0]! : result;
  };
}

function productKernels(backend: MathBackendCPU): ProductKernels {
  const forward = stockKernel(backend, 'Conv2D');
  const backpropInput = stockKernel(backend, 'Conv2DBackpropInput');
  const backpropFilter = stockKernel(backend, 'Conv2DBackpropFilter');
  const batchMatMul = stockKernel(backend, 'BatchMatMul');
  const layout = { dataFormat: 'NHWC', dilations: 1 };
  return {
    Conv2D: (inputs, { stride, padding }) => forward(inputs, { ...layout, strides: stride, pad: padding }),
    Conv2DBackpropInput: (inputs, { stride, padding, inputShape }) =>
      backpropInput(inputs, { ...layout, strides: stride, pad: padding, inputShape: [...inputShape] }),
    Conv2DBackpropFilter: (inputs, { stride, padding, filterShape }) =>
      backpropFilter(inputs, { ...layout, strides: stride, pad: padding, filterShape: [...filterShape] }),
    MatMul: (inputs, attributes) => batchMatMul(inputs, attributes),
  };
}

function cpuBackend(): TensorBackend {
  // Keeps TensorFlow.js from recommending another backend on the console.
  enableProdMode();
  const backend = new MathBackendCPU();
  return {
    description: {
      name: 'reference',
      device: 'CPU, plain JavaScript, 1 thread',
      threads: 1,
      versions: { '@tensorflow/tfjs-core': version_core, '@tensorflow/tfjs-backend-cpu': version_cpu },
    },
    kernels: productKernels(backend),
    allocate: (shape) => backend.makeTensorInfo([...shape], 'float32', new Float32Array(elementCount(shape))),
    view: ({ dataId }) => backend.data.get(dataId).values as Float32Array,
    share: ({ dataId }, shape) => {
      backend.incRef(dataId);
      return { dataId, shape: [...shape], dtype: 'float32' };
    },
    release: ({ dataId }) => {
      backend.disposeData(dataId);
    },
    tensorCount: () => backend.numDataIds(),
  };
}

/** Opens a reference engine with memory of its own. */
export function openReferenceEngine(): TfjsEngine {
  return new TfjsEngine(cpuBackend());
}
