/**
 * A row of RGB bytes as real numbers of one plane: Y, Y in whole grey levels, or a channel. In WebAssembly four pixels at a
 * time, in plain TypeScript where that cannot run, with the same bits.
 */
import { F64, FunctionBuilder, Vector } from '../assembler';
import { compileKernels, DOUBLE, type Kernels, type WindowMemory } from './window-memory';

/** What of a pixel is taken: Y of [16, 235], Y in whole grey levels, or red, green or blue. */
export const samples = ['y', 'grey', 'red', 'green', 'blue'] as const;
export type Sample = (typeof samples)[number];

/** Bytes after the row's last that may be read. */
export const ROOM_AFTER_PIXELS = 16;

/** Writes a number for each pixel of a row of RGB bytes. */
export type ConvertRow = (pixels: Uint8Array, numbers: Float64Array) => void;

/** Pixels that a kernel takes at a time. */
const GROUP = 4;

let kernels: Kernels<Sample> | null | undefined;

/** For rows of that memory. */
export function pixelRows(memory: WindowMemory, sample: Sample): ConvertRow {
  kernels ??= compileKernels({
    y: rowKernel(lumaIn),
    grey: rowKernel((kernel, group, half) => roundIn(lumaIn(kernel, group, half))),
    red: rowKernel((_, group, half) => channelIn(group, half, 0)),
    green: rowKernel((_, group, half) => channelIn(group, half, 1)),
    blue: rowKernel((_, group, half) => channelIn(group, half, 2)),
  });
  if (kernels === null || !memory.isReached) return plainPixelRows(sample);
  const kernel = kernels[sample];
  const convert = converters[sample];
  return (pixels, numbers) => {
    const grouped = numbers.length - (numbers.length % GROUP);
    kernel(pixels.byteOffset, numbers.byteOffset, grouped * DOUBLE);
    convert(pixels, numbers, grouped);
  };
}

/** The same in plain TypeScript. */
export function plainPixelRows(sample: Sample): ConvertRow {
  const convert = converters[sample];
  return (pixels, numbers) => {
    convert(pixels, numbers, 0);
  };
}

/** A loop for each, from pixel `from` on: one that is told what to take is several times slower. */
const converters: Readonly<
  Record<Sample, (pixels: Uint8Array, numbers: Float64Array, from: number) => void>
> = {
  y: (pixels, numbers, from) => {
    for (let i = from, at = 3 * from; i < numbers.length; i++, at += 3) {
      numbers[i] = lumaOf(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!);
    }
  },
  grey: (pixels, numbers, from) => {
    for (let i = from, at = 3 * from; i < numbers.length; i++, at += 3) {
      numbers[i] = Math.floor(lumaOf(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!) + 0.5);
    }
  },
  red: channelFrom(0),
  green: channelFrom(1),
  blue: channelFrom(2),
};

function channelFrom(channel: number): (pixels: Uint8Array, numbers: Float64Array, from: number) => void {
  return (pixels, numbers, from) => {
    for (let i = from, at = 3 * from + channel; i < numbers.length; i++, at += 3) numbers[i] = pixels[at]!;
  };
}

function lumaOf(red: number, green: number, blue: number): number {
  return 16 + (65.481 * red + 128.553 * green + 24.966 * blue) / 255;
}

type TakeSample = (kernel: FunctionBuilder, group: Vector, half: 0 | 1) => Vector;

/** Operands: address of the pixels, where the numbers go, and how many bytes these take, a multiple of 32. */
function rowKernel(take: TakeSample): FunctionBuilder {
  const kernel = new FunctionBuilder(['i32', 'i32', 'i32'], false);
  const [pixels, numbers, bytes] = [0, 1, 2].map((index) => kernel.integerParameter(index));
  const from = kernel.integer(pixels);
  kernel.for(0, bytes!, GROUP * DOUBLE, (offset) => {
    const group = kernel.vector(from.load());
    const place = kernel.integer(numbers!.add(offset));
    kernel.store(place, take(kernel, group, 0));
    kernel.store(place, take(kernel, group, 1), 2 * DOUBLE);
    from.advance(3 * GROUP);
  });
  return kernel;
}

/** A channel of two of four pixels: the first two or the others. */
function channelIn(group: Vector, half: 0 | 1, channel: number): Vector {
  const first = 6 * half + channel;
  const zero = 16;
  const integer = (byte: number): number[] => [byte, zero, zero, zero];
  return group
    .shuffleBytes(Vector.zero(), [first, first + 3, zero, zero].flatMap(integer))
    .lowIntegersToDoubles();
}

function lumaIn(kernel: FunctionBuilder, group: Vector, half: 0 | 1): Vector {
  const constant = (value: number): Vector => F64.constant(value).splat();
  const [red, green, blue] = [65.481, 128.553, 24.966].map((weight, channel) =>
    kernel.vector(constant(weight).mulDoubles(channelIn(group, half, channel))),
  );
  const sum = red!.addDoubles(green!).addDoubles(blue!);
  return constant(16).addDoubles(sum.divDoubles(constant(255)));
}

/** Half up. Y is within [16, 235], so that nothing is to be clamped. */
function roundIn(value: Vector): Vector {
  return value.addDoubles(F64.constant(0.5).splat()).floorDoubles();
}
