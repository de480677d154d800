/**
 * Random numbers that depend only on (seed, stream, step), on every machine: a run that is resumed at step 700 draws at
 * step 701 what it would have drawn. There is no hidden state to save; ask for the stream of a step and draw from it.
 *
 * The generator is Philox4x32-10, a counter-based one: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC 2011. Key: the seed and a hash of the stream's name. Counter: the position in the stream and the step.
 */

export interface RandomStream {
  /** In [0, 1), with 53 random bits. */
  uniform(): number;
  /** A whole number in [0, bound), for 1 ≤ bound ≤ 2³². */
  integer(bound: number): number;
  /** Normally distributed with mean 0 and variance 1. */
  normal(): number;
}

type Words = [number, number, number, number];

const ROUNDS = 10;

/**
 * The upper 32 bits of the 64-bit product of two unsigned 32-bit numbers, by halves; no partial sum exceeds 32 bits.
 * `Math.imul` and `| 0` keep it in integer registers, which is most of this file’s speed.
 */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const carried = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carried >>> 16)) | 0;
}

/**
 * One block of Philox4x32-10: four random 32-bit words for a counter and a key.
 *
 * @param result where the words are put, for callers that want many
 */
export function philox(
  counter: Readonly<Words>,
  key: readonly [number, number],
  result: Words = [0, 0, 0, 0],
): Words {
  let c0 = counter[0] | 0;
  let c1 = counter[1] | 0;
  let c2 = counter[2] | 0;
  let c3 = counter[3] | 0;
  let k0 = key[0] | 0;
  let k1 = key[1] | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  result[0] = c0 >>> 0;
  result[1] = c1 >>> 0;
  result[2] = c2 >>> 0;
  result[3] = c3 >>> 0;
  return result;
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** 1/23, 1/21 … 1/1: log((1 + z)/(1 − z)) = 2·(z + z³/3 + z⁵/5 + …). */
const inverseOddNumbers = Array.from({ length: 12 }, (_, index) => 1 / (23 - 2 * index));

/**
 * Natural logarithm for 0 < x ≤ 1 by additions, products and divisions only, which IEEE 754 fixes to the bit; what
 * Math.log returns in the last bits is left to the platform. Relative error below 1e-15.
 */
function portableLog(x: number): number {
  let exponent = 0;
  let mantissa = x;
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    exponent--;
  }
  const z = (mantissa - 1) / (mantissa + 1);
  const square = z * z;
  let series = 0;
  for (const coefficient of inverseOddNumbers) series = series * square + coefficient;
  return exponent * Math.LN2 + 2 * z * series;
}

/**
 * The stream of random numbers named `stream` at `step`. Equal arguments give equal numbers; any difference gives
 * numbers that are independent for all practical purposes.
 *
 * @param seed whole number in [0, 2³²)
 * @param step whole number in [0, 2⁵³)
 */
export function randomStream(seed: number, stream: string, step = 0): RandomStream {
  const key: readonly [number, number] = [seed >>> 0, hashName(stream)];
  const stepLow = step >>> 0;
  const stepHigh = Math.floor(step / 0x100000000);
  const counter: Words = [0, 0, stepLow, stepHigh];
  const block: Words = [0, 0, 0, 0];
  let lane = 4;

  const word = (): number => {
    if (lane === 4) {
      philox(counter, key, block);
      counter[0]++;
      lane = 0;
    }
    return block[lane++ as 0 | 1 | 2 | 3];
  };

  const uniform = (): number => {
    const high = word() >>> 5;
    const low = word() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  };

  let spare: number | undefined;
  /** Marsaglia's polar method, which gives two numbers at a time. */
  const normal = (): number => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * portableLog(square)) / square);
      spare = y * factor;
      return x * factor;
    }
  };

  return { uniform, integer: (bound) => Math.floor(uniform() * bound), normal };
}
