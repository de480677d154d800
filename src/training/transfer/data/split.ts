/**
 * Who trains, validates and tests. Stratified and drawn by the seed, unless the data set says so itself; images of one
 * group stay together. And which few of the training images keep their labels.
 */
import { LabError } from '../../../folders/lab-error';
import { randomStream } from '../../../random/random-stream';
import { partNames, type PartName } from '../../../protocol/transfer';
import type { PartRows } from '../regression/choose';
import type { LabelledImage, LabelledImages } from './labelled-images';

/** Shares of the parts that are held out. */
export const VALIDATION_SHARE = 0.2;
export const TEST_SHARE = 0.2;

/** 0 … count − 1 in an order of the stream (Fisher and Yates). */
export function shuffled(count: number, seed: number, stream: string): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  const random = randomStream(seed, stream);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Rows of each class, in order. */
function rowsOfClasses(
  images: readonly LabelledImage[],
  rows: readonly number[],
  classes: number,
): number[][] {
  const result: number[][] = Array.from({ length: classes }, () => []);
  for (const row of rows) result[images[row]!.label]!.push(row);
  return result;
}

/** How many of `count` are held out: the share, rounded, but at least one. */
const heldOut = (share: number, count: number): number => Math.max(1, Math.round(share * count));

/** The split of a seed. Throws a `LabError` where a class would be missing in a part. */
export function splitImages({ images, classes }: LabelledImages, seed: number): PartRows {
  const all = images.map((_, row) => row);
  const given = images.some(({ part }) => part !== undefined);
  const parts = given
    ? givenParts(images, classes.length, seed)
    : hasGroups(images)
      ? groupedParts(images, seed)
      : stratifiedParts(images, all, classes.length, seed);
  for (const name of partNames) {
    const present = new Set(parts[name].map((row) => images[row]!.label));
    const missing = classes.find((_, label) => !present.has(label));
    if (missing === undefined) continue;
    const [what, advice] = given
      ? ['its own split puts', 'Correct the column “split”.']
      : ['the split puts', 'Give more images, or another seed.'];
    throw new LabError(
      `The class ${missing} has no image in the ${name} part: ${what} none there. ${advice}`,
    );
  }
  return parts;
}

function hasGroups(images: readonly LabelledImage[]): boolean {
  return new Set(images.map(({ group }) => group)).size < images.length;
}

function stratifiedParts(
  images: readonly LabelledImage[],
  rows: readonly number[],
  classes: number,
  seed: number,
): Record<PartName, number[]> {
  const parts: Record<PartName, number[]> = { train: [], validation: [], test: [] };
  rowsOfClasses(images, rows, classes).forEach((own, label) => {
    const order = shuffled(own.length, seed, `transfer/split/${label}`).map((index) => own[index]!);
    const test = heldOut(TEST_SHARE, own.length);
    const validation = heldOut(VALIDATION_SHARE, own.length);
    parts.test.push(...order.slice(0, test));
    parts.validation.push(...order.slice(test, test + validation));
    parts.train.push(...order.slice(test + validation));
  });
  return sorted(parts);
}

/** Whole groups, shuffled, until each held-out part has its share of the images. */
function groupedParts(images: readonly LabelledImage[], seed: number): Record<PartName, number[]> {
  const groups = [...new Set(images.map(({ group }) => group))];
  const parts: Record<PartName, number[]> = { train: [], validation: [], test: [] };
  for (const index of shuffled(groups.length, seed, 'transfer/split/groups')) {
    const rows = images.flatMap(({ group }, row) => (group === groups[index] ? [row] : []));
    const wants = (part: number, share: number): boolean => part < share * images.length - rows.length / 2;
    if (parts.test.length === 0 || wants(parts.test.length, TEST_SHARE)) parts.test.push(...rows);
    else if (parts.validation.length === 0 || wants(parts.validation.length, VALIDATION_SHARE)) {
      parts.validation.push(...rows);
    } else parts.train.push(...rows);
  }
  return sorted(parts);
}

/** The data set's own split; where it has no validation part, one is drawn from its training part. */
function givenParts(
  images: readonly LabelledImage[],
  classes: number,
  seed: number,
): Record<PartName, number[]> {
  const rowsOf = (name: PartName): number[] =>
    images.flatMap(({ part = 'train' }, row) => (part === name ? [row] : []));
  const [train, validation, test] = [rowsOf('train'), rowsOf('validation'), rowsOf('test')];
  if (test.length === 0) {
    throw new LabError('The column “split” has no row with “test”. Add some, or leave the column out.');
  }
  if (validation.length > 0) return { train, validation, test };
  const drawn: Record<PartName, number[]> = { train: [], validation: [], test };
  rowsOfClasses(images, train, classes).forEach((own, label) => {
    const order = shuffled(own.length, seed, `transfer/split/${label}`).map((index) => own[index]!);
    const count = heldOut(VALIDATION_SHARE, own.length);
    drawn.validation.push(...order.slice(0, count));
    drawn.train.push(...order.slice(count));
  });
  return sorted(drawn);
}

function sorted(parts: Record<PartName, number[]>): Record<PartName, number[]> {
  for (const name of partNames) parts[name].sort((a, b) => a - b);
  return parts;
}

/**
 * `count` training images of each class, drawn by the seed; those of a smaller count are among those of a larger.
 * Undefined where a class has fewer.
 */
export function fewLabels(
  { images, classes }: LabelledImages,
  train: readonly number[],
  count: number,
  seed: number,
): number[] | undefined {
  const byClass = rowsOfClasses(images, train, classes.length);
  if (byClass.some((own) => own.length < count)) return undefined;
  return byClass
    .flatMap((own, label) =>
      shuffled(own.length, seed, `transfer/labels/${label}`)
        .slice(0, count)
        .map((index) => own[index]!),
    )
    .sort((a, b) => a - b);
}
