/** What came of the sources of a data set becomes its list of images, which nobody has to hold whole. */
import type { DatasetEntry, DatasetRecipe, Omission, SplitName } from '../../protocol/dataset-file';
import type { MadeImage } from '../make-images';
import { compareNaturally } from '../scan';
import { splitSources } from '../split';
import type { Outcomes } from './outcomes';
import type { Plan, Wanted } from './plan';

/** The list of images: all images in the order of their sources, then all omissions in theirs. Each pass makes them anew. */
export class EntryList implements Iterable<DatasetEntry> {
  readonly omitted: readonly Omission[];
  /** Of the sources that there are images of. */
  private readonly splits: readonly SplitName[];

  constructor(
    private readonly plan: Plan,
    private readonly outcomes: Outcomes,
    { validation }: DatasetRecipe,
  ) {
    this.splits = splitSources(this.contents(), validation);
    this.omitted = [...plan.omitted, ...this.unusable()].sort(
      (a, b) => a.root - b.root || compareNaturally(a.source, b.source),
    );
  }

  get hasImages(): boolean {
    return this.splits.length > 0;
  }

  *[Symbol.iterator](): Generator<DatasetEntry> {
    let position = 0;
    for (const { wanted, images } of this.used()) {
      const { root, source } = wanted;
      const split = this.splits[position++]!;
      for (const image of images) yield { kind: 'image', root, source, split, ...image };
    }
    yield* this.omitted;
  }

  *names(): Generator<string> {
    for (const { images } of this.used()) for (const { name } of images) yield name;
  }

  /** Sources that there are images of. */
  private *used(): Generator<{ wanted: Wanted; images: MadeImage[] }> {
    for (const [index, wanted] of this.plan.wanted.entries()) {
      const outcome = this.outcomes.get(index);
      if (outcome?.kind === 'made' && outcome.images.length > 0) yield { wanted, images: outcome.images };
    }
  }

  private *contents(): Generator<{ source: string; sha256: string }> {
    for (const { wanted, images } of this.used()) yield { source: wanted.source, sha256: images[0]!.sha256 };
  }

  private *unusable(): Generator<Omission> {
    for (const [index, { root, source }] of this.plan.wanted.entries()) {
      const outcome = this.outcomes.get(index);
      if (outcome?.kind === 'left-out') yield { kind: 'omitted', root, source, reason: outcome.reason };
    }
  }
}
