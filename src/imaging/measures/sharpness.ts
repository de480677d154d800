/**
 * How sharp an image is where it is sharpest, told from how fast its spectrum falls towards the finest detail. Noise, which
 * looks like detail, is taken off first.
 */
import { bandEnergies, type BandEnergies } from './band-energies';
import { detailModel, LEVELS } from './detail-model';
import type { LumaTile } from './luma-tiles';

/** The share of the blocks that counts: those with most detail, so that a background out of focus does not. */
const SHARE = 0.2;

/** Standard deviation of the logarithm of a band's energy among sharp photographs. */
const SCATTER = 0.5;

/** How well the noise's energy is known, as a share of it. */
const NOISE_ERROR = 0.1;

/** So many tiles are all looked at. */
const ENOUGH = 6;

/** Less contrast than this (variance of luma in grey levels squared) in the detail of the busiest blocks is no picture. */
const LEAST_ENERGY = 0.5;

/**
 * Sharpness in cycles a pixel, in [0, 0.5]: the frequency at which the contrast of detail has fallen to half of what a sharp
 * photograph has. 0.5 is as sharp as pixels can be; a sharp photograph blurred by a Gaussian of deviation σ pixels has about
 * 0.19 / σ; 0 means that there is no detail of any size.
 *
 * Power spectra of natural images fall as 1 / f² (Field, "Relations between the statistics of natural images …", JOSA A
 * 4(12), 1987), that is with equal energies in all octaves. The energies of four octaves, in the fifth of the image with
 * most detail and without the noise's part, are held against what that spectrum has under a Gaussian blur; the best fit
 * of the blur's half-contrast frequency is the value.
 *
 * @param noise standard deviation of the noise in grey levels
 */
export function detailSharpness(tiles: readonly LumaTile[], noise: number): number {
  const energies = busiest(someOf(tiles).flatMap(bandEnergies), noise);
  if (energies === undefined) return 0;
  const model = detailModel();
  const weights = new Float64Array(LEVELS);
  const logarithms = new Float64Array(LEVELS);
  for (let level = 0; level < LEVELS; level++) {
    const noisePart = noise * noise * model.noiseGains[level]!;
    const floor = NOISE_ERROR * noisePart + 1e-4;
    const signal = Math.max(energies[level]! - noisePart, floor);
    logarithms[level] = Math.log(signal);
    weights[level] = 1 / (SCATTER ** 2 + (floor / signal) ** 2);
  }
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const { sharpness, logEnergies } of model.blurs) {
    const error = misfit(logarithms, logEnergies, weights);
    if (error >= least) continue;
    least = error;
    best = sharpness;
  }
  return best;
}

/** Every second tile, where there are many: they have blocks enough. */
function someOf(tiles: readonly LumaTile[]): readonly LumaTile[] {
  return tiles.length > ENOUGH ? tiles.filter((_, index) => index % 2 === 0) : tiles;
}

/** Mean energies of the blocks with most detail; undefined where there is none to speak of. */
function busiest(blocks: readonly BandEnergies[], noise: number): Float64Array | undefined {
  const gains = detailModel().noiseGains;
  const detail = (energies: BandEnergies): number => energies[1]! + energies[2]!;
  const ranked = [...blocks].sort((a, b) => detail(b) - detail(a));
  ranked.length = Math.min(ranked.length, Math.max(1, Math.round(SHARE * blocks.length)));
  const mean = new Float64Array(LEVELS);
  for (const energies of ranked) {
    for (let level = 0; level < LEVELS; level++) mean[level]! += energies[level]! / ranked.length;
  }
  let signal = 0;
  for (let level = 1; level < LEVELS; level++) signal += mean[level]! - noise * noise * gains[level]!;
  return signal > LEAST_ENERGY ? mean : undefined;
}

/** Weighted squares of the differences of logarithms, whatever the contrast of the picture. */
function misfit(measured: Float64Array, expected: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let first = 0;
  let second = 0;
  for (let level = 0; level < LEVELS; level++) {
    const weight = weights[level]!;
    const difference = measured[level]! - expected[level]!;
    sum += weight;
    first += weight * difference;
    second += weight * difference * difference;
  }
  return second - (first * first) / sum;
}
