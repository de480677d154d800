/**
 * The few fields of TensorFlow's ConfigProto message that the engine sets, in protobuf's wire format.
 * Field numbers: tensorflow/core/protobuf/config.proto and rewriter_config.proto.
 */

export interface TensorFlowOptions {
  /** Threads within an operation; TensorFlow's own choice by default. */
  readonly threads?: number;
  /** Compute convolutions and matrix products in bfloat16 where the device has it. */
  readonly bfloat16?: boolean;
  /** Most GPU memory to take, in MB; by default it grows as needed. */
  readonly gpuMemoryLimitMb?: number;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

const integer = (field: number, value: number): number[] => [...varint(field << 3), ...varint(value)];
const message = (field: number, bytes: readonly number[]): number[] => [
  ...varint((field << 3) | 2),
  ...varint(bytes.length),
  ...bytes,
];

const CONFIG = { intraThreads: 2, gpuOptions: 6, graphOptions: 10 };
const GPU = { allowGrowth: 4, experimental: 9 };
const GPU_EXPERIMENTAL = { virtualDevices: 1 };
const GRAPH = { rewriteOptions: 10 };
const REWRITE = { bfloat16: 31, minGraphNodes: 17 };
const ON = 1;
/** RewriterConfig.min_graph_nodes: optimise graphs of any size. */
const ANY_SIZE = 1;

/** A packed float field. */
function float(field: number, value: number): number[] {
  const bytes = new Uint8Array(Float32Array.of(value).buffer);
  return message(field, [...bytes]);
}

/** Serialises the options as a ConfigProto. */
export function configProto(options: TensorFlowOptions): Uint8Array {
  const limit = options.gpuMemoryLimitMb;
  const virtualDevice = limit === undefined ? [] : message(GPU_EXPERIMENTAL.virtualDevices, float(1, limit));
  const gpu = [
    ...(limit === undefined ? integer(GPU.allowGrowth, ON) : []),
    ...(limit === undefined ? [] : message(GPU.experimental, virtualDevice)),
  ];
  const rewrite = [
    ...integer(REWRITE.minGraphNodes, ANY_SIZE),
    ...(options.bfloat16 === true ? integer(REWRITE.bfloat16, ON) : []),
  ];
  return Uint8Array.from([
    ...(options.threads === undefined ? [] : integer(CONFIG.intraThreads, options.threads)),
    ...message(CONFIG.gpuOptions, gpu),
    ...message(CONFIG.graphOptions, message(GRAPH.rewriteOptions, rewrite)),
  ]);
}
