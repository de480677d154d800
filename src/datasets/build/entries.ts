/** What came of the sources of a data set becomes its list of images. */
import type { DatasetEntry, DatasetImage, DatasetRecipe, Omission } from '../../protocol/dataset-file';
import type { Made, MadeImage } from '../make-images';
import { compareNaturally } from '../scan';
import { splitSources } from '../split';
import type { Plan, Wanted } from './plan';

/** The list of images: all images in the order of their sources, then all omissions in theirs. */
export function entriesOf(
  { wanted, omitted }: Plan,
  outcomes: readonly (Made | undefined)[],
  { validation }: DatasetRecipe,
): DatasetEntry[] {
  const used: { source: Wanted; images: MadeImage[]; sha256: string }[] = [];
  const leftOut: Omission[] = [...omitted];
  for (const [index, source] of wanted.entries()) {
    const outcome = outcomes[index];
    if (outcome?.kind === 'left-out')
      leftOut.push({ kind: 'omitted', root: source.root, source: source.source, reason: outcome.reason });
    const sha256 = outcome?.kind === 'made' ? outcome.images[0]?.sha256 : undefined;
    if (outcome?.kind === 'made' && sha256 !== undefined)
      used.push({ source, images: outcome.images, sha256 });
  }
  const splits = splitSources(
    used.map(({ source, sha256 }) => ({ source: source.source, sha256 })),
    validation,
  );
  const images = used.flatMap(({ source: { root, source }, images }, index): DatasetImage[] =>
    images.map((image) => ({ kind: 'image', root, source, split: splits[index]!, ...image })),
  );
  leftOut.sort((a, b) => a.root - b.root || compareNaturally(a.source, b.source));
  return [...images, ...leftOut];
}
