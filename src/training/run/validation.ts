/**
 * How good the generator is on images that it does not train on: centre crops while it trains, whole images when a stage
 * ends. Always beside bicubic enlargement of the same 8-bit LR image, the baseline that has to be beaten.
 */
import { LabError } from '../../folders/lab-error';
import { readDataset } from '../../folders/dataset-folder';
import { readImage } from '../../datasets/images';
import { imagePath } from '../../datasets/layout';
import { cropImage, type RgbImage } from '../../imaging/image';
import { imresize } from '../../imaging/imresize';
import { minimumSide, scoreImages } from '../../imaging/metrics';
import type { Dataset, DatasetImage, SplitName } from '../../protocol/dataset-file';
import type { ImageScore, Score, ValidationLine } from '../../protocol/metrics';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { Upscaler } from '../upscale/upscaler';

export type Extent = ValidationLine['extent'];

/** The centre crop of a validation image, as it is scored and sampled during training. */
export interface ValidationCrop {
  readonly name: string;
  readonly lr: RgbImage;
  readonly hr: RgbImage;
  readonly bicubic: RgbImage;
}

export interface Validation extends Pick<
  ValidationLine,
  'extent' | 'split' | 'model' | 'bicubic' | 'images'
> {
  /** SR of each crop, by name; empty for whole images. */
  readonly pictures: ReadonlyMap<string, RgbImage>;
}

export interface Validator {
  readonly crops: readonly ValidationCrop[];
  /** What a person should know about the images that are used, one sentence each. */
  readonly warnings: readonly string[];
  /** Scores the generator. Rejects with the signal's reason when it aborts. */
  validate(extent: Extent, upscaler: Upscaler, signal: AbortSignal): Promise<Validation>;
}

/** PSNR of equal images is infinite, which JSON cannot say. */
const MAX_PSNR = 100;

/** Loads the crops. Throws a `LabError` if an image cannot be read or none is large enough to be scored. */
export async function openValidator(dataset: string, configuration: RunConfiguration): Promise<Validator> {
  const { scale, validation } = configuration;
  const file = await readDataset(dataset);
  const { split, images, warnings } = chooseImages(file, minimumSide(scale));
  const crops: ValidationCrop[] = [];
  for (const image of images.slice(0, validation.images)) {
    crops.push(centreCrop(image.name, await readPair(dataset, image), validation.crop, scale));
  }
  const bicubicScores = new Map<string, Score>();

  const score = (name: string, extent: Extent, sr: RgbImage, lr: RgbImage, hr: RgbImage): ImageScore => {
    const key = `${extent}/${name}`;
    const bicubic = bicubicScores.get(key) ?? scoreOf(enlarge(lr, scale), hr, scale);
    bicubicScores.set(key, bicubic);
    return { name, model: scoreOf(sr, hr, scale), bicubic };
  };

  const validate = async (extent: Extent, upscaler: Upscaler, signal: AbortSignal): Promise<Validation> => {
    const scores: ImageScore[] = [];
    const pictures = new Map<string, RgbImage>();
    if (extent === 'crop') {
      for (const { name, lr, hr } of crops) {
        const sr = await upscaler.upscale(lr, { signal });
        pictures.set(name, sr);
        scores.push(score(name, extent, sr, lr, hr));
      }
    } else {
      for (const image of images) {
        const { lr, hr } = await readPair(dataset, image);
        const sr = await upscaler.upscale(lr, { signal });
        scores.push(score(image.name, extent, sr, lr, hr));
      }
    }
    const model = meanScore(scores.map((image) => image.model));
    const bicubic = meanScore(scores.map((image) => image.bicubic));
    return { extent, split, model, bicubic, images: scores, pictures };
  };
  return { crops, warnings, validate };
}

/** The validation split, or the training split where there is none, without the images too small to be scored. */
function chooseImages(
  file: Dataset,
  minimum: number,
): { split: SplitName; images: DatasetImage[]; warnings: string[] } {
  const warnings: string[] = [];
  const held = file.images.filter((image) => image.split === 'validation');
  const split: SplitName = held.length > 0 ? 'validation' : 'train';
  if (split === 'train') {
    warnings.push(
      `The data set ${file.name} holds no images out for validation: scores are of images that are trained on.`,
    );
  }
  const candidates = held.length > 0 ? held : file.images;
  const images = candidates.filter((image) => Math.min(image.width, image.height) >= minimum);
  if (images.length === 0) {
    throw new LabError(
      `No image of the data set ${file.name} can be scored: each side must have at least ${minimum} pixels. ` +
        `Create the data set from larger images.`,
    );
  }
  if (images.length < candidates.length) {
    const names = candidates.filter((image) => !images.includes(image)).map((image) => image.name);
    warnings.push(
      `Too small to be scored (under ${minimum} pixels) and left out of validation: ${names.join(', ')}.`,
    );
  }
  return { split, images, warnings };
}

async function readPair(dataset: string, { name }: DatasetImage): Promise<{ lr: RgbImage; hr: RgbImage }> {
  const [lr, hr] = await Promise.all([
    readImage(imagePath(dataset, 'lr', name)),
    readImage(imagePath(dataset, 'hr', name)),
  ]);
  return { lr, hr };
}

/** `side` in HR pixels; a side of the image that is shorter is taken whole. The crop lies on the LR grid. */
function centreCrop(
  name: string,
  pair: { lr: RgbImage; hr: RgbImage },
  side: number,
  scale: number,
): ValidationCrop {
  const [width, height] = [pair.lr.width, pair.lr.height].map((length) =>
    Math.min(length, Math.max(Math.floor(side / scale), Math.ceil(minimumSide(scale) / scale))),
  ) as [number, number];
  const left = (pair.lr.width - width) >> 1;
  const top = (pair.lr.height - height) >> 1;
  const lr = cropImage(pair.lr, left, top, width, height);
  const hr = cropImage(pair.hr, left * scale, top * scale, width * scale, height * scale);
  return { name, lr, hr, bicubic: enlarge(lr, scale) };
}

function enlarge(lr: RgbImage, scale: number): RgbImage {
  return imresize(lr, { width: lr.width * scale, height: lr.height * scale });
}

function scoreOf(sr: RgbImage, hr: RgbImage, scale: number): Score {
  const { psnr, ssim } = scoreImages(sr, hr, { border: scale });
  return { psnr: Math.min(psnr, MAX_PSNR), ssim };
}

function meanScore(scores: readonly Score[]): Score {
  const mean = (of: (score: Score) => number): number =>
    scores.reduce((sum, score) => sum + of(score), 0) / scores.length;
  return { psnr: mean((score) => score.psnr), ssim: mean((score) => score.ssim) };
}
