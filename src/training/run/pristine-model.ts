/**
 * The pristine model of a data set, for NIQE: fitted on its HR training images when the first run on it starts, kept in its
 * folder for the next ones.
 */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { readImage } from '../../datasets/images';
import { imagePath } from '../../datasets/layout';
import { writeJsonAtomically } from '../../folders/atomic-write';
import { LabError } from '../../folders/lab-error';
import { readJson } from '../../folders/read-json';
import { cropImage, type RgbImage } from '../../imaging/image';
import { blocksOf } from '../../imaging/niqe/block-features';
import type { FeatureGaussian } from '../../imaging/niqe/niqe';
import { FEWEST_PRISTINE_BLOCKS, fitPristineModel, pristineBlocks } from '../../imaging/niqe/pristine';
import type { Dataset, DatasetImage } from '../../protocol/dataset-file';
import { NIQE_FILE, niqeModelSchema, type NiqeModel } from '../../protocol/niqe-model';
import { countOf } from '../../protocol/quantities';

/** As many as the paper has. */
const IMAGES = 125;
/** Of a larger image its middle is taken: a megapixel has a hundred blocks. */
const LARGEST_SIDE = 1056;

export interface PristineProgress {
  readonly signal: AbortSignal;
  /** What is being done right now. */
  readonly tell: (message: string) => void;
  readonly log: (message: string) => void;
}

/**
 * Reads or makes the model; a sentence why there is none where the images do not suffice for one. Throws a `LabError` if an
 * image cannot be read. Rejects with the signal's reason when it aborts.
 */
export async function openPristineModel(
  folder: string,
  dataset: Dataset,
  progress: PristineProgress,
): Promise<FeatureGaussian | string> {
  const file = join(folder, NIQE_FILE);
  const contents = dataset.contents.sha256;
  const kept = await readKept(file);
  if (kept?.contents === contents) return gaussianOf(kept);

  const images = chooseImages(dataset.images);
  const blocks = [];
  for (const [index, { name }] of images.entries()) {
    await setImmediate();
    progress.signal.throwIfAborted();
    progress.tell(
      `Measuring what the data set’s HR images look like, for NIQE: image ${index + 1} of ${images.length}.`,
    );
    blocks.push(...pristineBlocks(middleOf(await readImage(imagePath(folder, 'hr', name)))));
  }
  const model = fitPristineModel(blocks);
  if (model === null) {
    return (
      `NIQE is not measured: it compares with sharp blocks of 96×96 pixels of the HR training images, and of the ` +
      `${FEWEST_PRISTINE_BLOCKS} or more that it takes ${dataset.name} has ${blocks.length}. Add images to have it.`
    );
  }
  const made: NiqeModel = {
    format: 1,
    contents,
    images: images.length,
    blocks: model.blocks,
    sharpShare: model.sharpShare,
    mean: [...model.mean],
    covariance: [...model.covariance],
  };
  progress.log(
    `NIQE compares with ${countOf(model.blocks, 'sharp block')} of ${countOf(images.length, 'HR training image')}.`,
  );
  await keep(file, made, progress.log);
  return gaussianOf(made);
}

/** Those of the training split that have a block, evenly spread. */
function chooseImages(images: readonly DatasetImage[]): DatasetImage[] {
  const candidates = images.filter((image) => image.split === 'train' && blocksOf(image) > 0);
  const count = Math.min(IMAGES, candidates.length);
  return Array.from(
    { length: count },
    (_, index) => candidates[Math.floor((index * candidates.length) / count)]!,
  );
}

function middleOf(image: RgbImage): RgbImage {
  const [width, height] = [image.width, image.height].map((side) => Math.min(side, LARGEST_SIDE)) as [
    number,
    number,
  ];
  return cropImage(image, (image.width - width) >> 1, (image.height - height) >> 1, width, height);
}

/** A damaged one is none: it can be made again. */
async function readKept(file: string): Promise<NiqeModel | null> {
  try {
    return await readJson(file, niqeModelSchema);
  } catch (error) {
    if (error instanceof LabError) return null;
    throw error;
  }
}

/** A data set that may not be written to has its model measured each time. */
async function keep(file: string, model: NiqeModel, log: (message: string) => void): Promise<void> {
  try {
    await writeJsonAtomically(file, model);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    log(`It could not be kept for the next run: ${error.message}`);
  }
}

function gaussianOf({ mean, covariance }: NiqeModel): FeatureGaussian {
  return { mean: Float64Array.from(mean), covariance: Float64Array.from(covariance) };
}
