/**
 * Noise of sensors, added in their place to samples in grey levels, which are then held in [0, 255]. Real numbers come from a stream
 * that the caller gives, one draw after the other in the order of the pixels.
 */
import type { RandomStream } from '../../random/random-stream';
import type { FloatImage } from './float-image';

export interface NoiseOptions {
  /** The same noise in all channels of a pixel. */
  grey: boolean;
  random: RandomStream;
}

/** Adds a normally distributed number of standard deviation `sigma`, in grey levels, to each sample. */
export function addGaussianNoise(
  image: FloatImage,
  sigma: number,
  { grey, random }: NoiseOptions,
): FloatImage {
  return addNoise(image, grey, () => sigma * random.normal());
}

/**
 * Shot noise: the deviation of a Poisson variable from its mean, times `scale`. A sample of value v in [0, 1] counts
 * v·N photons on average, where N is the number of distinct grey levels of the image, rounded up to a power of two
 * (as BasicSR does, and scikit-image's `random_noise` before it). Grey noise is that of the luma.
 */
export function addPoissonNoise(
  image: FloatImage,
  scale: number,
  { grey, random }: NoiseOptions,
): FloatImage {
  const levels = grey ? lumaLevels(image) : sampleLevels(image);
  const photons = 2 ** Math.ceil(Math.log2(Math.max(2, countDistinct(levels))));
  const drawDeviation = poissonDeviations((level) => (level / 255) * photons, random);
  const strength = (scale * 255) / photons;
  return addNoise(image, grey, (index) => strength * drawDeviation(levels[index]!));
}

/** `draw(i)` is asked once for each sample, or for each pixel if grey, in order. */
function addNoise(image: FloatImage, grey: boolean, draw: (index: number) => number): FloatImage {
  const { channels, data } = image;
  if (grey) {
    for (let pixel = 0, i = 0; i < data.length; pixel++) {
      const noise = draw(pixel);
      for (let channel = 0; channel < channels; channel++, i++) data[i] = hold(data[i]! + noise);
    }
  } else {
    for (let i = 0; i < data.length; i++) data[i] = hold(data[i]! + draw(i));
  }
  return image;
}

function hold(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : value;
}

function toLevel(value: number): number {
  return Math.floor(hold(value) + 0.5);
}

function sampleLevels({ data }: FloatImage): Uint8Array {
  const levels = new Uint8Array(data.length);
  for (let i = 0; i < levels.length; i++) levels[i] = toLevel(data[i]!);
  return levels;
}

/** Luma (ITU-R BT.601) of each pixel as a grey level; the first channel where there are not three. */
function lumaLevels({ width, height, channels, data }: FloatImage): Uint8Array {
  const levels = new Uint8Array(width * height);
  for (let pixel = 0, i = 0; pixel < levels.length; pixel++, i += channels) {
    levels[pixel] = toLevel(
      channels < 3 ? data[i]! : 0.2989 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!,
    );
  }
  return levels;
}

function countDistinct(levels: Uint8Array): number {
  const met = new Uint8Array(256);
  for (const level of levels) met[level] = 1;
  return met.reduce((count, one) => count + one, 0);
}

/**
 * Poisson variables minus their means, which depend on a grey level: drawn by inversion of the distribution function, one
 * table a level, made when it is first met. Means must be below 700, where exp(−mean) is still a number.
 */
function poissonDeviations(
  meanOf: (level: number) => number,
  random: RandomStream,
): (level: number) => number {
  const tables = new Map<number, Float64Array>();
  return (level) => {
    const mean = meanOf(level);
    let table = tables.get(level);
    if (table === undefined) tables.set(level, (table = poissonDistribution(mean)));
    return firstAbove(table, random.uniform()) - mean;
  };
}

/** P(X ≤ k) for k = 0, 1, … as far as it differs from 1; the last entry is 1. */
function poissonDistribution(mean: number): Float64Array {
  const last = Math.ceil(mean + 10 * Math.sqrt(mean) + 20);
  const distribution = new Float64Array(last + 1);
  let probability = Math.exp(-mean);
  let sum = 0;
  for (let k = 0; k < last; k++) {
    sum += probability;
    distribution[k] = Math.min(1, sum);
    probability *= mean / (k + 1);
  }
  distribution[last] = 1;
  return distribution;
}

/** Index of the first entry above `value`, which is below 1; the entries rise to 1. */
function firstAbove(entries: Float64Array, value: number): number {
  let [low, high] = [0, entries.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
