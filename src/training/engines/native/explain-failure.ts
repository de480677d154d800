/**
 * What TensorFlow's errors mean to a person. Its status codes are coarse (INTERNAL is a lost GPU as well as a bug), so the words
 * of CUDA, cuDNN and the allocators in the message decide first.
 * Sources: tensorflow/c/tf_status.h; CUDA Driver API, "CUresult"; cuDNN, "cudnnStatus_t"; messages as in TensorFlow's sources.
 */
import { LabError } from '../../../folders/lab-error';
import { OutOfMemoryError } from '../../../folders/out-of-memory';

/** TF_Code. */
const Code = {
  unknown: 2,
  notFound: 5,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

export type FailureKind =
  'gpu-memory' | 'memory' | 'gpu-taken' | 'gpu-unfit' | 'gpu-lost' | 'operation-missing';

const GPU_MEMORY =
  /CUDA_ERROR_OUT_OF_MEMORY|Dst tensor is not initialized|GPU_\d+_bfc|Status: out of memory/i;
const OUT_OF_MEMORY = /\bOOM\b|out of memory|failed to allocate/i;
const GPU_TAKEN = /devices?(?:\(s\))? (?:is\/)?are busy or unavailable|CUDA_ERROR_DEVICE_UNAVAILABLE/i;
/** The driver is too old for this TensorFlow, or the GPU too old or too new. */
const GPU_UNFIT =
  /CUDA_ERROR_(?:NO_BINARY_FOR_GPU|INVALID_PTX|UNSUPPORTED_PTX_VERSION|SYSTEM_DRIVER_MISMATCH|COMPAT_NOT_SUPPORTED_ON_DEVICE|INSUFFICIENT_DRIVER|STUB_LIBRARY)|no kernel image is available|driver version is insufficient|No DNN in stream executor|DNN library (?:is not found|initialization failed)|without (?:BLAS|DNN) support/i;
const GPU_LOST =
  /CUDA_ERROR_\w+|CUDNN_STATUS_(?!NOT_SUPPORTED)\w+|CUBLAS_STATUS_(?!NOT_SUPPORTED)\w+|GPU sync failed|unspecified launch failure|illegal memory access|uncorrectable ECC|cuda\w*\(\) (?:on GPU:\d+ )?failed|failed to (?:synchronize|enqueue|launch|query event|memcpy)|could not synchronize/i;
const OPERATION_MISSING =
  /Op type not registered|is neither a type of a primitive operation|Unknown attribute|has no attr named|Could not find (?:valid )?device for node/i;

/**
 * Which of the known misfortunes it is; undefined for all others, which are bugs of ours.
 * @param code TF_Code
 * @param onGpu whether the engine computes on a GPU
 */
export function classifyFailure(code: number, message: string, onGpu: boolean): FailureKind | undefined {
  if (GPU_MEMORY.test(message)) return 'gpu-memory';
  if (code === Code.resourceExhausted || OUT_OF_MEMORY.test(message)) return onGpu ? 'gpu-memory' : 'memory';
  if (GPU_TAKEN.test(message)) return 'gpu-taken';
  if (GPU_UNFIT.test(message)) return 'gpu-unfit';
  if (GPU_LOST.test(message)) return 'gpu-lost';
  if (OPERATION_MISSING.test(message)) return 'operation-missing';
  const lost: number[] = [Code.internal, Code.unavailable, Code.aborted];
  return onGpu && lost.includes(code) ? 'gpu-lost' : undefined;
}

const RESUME = 'A run keeps its last checkpoint: ';

const explanations: Readonly<
  Record<Exclude<FailureKind, 'memory' | 'gpu-memory'>, readonly [what: string, next: string]>
> = {
  'gpu-taken': [
    'Another program holds the GPU for itself.',
    'See with nvidia-smi who does and end that, then resume; or resume on the embedded engine.',
  ],
  'gpu-unfit': [
    'The NVIDIA driver, cuDNN or the GPU does not fit this TensorFlow.',
    'Update the driver or set up the native engine again (srgan-lab engine doctor tells the versions); meanwhile, resume on the embedded engine.',
  ],
  'gpu-lost': [
    'The GPU or its driver stopped working.',
    'See with nvidia-smi whether the GPU is there, then resume; on the embedded engine if the GPU stays away.',
  ],
  'operation-missing': [
    'This TensorFlow lacks an operation that the lab needs: it is too old or was built without it.',
    'Update TensorFlow, or use the embedded engine.',
  ],
};

const MOST_WORDS = 600;

/** The first line of what TensorFlow says, and no more of it than a person wants to read. */
function lastWords(message: string): string {
  const line = message.split('\n').find((each) => each.trim() !== '') ?? '';
  return line.length <= MOST_WORDS ? line : `${line.slice(0, MOST_WORDS)} …`;
}

/**
 * The error to throw for a status that is not OK: an `OutOfMemoryError`, a `LabError` with what happened and what to do where that
 * is known, else a plain error in TensorFlow's words.
 * @param action what TensorFlow was asked to do, e.g. `execute MatMul`
 */
export function explainFailure(action: string, code: number, message: string, onGpu: boolean): Error {
  const said = `TensorFlow could not ${action}: ${lastWords(message)}`;
  const kind = classifyFailure(code, message, onGpu);
  if (kind === undefined) return new Error(said);
  // What to change depends on what is computed: whoever asked for it adds that.
  if (kind === 'memory') return new OutOfMemoryError(`Memory is used up. (${said})`);
  if (kind === 'gpu-memory') {
    return new OutOfMemoryError(
      `The memory of the GPU is used up; nvidia-smi tells whether another program holds a part of it. (${said})`,
    );
  }
  const [what, next] = explanations[kind];
  const advice =
    kind === 'operation-missing' ? next : `${RESUME}${next.charAt(0).toLowerCase()}${next.slice(1)}`;
  return new LabError(`${what} ${advice} (${said})`);
}
