/** The 11×11 Gaussian window of SSIM: σ = 1.5, weights that sum to 1. */
import { symmetricWindow, type SymmetricWindow } from './symmetric-window';

export const WINDOW = 11;
export const RADIUS = 5;
const SIGMA = 1.5;

/** By distance from the centre. */
export const gaussianWeights = ((): readonly number[] => {
  const gaussian = Array.from({ length: RADIUS + 1 }, (_, distance) =>
    Math.exp(-(distance * distance) / (2 * SIGMA * SIGMA)),
  );
  const sum = gaussian.reduce((total, weight, distance) => total + (distance === 0 ? 1 : 2) * weight, 0);
  return gaussian.map((weight) => weight / sum);
})();

let open: ((numbers: number) => SymmetricWindow) | undefined;

/** The window for rows of `numbers` in all; those of an earlier call must not be used afterwards. */
export function gaussianWindow(numbers: number): SymmetricWindow {
  open ??= symmetricWindow(gaussianWeights);
  return open(numbers);
}
