/**
 * Maps of local SSIM as pictures: RGB, as large as what was compared. Red and green are the high and the low byte of the
 * index, so that a page can tell its value. Blue is 255 where there is one, and 0 within the window's reach of the edges.
 */

export const HAS_VALUE = 255;

const MOST = 65_535;

/** The index, in [−1, 1], as a number of 16 bits. */
export function similarityToWord(index: number): number {
  return Math.round(((Math.min(1, Math.max(-1, index)) + 1) / 2) * MOST);
}

/** The index that a pixel stands for; null where there is none. */
export function similarityOfPixel(red: number, green: number, blue: number): number | null {
  return blue === HAS_VALUE ? ((256 * red + green) / MOST) * 2 - 1 : null;
}
