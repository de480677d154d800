/**
 * Both passes of resampling in WebAssembly, two doubles at a time: the same products and sums in the same order as the
 * plain loops (resampling-passes.ts), and so the same bits, in a fraction of the time.
 *
 * Rows live in the memory of a module instance, as `Float64Array`s over it. One instance serves all images of a thread,
 * one after the other.
 */
import { F64, FunctionBuilder, MAXIMUM_PAGES, ModuleBuilder, Vector } from '../assembler';
import type { Contributions } from './contributions';

export interface ResamplingKernels {
  /** A new row of `length` samples, whose values are undefined. Rows for `combineRows` must be from here. */
  row(length: number): Float64Array;
  /** Divides whole samples up to `peak` by it, in place; rows are from here. */
  divide(row: Float64Array, peak: 255 | 65535): void;
  /**
   * One output row of the vertical pass, into `sums`; all rows are of one length. With `peak`, sums are held in
   * [0, `peak`] and rounded half up.
   */
  combineRows(
    rows: Contributions,
    y: number,
    rowAt: (y: number) => Float64Array,
    sums: Float64Array,
    peak: number | undefined,
  ): void;
  /** The horizontal pass of rows that are from here, too. */
  combineColumns(input: Float64Array, output: Float64Array): void;
}

const PAGE = 65536;
const DOUBLE = 8;
/** Samples that the vertical kernel takes at a time; it runs over the end of a row, up to a multiple of them. */
const BLOCK = 16;
/** An instance whose memory grew beyond this is not kept for the next image. */
const KEPT_BYTES = 64 * 1024 * 1024;
/** Rows of more samples than this, all together, do not go into the memory of an instance. */
const MOST_SAMPLES = 2 ** 27;

type Kernel = 'divide255' | 'divide65535' | 'rows' | 'roundedRows' | 'columns1' | 'columns2';

interface Instance {
  memory: WebAssembly.Memory;
  run: (kernel: Kernel, ...operands: number[]) => void;
}

let kept: Instance | undefined;

/**
 * Kernels for one image of up to four channels, with rows of `samples` in all; those of an earlier call must not be used
 * afterwards. Undefined for more channels or samples, and where this machine has no SIMD in WebAssembly.
 */
export function openResamplingKernels(
  { columns, rows }: { columns: Contributions; rows: Contributions },
  channels: number,
  samples: number,
): ResamplingKernels | undefined {
  const instance = channels <= 4 && samples <= MOST_SAMPLES ? (kept ?? load()) : undefined;
  if (instance === undefined) return undefined;
  const { memory, run } = instance;

  let next = 0;
  const allocate = (bytes: number): number => {
    const address = next;
    next += roundUp(bytes, BLOCK * DOUBLE);
    const missing = next - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    kept = next <= KEPT_BYTES ? instance : undefined;
    return address;
  };
  const integers = (values: ArrayLike<number>): number => {
    const address = allocate(values.length * 4);
    new Int32Array(memory.buffer, address, values.length).set(values);
    return address;
  };
  const doubles = (values: ArrayLike<number>): number => {
    const address = allocate(values.length * DOUBLE);
    new Float64Array(memory.buffer, address, values.length).set(values);
    return address;
  };

  const stride = channels * DOUBLE;
  const columnStarts = integers(columns.starts);
  const columnOffsets = integers(columns.indices.map((index) => index * stride));
  const columnWeights = doubles(columns.weights);
  const rowWeights = doubles(rows.weights);
  const rowTable = allocate(rows.span * 4);
  const rowAddresses = new Int32Array(memory.buffer, rowTable, rows.span);

  return {
    row: (length) => {
      // One more sample: the horizontal kernel takes channels by twos.
      const address = allocate((length + 1) * DOUBLE);
      return new Float64Array(memory.buffer, address, length);
    },
    divide: (row, peak) => {
      run(`divide${peak}`, row.byteOffset, roundUp(row.length, 2) * DOUBLE);
    },
    combineRows: ({ starts, indices }, y, rowAt, sums, peak) => {
      const first = starts[y]!;
      const taps = starts[y + 1]! - first;
      for (let tap = 0; tap < taps; tap++) rowAddresses[tap] = rowAt(indices[first + tap]!).byteOffset;
      const bytes = roundUp(sums.length, BLOCK) * DOUBLE;
      const operands = [rowTable, rowWeights + first * DOUBLE, taps, sums.byteOffset, bytes];
      if (peak === undefined) run('rows', ...operands);
      else run('roundedRows', ...operands, peak);
    },
    combineColumns: (input, output) => {
      run(
        channels <= 2 ? 'columns1' : 'columns2',
        columnStarts,
        columnOffsets,
        columnWeights,
        input.byteOffset,
        output.byteOffset,
        output.length / channels,
        stride,
      );
    },
  };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

function load(): Instance | undefined {
  const module = new ModuleBuilder();
  module.add('divide255', divisionKernel(255));
  module.add('divide65535', divisionKernel(65535));
  module.add('rows', rowsKernel(false));
  module.add('roundedRows', rowsKernel(true));
  module.add('columns1', columnsKernel(1));
  module.add('columns2', columnsKernel(2));
  const code = module.encode();
  if (!WebAssembly.validate(code)) return undefined;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { lab: { memory } });
  return {
    memory,
    run: (kernel, ...operands) => {
      exports[kernel]!(...operands);
    },
  };
}

/**
 * v / `peak`, correctly rounded, of whole numbers v up to it, in a third of a division's time. 1 / `peak` is the sum of
 * two doubles; v times the first of them, of few enough bits, is exact, and v times the second is too small for its rounding error
 * to matter, since the binary digits of v / (2ⁿ − 1) repeat after n places. Operands: where the numbers are, and their bytes.
 */
function divisionKernel(peak: 255 | 65535): FunctionBuilder {
  const bits = 2 ** 52;
  const high = Math.round(bits / peak) / bits;
  const low = (1 - high * peak) / peak;
  const kernel = new FunctionBuilder(['i32', 'i32'], false);
  const [row, bytes] = [0, 1].map((index) => kernel.integerParameter(index));
  const [highs, lows] = [high, low].map((part) => kernel.vector(F64.constant(part).splat()));
  kernel.for(0, bytes!, 2 * DOUBLE, (offset) => {
    const place = kernel.integer(row!.add(offset));
    const samples = kernel.vector(place.load());
    kernel.store(place, samples.mulDoubles(highs!).addDoubles(samples.mulDoubles(lows!)));
  });
  return kernel;
}

/**
 * Operands: a table of the rows' addresses, the weights, how many taps, where the sums go, how many bytes they take, and
 * the peak if they are rounded.
 */
function rowsKernel(rounding: boolean): FunctionBuilder {
  const peakType = rounding ? (['f32'] as const) : [];
  const kernel = new FunctionBuilder(['i32', 'i32', 'i32', 'i32', 'i32', ...peakType], false);
  const [rows, weights, taps] = [0, 1, 2].map((index) => kernel.integerParameter(index));
  const [sums, bytes] = [3, 4].map((index) => kernel.integerParameter(index));
  const peak = rounding ? kernel.vector(kernel.floatParameter(5).toDouble().splat()) : undefined;
  const rounded = (sum: Vector): Vector => {
    if (peak === undefined) return sum;
    const held = sum.maxDoubles(Vector.zero()).minDoubles(peak);
    return held.addDoubles(F64.constant(0.5).splat()).floorDoubles();
  };
  kernel.for(0, bytes!, BLOCK * DOUBLE, (offset) => {
    const lanes = kernel.vectors(BLOCK / 2);
    for (const lane of lanes) lane.set(Vector.zero());
    kernel.for(0, taps!, 1, (tap) => {
      const weight = kernel.vector(weights!.add(tap.shiftLeft(3)).loadSplatDouble());
      const row = kernel.integer(rows!.add(tap.shiftLeft(2)).loadInteger().add(offset));
      for (const [i, lane] of lanes.entries()) {
        lane.set(lane.addDoubles(weight.mulDoubles(row.load(16 * i))));
      }
    });
    const place = kernel.integer(sums!.add(offset));
    for (const [i, lane] of lanes.entries()) kernel.store(place, rounded(lane), 16 * i);
  });
  return kernel;
}

/**
 * Channels by twos, `vectors` times two of them: where there are fewer, the last lane holds a sample of the next pixel,
 * which the next pixel overwrites. Operands: starts of the taps of each output pixel, offsets of their input pixels in
 * bytes, weights, input, output, how many output pixels, and the bytes of a pixel.
 */
function columnsKernel(vectors: number): FunctionBuilder {
  const kernel = new FunctionBuilder(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'], false);
  const [starts, offsets, weights, input] = [0, 1, 2, 3].map((index) => kernel.integerParameter(index));
  const [output, pixels, stride] = [4, 5, 6].map((index) => kernel.integerParameter(index));
  kernel.for(0, pixels!, 1, (x) => {
    const sums = kernel.vectors(vectors);
    for (const sum of sums) sum.set(Vector.zero());
    const first = starts!.add(x.shiftLeft(2));
    kernel.for(first.loadInteger(), first.loadInteger(4), 1, (tap) => {
      const weight = kernel.vector(weights!.add(tap.shiftLeft(3)).loadSplatDouble());
      const pixel = kernel.integer(offsets!.add(tap.shiftLeft(2)).loadInteger().add(input!));
      for (const [i, sum] of sums.entries()) {
        sum.set(sum.addDoubles(weight.mulDoubles(pixel.load(16 * i))));
      }
    });
    for (const [i, sum] of sums.entries()) kernel.store(output!, sum, 16 * i);
    output!.advance(stride!);
  });
  return kernel;
}
