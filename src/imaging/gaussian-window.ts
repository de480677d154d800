/** The 11×11 Gaussian window of SSIM: σ = 1.5, weights that sum to 1. */
import { symmetricWindow, type SymmetricWindow } from './symmetric-window';
import type { WindowMemory } from './window-memory';

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

let open: ((memory: WindowMemory) => SymmetricWindow) | undefined;

/** The window for rows of that memory. */
export function gaussianWindow(memory: WindowMemory): SymmetricWindow {
  open ??= symmetricWindow(gaussianWeights);
  return open(memory);
}
