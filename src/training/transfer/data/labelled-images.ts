/**
 * A labelled data set in memory: every image as a square of one side, with its class. Copies of a file are found by their
 * content and left out, so that no test image was trained on.
 */
import { decodeImage } from '../../../datasets/decode';
import { hashOf } from '../../../datasets/hash';
import { readImageFile } from '../../../datasets/images';
import { compareNaturally } from '../../../datasets/scan';
import { LabError } from '../../../folders/lab-error';
import { countOf } from '../../../protocol/quantities';
import type { DataProblem, PartName } from '../../../protocol/transfer';
import { fitToSquare } from './fit-image';
import { listLabelledImages, type ListedImage } from './list-images';

export interface LabelledImage {
  readonly file: string;
  /** Index of its class. */
  readonly label: number;
  /** Images of one group must be in one part of a split. */
  readonly group: number;
  readonly part?: PartName;
}

export interface LabelledImages {
  readonly side: number;
  /** Names, in natural order. */
  readonly classes: readonly string[];
  readonly images: readonly LabelledImage[];
  /** [images, side, side, 3], RGB. */
  readonly pixels: Uint8Array;
  /** What was left out, and why. */
  readonly problems: readonly DataProblem[];
}

export interface ReadOptions {
  /** Side of the squares. */
  readonly side: number;
  /** Images with a shorter side than this are left out: the trunk would see less than one window. */
  readonly smallest: number;
  /** At most so many of a class, drawn evenly from its files in natural order. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onImage?: (done: number, total: number) => void;
}

/** Fewest images of a class: one for each part. */
export const FEWEST_OF_A_CLASS = 3;

/** Images decoded at a time. */
const AHEAD = 4;

/**
 * Reads a folder of class folders, or a table with the columns `path`, `label` and perhaps `split`. Throws a `LabError`
 * where nothing can be measured: fewer than two classes, or a class with fewer than three images.
 */
export async function readLabelledImages(source: string, options: ReadOptions): Promise<LabelledImages> {
  const { side, limit, signal, onImage } = options;
  const list = await listLabelledImages(source, signal);
  const wanted = limit === undefined ? list.images : limitClasses(list.images, limit);
  const problems = [...list.problems];
  const kept: ListedImage[] = [];
  const squares: Uint8Array[] = [];
  const firstOf = new Map<string, ListedImage>();
  for (let first = 0; first < wanted.length; first += AHEAD) {
    signal?.throwIfAborted();
    const some = wanted.slice(first, first + AHEAD);
    const opened = await Promise.all(some.map((image) => openImage(image, options)));
    opened.forEach((result, index) => {
      const image = some[index]!;
      const { file } = image;
      if ('reason' in result) {
        problems.push({ file, reason: result.reason });
        return;
      }
      const before = firstOf.get(result.sha256);
      if (before !== undefined) {
        problems.push({ file, reason: copyReason(image, before) });
        return;
      }
      firstOf.set(result.sha256, image);
      kept.push(image);
      squares.push(result.square);
    });
    onImage?.(Math.min(first + AHEAD, wanted.length), wanted.length);
  }
  const classes = [...new Set(kept.map(({ label }) => label))].sort(compareNaturally);
  checkClasses(source, classes, kept, problems);
  const index = new Map(classes.map((name, position) => [name, position]));
  const pixels = new Uint8Array(squares.length * side * side * 3);
  squares.forEach((square, position) => {
    pixels.set(square, position * square.length);
  });
  const images = kept.map(({ file, label, part }, group) => ({
    file,
    label: index.get(label)!,
    group,
    ...(part !== undefined && { part }),
  }));
  return { side, classes, images, pixels, problems };
}

/** At most `limit` of each class, evenly over its files. */
function limitClasses(images: readonly ListedImage[], limit: number): ListedImage[] {
  const sizes = new Map<string, number>();
  for (const { label } of images) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const seen = new Map<string, number>();
  return images.filter(({ label }) => {
    const [size, position] = [sizes.get(label)!, seen.get(label) ?? 0];
    seen.set(label, position + 1);
    return (
      size <= limit || Math.floor(((position + 1) * limit) / size) > Math.floor((position * limit) / size)
    );
  });
}

async function openImage(
  { path }: ListedImage,
  { side, smallest }: ReadOptions,
): Promise<{ sha256: string; square: Uint8Array } | { reason: string }> {
  try {
    const bytes = await readImageFile(path);
    const { image } = await decodeImage(bytes);
    if (Math.min(image.width, image.height) < smallest) {
      return {
        reason:
          `It is too small for the network: ${image.width}×${image.height} pixels, where at least ` +
          `${smallest}×${smallest} are needed.`,
      };
    }
    return { sha256: hashOf(bytes), square: fitToSquare(image, side).data };
  } catch (error) {
    if (error instanceof LabError) return { reason: error.message };
    throw error;
  }
}

function copyReason({ label }: ListedImage, before: ListedImage): string {
  const conflict =
    label === before.label
      ? ''
      : `, which has another label (${before.label}, not ${label}): one of the two is wrong`;
  return `It is a copy of ${before.file}${conflict}.`;
}

function checkClasses(
  source: string,
  classes: readonly string[],
  images: readonly ListedImage[],
  problems: readonly DataProblem[],
): void {
  const leftOut = describeProblems(problems);
  if (classes.length < 2) {
    const found =
      classes.length === 0
        ? 'no labelled image that can be used'
        : `images of one class only (${classes[0]!})`;
    throw new LabError(
      `${source} has ${found}; a classifier needs two classes at least.${leftOut} ` +
        'Give a folder that holds a folder of images for each class, or a CSV with the columns path and label.',
    );
  }
  for (const name of classes) {
    const count = images.filter(({ label }) => label === name).length;
    if (count >= FEWEST_OF_A_CLASS) continue;
    throw new LabError(
      `The class ${name} of ${source} has ${count === 1 ? 'one usable image' : 'two usable images'}; it needs ` +
        `${FEWEST_OF_A_CLASS}, one each to train, to validate and to test.${leftOut} ` +
        'Add images, or take the class out.',
    );
  }
}

/** What was left out, and the first reason: most often all have the same. */
function describeProblems(problems: readonly DataProblem[]): string {
  const [first] = problems;
  if (first === undefined) return '';
  const { file, reason } = first;
  return problems.length === 1
    ? ` ${file} was left out: ${reason}`
    : ` ${countOf(problems.length, 'item')} were left out, the first of them ${file}: ${reason}`;
}
