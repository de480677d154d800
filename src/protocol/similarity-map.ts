/**
 * Maps of local SSIM as pictures: RGBA, as large as what was compared. Red and green are the high and the low byte of the
 * index, so that a page can tell its value; where there is none, as within the window's reach of the edges, it is transparent.
 */

const MOST = 65_535;

/** The index, in [−1, 1], as a number of 16 bits. */
export function similarityToWord(index: number): number {
  return Math.round(((Math.min(1, Math.max(-1, index)) + 1) / 2) * MOST);
}

/** The index that two bytes stand for. */
export function similarityOfBytes(high: number, low: number): number {
  return ((256 * high + low) / MOST) * 2 - 1;
}
