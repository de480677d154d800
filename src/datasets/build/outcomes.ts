/**
 * What came of each source: images that were kept, images that were made, or a reason. All of them are there as bytes or
 * numbers, and become objects one at a time.
 */
import type { Made } from '../make-images';
import type { Comparison } from './compare';
import { renamedImage } from './known-images';
import { PackedImages } from './packed-images';

const NONE = -1;

export class Outcomes {
  private readonly made = new PackedImages();
  /** By index of the source: the number of what was made of it, or `NONE`. */
  private readonly numbers: Int32Array;
  private readonly reasons: Map<number, string>;

  constructor(
    readonly length: number,
    private readonly comparison: Comparison,
  ) {
    this.numbers = new Int32Array(length).fill(NONE);
    this.reasons = new Map(comparison.unusable);
  }

  set(index: number, outcome: Made): void {
    if (outcome.kind === 'made') this.numbers[index] = this.made.add(outcome.images);
    else this.reasons.set(index, outcome.reason);
  }

  /** What came of a source; undefined where nothing has yet. */
  get(index: number): Made | undefined {
    const number = this.numbers[index]!;
    if (number !== NONE) return { kind: 'made', images: this.made.get(number) };
    const kept = this.comparison.kept(index);
    if (kept !== undefined) return { kind: 'made', images: kept.map(renamedImage) };
    const reason = this.reasons.get(index);
    return reason === undefined ? undefined : { kind: 'left-out', reason };
  }
}
