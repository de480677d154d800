/** What TensorFlow's errors become. The messages are such as people have reported; the codes are those they came with. */
import assert from 'node:assert/strict';
import { LabError } from '../../../src/folders/lab-error';
import { isOutOfMemory } from '../../../src/folders/out-of-memory';
import {
  classifyFailure,
  explainFailure,
  type FailureKind,
} from '../../../src/training/engines/native/explain-failure';
import { execute } from '../../../src/training/engines/native/execute';
import { attribute, DataType } from '../../../src/training/engines/native/operations';
import { TensorFlow } from '../../../src/training/engines/native/tensorflow';
import { realTensorFlow } from './support/real-tensorflow';

const [UNKNOWN, INVALID, NOT_FOUND, EXHAUSTED, PRECONDITION, INTERNAL, UNAVAILABLE] = [2, 3, 5, 8, 9, 13, 14];

const onGpu: readonly (readonly [number, string, FailureKind | undefined])[] = [
  [
    EXHAUSTED,
    'OOM when allocating tensor with shape[16,64,96,96] and type float on GPU:0 by allocator GPU_0_bfc',
    'gpu-memory',
  ],
  [INTERNAL, 'Dst tensor is not initialized.', 'gpu-memory'],
  [INTERNAL, 'cudaSetDevice() on GPU:0 failed. Status: out of memory', 'gpu-memory'],
  [INTERNAL, 'failed to create context: CUDA_ERROR_OUT_OF_MEMORY: out of memory', 'gpu-memory'],
  [
    INTERNAL,
    'cudaSetDevice() on GPU:0 failed. Status: CUDA-capable device(s) is/are busy or unavailable',
    'gpu-taken',
  ],
  [
    INTERNAL,
    'CUDA runtime implicit initialization on GPU:0 failed. Status: all CUDA-capable devices are busy or unavailable',
    'gpu-taken',
  ],
  [INTERNAL, 'no kernel image is available for execution on the device', 'gpu-unfit'],
  [
    UNKNOWN,
    'CUDA_ERROR_UNSUPPORTED_PTX_VERSION: the provided PTX was compiled with an unsupported toolchain.',
    'gpu-unfit',
  ],
  [
    PRECONDITION,
    'DNN library initialization failed. Look at the errors above for more details.',
    'gpu-unfit',
  ],
  [INTERNAL, 'Attempting to perform BLAS operation using StreamExecutor without BLAS support', 'gpu-unfit'],
  [INTERNAL, 'GPU sync failed', 'gpu-lost'],
  [INTERNAL, 'failed to query event: CUDA_ERROR_LAUNCH_FAILED: unspecified launch failure', 'gpu-lost'],
  [
    INTERNAL,
    'could not synchronize on CUDA context: CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered',
    'gpu-lost',
  ],
  [INTERNAL, 'CUDA_ERROR_ECC_UNCORRECTABLE: uncorrectable ECC error encountered', 'gpu-lost'],
  [UNKNOWN, 'CUDNN_STATUS_EXECUTION_FAILED in tensorflow/stream_executor/cuda/cuda_dnn.cc', 'gpu-lost'],
  [UNAVAILABLE, 'device GPU:0 is gone', 'gpu-lost'],
  [INVALID, 'Incompatible shapes: [1,2] vs. [3]', undefined],
];

const onCpu: readonly (readonly [number, string, FailureKind | undefined])[] = [
  [EXHAUSTED, 'OOM when allocating tensor with shape[4194304,4194304] on CPU:0 by allocator cpu', 'memory'],
  [
    NOT_FOUND,
    "Op type not registered 'FusedBatchNormGradV3' in binary running on host.",
    'operation-missing',
  ],
  [INTERNAL, 'Could not create a primitive', undefined],
  [INVALID, 'Incompatible shapes: [1,2] vs. [3]', undefined],
];

describe('errors of TensorFlow', () => {
  for (const [device, cases] of [
    ['GPU', onGpu],
    ['CPU', onCpu],
  ] as const) {
    for (const [code, message, kind] of cases) {
      it(`${device}: ${message.slice(0, 60)}: ${kind ?? 'a bug of ours'}`, () => {
        assert.equal(classifyFailure(code, message, device === 'GPU'), kind);
        const error = explainFailure('execute the step', code, message, device === 'GPU');
        assert.equal(error instanceof LabError, kind !== undefined);
        assert.equal(isOutOfMemory(error), kind === 'memory' || kind === 'gpu-memory');
        assert.ok(error.message.includes(message), error.message);
      });
    }
  }

  it('of a GPU that is lost say that the run keeps its checkpoint, and how it goes on', () => {
    const { message } = explainFailure('execute the step', INTERNAL, 'GPU sync failed\nmore', true);
    assert.equal(
      message,
      'The GPU or its driver stopped working. A run keeps its last checkpoint: see with nvidia-smi whether the GPU is ' +
        'there, then resume; on the embedded engine if the GPU stays away. ' +
        '(TensorFlow could not execute the step: GPU sync failed)',
    );
  });

  describe('as a real TensorFlow makes them', () => {
    let tensorFlow: TensorFlow;
    before(async function () {
      this.timeout(60_000);
      tensorFlow = new TensorFlow(await realTensorFlow(this));
    });

    it('memory that cannot be had is told as such, and computing goes on afterwards', () => {
      const fill = (size: number): number => {
        const shape = tensorFlow.upload(Int32Array.of(size, size), [2]);
        const value = tensorFlow.upload(Float32Array.of(1), []);
        const types = [attribute.type('T', DataType.float), attribute.type('index_type', DataType.int32)];
        try {
          const [filled] = execute(tensorFlow, 'Fill', [shape, value], types, 1);
          const { data } = tensorFlow.download(filled!);
          tensorFlow.release(filled!);
          return data.length;
        } finally {
          for (const handle of [shape, value]) tensorFlow.release(handle);
        }
      };
      // 64 TB.
      assert.throws(() => fill(2 ** 22), {
        name: 'LabError',
        message: /^Memory is used up\. \(TensorFlow could not .*OOM when allocating/,
      });
      assert.equal(fill(3), 9);
    });

    it('an operation that it does not have is told as such', () => {
      assert.throws(() => execute(tensorFlow, 'NoSuchOperation', [], [], 1), {
        name: 'LabError',
        message: /^This TensorFlow lacks an operation that the lab needs.*Update TensorFlow.*NoSuchOperation/,
      });
    });
  });
});
