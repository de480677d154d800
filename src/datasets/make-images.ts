/**
 * One source file becomes the images of a data set: decoded, cut to a multiple of the scale, degraded, cut into sub-images
 * where the recipe says so, written. What comes out depends on the file and on the job alone, so any number of workers
 * gives the same bytes.
 */
import { rename, rm, writeFile, open } from 'node:fs/promises';
import { besides } from '../folders/atomic-write';
import { explainFileError, LabError } from '../folders/lab-error';
import { cropImage, cropToMultiple, type RgbImage } from '../imaging/image';
import { measureImage } from '../imaging/measures/measure-image';
import type { CropPlace, DatasetImage, DatasetRecipe } from '../protocol/dataset-file';
import { decodeImage } from './decode';
import { degrade } from './degrade';
import { encodePng } from './encode';
import { hashOf } from './hash';
import { readImageFile } from './images';
import { imagePath } from './layout';
import { adoptLr, minimumLrSide, type LrSource, type PairOfSource } from './pairs/adopt-pair';
import { isSamePlace, subImageName, subImagePlaces } from './sub-images';

export { minimumLrSide };

/** The part of a recipe that decides what comes of a source. */
export type ImageRecipe = Pick<DatasetRecipe, 'scale' | 'degradation' | 'subImages' | 'adopted'>;

export interface MakeJob {
  /** The file to read. */
  source: string;
  /** Folder of the data set; `hr` and `lr` exist in it. */
  folder: string;
  /** Name of the image; those of its sub-images come from it. */
  name: string;
  recipe: ImageRecipe;
  /** Sub-images that are not wanted. */
  without: readonly CropPlace[];
  /** The LR image that is there already. */
  lr?: LrSource | undefined;
}

/** What a data set's entry says of an image, apart from where it belongs. */
export type MadeImage = Omit<DatasetImage, 'kind' | 'root' | 'source' | 'split'>;

/** The file cannot be used; others can. */
export interface LeftOut {
  kind: 'left-out';
  reason: string;
}

export type Made = { kind: 'made'; images: MadeImage[] } | LeftOut;

/** Makes the images of a source, or says why not. Throws only for what stops the whole work, such as a full disk. */
export async function makeImages(job: MakeJob): Promise<Made> {
  const { recipe, folder } = job;
  const source = await readSource(job.source, recipe);
  if (source.kind === 'left-out') return source;
  const { sha256, image } = source;
  const pair = await withLr(source, job);
  if ('reason' in pair) return { kind: 'left-out', reason: pair.reason };
  const { hr, lr, notes, adopted } = pair;
  const images: MadeImage[] = [];
  for (const { name, crop } of partsOf(job.name, hr, recipe, job.without)) {
    const part = cutOut({ hr, lr }, crop, recipe);
    images.push({
      name,
      ...(crop !== undefined && { crop }),
      width: part.hr.width,
      height: part.hr.height,
      sourceWidth: image.width,
      sourceHeight: image.height,
      sha256,
      hrSha256: await writeImage(imagePath(folder, 'hr', name), part.hr),
      lrSha256: await writeImage(imagePath(folder, 'lr', name), part.lr),
      notes,
      measures: measureImage(part.hr),
      ...(adopted !== undefined && { pair: adopted }),
    });
  }
  return { kind: 'made', images };
}

/** LR as the recipe makes it, or as it is there. */
async function withLr(
  { image, sha256, notes }: ReadSource,
  { recipe: { scale, degradation }, lr }: MakeJob,
): Promise<PairOfSource | { reason: string }> {
  try {
    if (lr !== undefined) return await adoptLr(image, notes, lr, scale);
    const hr = cropToMultiple(image, scale);
    if (hr.width !== image.width || hr.height !== image.height)
      notes.push(`cut from ${image.width}×${image.height} at the right and bottom to a multiple of ${scale}`);
    return { hr, lr: (await degrade(hr, scale, degradation, sha256)).lr, notes };
  } catch (error) {
    if (error instanceof LabError) return { reason: error.message };
    throw error;
  }
}

/** Whether a source can be used, without making anything. */
export async function probeSource(
  source: string,
  recipe: ImageRecipe,
): Promise<LeftOut | { kind: 'usable' }> {
  const read = await readSource(source, recipe);
  return read.kind === 'left-out' ? read : { kind: 'usable' };
}

export interface Part {
  name: string;
  /** Absent for a whole image. */
  crop?: CropPlace;
}

/**
 * What is made of an image of this size, under which names: itself, or its sub-images. Names do not depend on what is not
 * wanted.
 */
export function partsOf(
  name: string,
  { width, height }: Pick<RgbImage, 'width' | 'height'>,
  { scale, subImages }: ImageRecipe,
  without: readonly CropPlace[],
): Part[] {
  if (subImages === undefined) return [{ name }];
  return subImagePlaces(width - (width % scale), height - (height % scale), subImages)
    .map((crop, index) => ({ name: subImageName(name, index), crop }))
    .filter(({ crop }) => !without.some((place) => isSamePlace(place, crop)));
}

interface ReadSource {
  kind: 'read';
  image: RgbImage;
  sha256: string;
  /** What was changed in decoding it. */
  notes: string[];
}

async function readSource(path: string, recipe: ImageRecipe): Promise<ReadSource | LeftOut> {
  let file: Buffer;
  let decoded: Awaited<ReturnType<typeof decodeImage>>;
  try {
    file = await readImageFile(path);
    decoded = await decodeImage(file);
  } catch (error) {
    if (error instanceof LabError) return { kind: 'left-out', reason: error.message };
    throw error;
  }
  const { image, notes } = decoded;
  const reason = tooSmall(image, recipe);
  if (reason !== undefined) return { kind: 'left-out', reason };
  return { kind: 'read', image, sha256: hashOf(file), notes };
}

function tooSmall({ width, height }: RgbImage, { scale, subImages }: ImageRecipe): string | undefined {
  const minimum = minimumLrSide * scale;
  if (width < minimum || height < minimum) {
    return (
      `It is too small: ${width}×${height} pixels. ` +
      `At ×${scale} an image needs at least ${minimum}×${minimum}, so that its LR image has ${minimumLrSide} a side.`
    );
  }
  if (subImages !== undefined && (width < subImages.size || height < subImages.size)) {
    return `It is too small: ${width}×${height} pixels, and a sub-image has ${subImages.size}×${subImages.size}.`;
  }
  return undefined;
}

function cutOut(
  pair: { hr: RgbImage; lr: RgbImage },
  crop: CropPlace | undefined,
  { scale, subImages }: ImageRecipe,
): { hr: RgbImage; lr: RgbImage } {
  if (crop === undefined || subImages === undefined) return pair;
  const { left, top } = crop;
  const side = subImages.size;
  return {
    hr: cropImage(pair.hr, left, top, side, side),
    lr: cropImage(pair.lr, left / scale, top / scale, side / scale, side / scale),
  };
}

/** Replaces a PNG as one step; returns its hash. The folder is synced once, when all of them are written. */
async function writeImage(path: string, image: RgbImage): Promise<string> {
  const png = await encodePng(image);
  const partial = besides(path);
  try {
    const handle = await open(partial, 'wx');
    try {
      await writeFile(handle, png);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw explainFileError('write', path, error);
  }
  return hashOf(png);
}
