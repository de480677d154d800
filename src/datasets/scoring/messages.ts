/**
 * What a scorer and its threads tell each other. Each part of a pair has a place in shared memory: whoever first writes its own
 * number there has taken the part, the calling thread as well as the others.
 */
import type { RgbImage } from '../../imaging/image';
import type { PartSums, ScoringPart } from '../../imaging/scoring-parts';

/** Told to every thread. */
export interface SharedPair {
  /** In memory that all threads see. */
  readonly sr: RgbImage;
  readonly hr: RgbImage;
  readonly border: number;
  readonly parts: readonly ScoringPart[];
  /** Who has taken each part: 0 is nobody. */
  readonly takers: Int32Array<SharedArrayBuffer>;
}

/** What a thread made of a part, or why it could not. */
export type PartAnswer =
  { readonly index: number; readonly sums: PartSums } | { readonly index: number; readonly error: string };

/** The number of the calling thread; the others count on from it. */
export const CALLER = 1;

/** The parts that nobody else takes, one after the other. */
export function* partsToTake(
  { parts, takers }: SharedPair,
  taker: number,
): Generator<{ readonly index: number; readonly part: ScoringPart }> {
  for (const [index, part] of parts.entries()) {
    if (Atomics.compareExchange(takers, index, 0, taker) === 0) yield { index, part };
  }
}
