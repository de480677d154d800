/**
 * From a data set's folder to what its page is told. Reading is a pipe of small portions, between which the event loop of
 * the extension host turns: 100,000 images never hold up anything else.
 */
import { readJournalLines } from '../../folders/building-journal';
import { readDatasetFile, readEntries } from '../../folders/dataset-folder';
import type { LinePosition, LinesRead } from '../../folders/json-lines';
import type { DatasetEntry, DatasetFile, DatasetImage } from '../../protocol/dataset-file';
import type { DatasetHeader, DatasetPageImage, DatasetPortion } from '../../protocol/dataset-page';

/** A folder of the data set as the address that its page loads pictures from. */
export type AddressOf = (kind: 'hr' | 'lr') => string;

/** Images in a message: few enough to be made and taken in within a frame. */
const PORTION = 400;

export async function readPageHeader(folder: string, address: AddressOf): Promise<DatasetHeader> {
  return pageHeader(folder, await readDatasetFile(folder), address);
}

function pageHeader(folder: string, file: DatasetFile, address: AddressOf): DatasetHeader {
  const { name, roots, scale, degradation, leftOut, contents, subImages } = file;
  return {
    folder,
    name,
    roots,
    scale,
    degradation,
    leftOut,
    adopted: 'adopted' in file && file.adopted !== undefined,
    contents: contents ?? null,
    subImages: subImages ?? null,
    hr: `${address('hr')}/`,
    lr: `${address('lr')}/`,
  };
}

type Portion = Omit<DatasetPortion, 'reading'>;

/** All images and omissions. Throws a `LabError` if the list is damaged, which may show only at its end. */
export async function* readPortions(folder: string): AsyncGenerator<Portion> {
  let portion: Portion = { images: [], omitted: [] };
  for await (const entries of readEntries(folder)) {
    for (const entry of entries) addTo(portion, entry);
    if (portion.images.length + portion.omitted.length < PORTION) continue;
    yield portion;
    portion = { images: [], omitted: [] };
  }
  yield portion;
}

function addTo({ images, omitted }: Portion, entry: DatasetEntry): void {
  if (entry.kind === 'image') images.push(pageImage(entry));
  else omitted.push({ root: entry.root, source: entry.source, reason: entry.reason });
}

function pageImage(image: DatasetImage): DatasetPageImage {
  const { name, root, source, crop, split, width, height, sha256, notes, measures } = image;
  return {
    name,
    root,
    source,
    crop,
    split,
    width,
    height,
    sha256,
    notes,
    version: image.hrSha256.slice(0, 6) + image.lrSha256.slice(0, 6),
    ...(measures === undefined ? {} : { measures: withoutFingerprint(measures) }),
  };
}

/** What of a data set that is being made was made after a position in its journal. */
export async function readMade(
  folder: string,
  from: LinePosition,
): Promise<Pick<LinesRead<DatasetPageImage>, 'lines' | 'position' | 'restarted'>> {
  const { lines, position, restarted } = await readJournalLines(folder, from);
  const images = lines.flatMap((line) =>
    line.kind === 'made' && line.from !== undefined
      ? // Which of them are held out is decided when all are there.
        line.images.map((image) => pageImage({ ...image, ...line.from!, kind: 'image', split: 'train' }))
      : [],
  );
  return { lines: images, position, restarted };
}

function withoutFingerprint({
  sharpness,
  noise,
  blockiness,
  flatness,
}: NonNullable<DatasetImage['measures']>): NonNullable<DatasetPageImage['measures']> {
  return { sharpness, noise, blockiness, flatness };
}
