/**
 * Bicubic enlargement by a whole factor, as MATLAB's imresize computes it, in three operations: mirror the border,
 * convolve with a fixed kernel whose output channels are the sub-pixels, shuffle them into place. Enlarging repeats the
 * same weights for every pixel (only their phase changes), which is why a convolution can do it.
 */
import type { Shape } from '../graph/shape';
import { kernels } from '../../imaging/kernels';

/** Taps of the convolution on each axis, enough for the phases left and right of a pixel's centre. */
export const BICUBIC_TAPS = 5;
/** Pixels that the border is mirrored by, so that a `valid` convolution keeps the size. */
export const BICUBIC_BORDER = 2;

const RGB = 3;

/** Weights of the taps, at −2 … 2 pixels, for the sub-pixel `phase` of `factor`; they sum to 1. */
function phaseWeights(phase: number, factor: number): number[] {
  const centre = (phase + 0.5) / factor - 0.5;
  const weights = Array.from({ length: BICUBIC_TAPS }, (_, tap) =>
    kernels.bicubic.at(centre - (tap - BICUBIC_BORDER)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Weights of the taps for each of the `factor` sub-pixels of one axis. */
export function bicubicPhases(factor: number): number[][] {
  return Array.from({ length: factor }, (_, phase) => phaseWeights(phase, factor));
}

/** The kernel [5, 5, 3, factor²·3]: output channel (a·factor + b)·3 + c is sub-pixel (a, b) of colour c. */
export function bicubicKernel(factor: number): { shape: Shape; data: Float32Array } {
  const outputs = factor * factor * RGB;
  const phases = bicubicPhases(factor);
  const data = new Float32Array(BICUBIC_TAPS * BICUBIC_TAPS * RGB * outputs);
  for (let row = 0; row < BICUBIC_TAPS; row++) {
    for (let column = 0; column < BICUBIC_TAPS; column++) {
      const tap = (row * BICUBIC_TAPS + column) * RGB;
      for (let a = 0; a < factor; a++) {
        for (let b = 0; b < factor; b++) {
          const weight = phases[a]![row]! * phases[b]![column]!;
          for (let colour = 0; colour < RGB; colour++) {
            data[(tap + colour) * outputs + (a * factor + b) * RGB + colour] = weight;
          }
        }
      }
    }
  }
  return { shape: [BICUBIC_TAPS, BICUBIC_TAPS, RGB, outputs], data };
}
