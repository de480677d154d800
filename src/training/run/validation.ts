/**
 * How good the generator is on images that it does not train on: crops while it trains, whole images when a stage ends.
 * Always beside bicubic enlargement of the same 8-bit LR image, the baseline that has to be beaten.
 */
import { readDataset } from '../../folders/dataset-folder';
import type { RgbImage } from '../../imaging/image';
import { scoreImages } from '../../imaging/metrics';
import type { ImageScore, Score, ValidationLine } from '../../protocol/metrics';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { Upscaler } from '../upscale/upscaler';
import { anyScorable, cropQuality, type CropQuality } from './crop-quality';
import { openPristineModel, type PristineProgress } from './pristine-model';
import {
  chooseImages,
  enlarge,
  planCrops,
  readCrop,
  readPair,
  type ValidationCrop,
} from './validation-crops';

export type Extent = ValidationLine['extent'];

export interface Validation extends Pick<
  ValidationLine,
  'extent' | 'split' | 'model' | 'bicubic' | 'images' | 'niqe' | 'spectrum'
> {
  /** SR of each crop, by name; empty for whole images. */
  readonly pictures: ReadonlyMap<string, RgbImage>;
}

export interface Validator {
  readonly crops: readonly ValidationCrop[];
  /** What a person should know about the images that are used, one sentence each. */
  readonly warnings: readonly string[];
  /**
   * Measures what the crops are compared with, which may take a minute on a data set that no run has had before; needed
   * before the first validation. Resolves to what a person should know. Rejects with the signal's reason when it aborts.
   */
  prepare(progress: PristineProgress): Promise<string[]>;
  /** Scores the generator. Rejects with the signal's reason when it aborts. */
  validate(extent: Extent, upscaler: Upscaler, signal: AbortSignal): Promise<Validation>;
}

/** PSNR of equal images is infinite, which JSON cannot say. */
const MAX_PSNR = 100;

/** Loads the crops. Throws a `LabError` if an image cannot be read, is not there, or none is large enough to be scored. */
export async function openValidator(dataset: string, configuration: RunConfiguration): Promise<Validator> {
  const { scale } = configuration;
  const file = await readDataset(dataset);
  const { split, images, warnings } = chooseImages(file, scale);
  const crops: ValidationCrop[] = [];
  for (const planned of planCrops(configuration, images)) crops.push(await readCrop(dataset, planned, scale));
  const bicubicScores = new Map<string, Score>();
  let measure: ((pictures: ReadonlyMap<string, RgbImage>) => CropQuality) | null = null;

  const prepare = async (progress: PristineProgress): Promise<string[]> => {
    const pristine = anyScorable(crops) ? await openPristineModel(dataset, file, progress) : null;
    const none = typeof pristine === 'string';
    measure = cropQuality(crops, none ? null : pristine);
    return none ? [pristine] : [];
  };

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
    const quality = extent === 'crop' ? measure?.(pictures) : undefined;
    return { extent, split, model, bicubic, ...withQuality(scores, quality), pictures };
  };
  return { crops, warnings, prepare, validate };
}

function withQuality(
  images: readonly ImageScore[],
  quality: CropQuality | undefined,
): Pick<Validation, 'images' | 'niqe' | 'spectrum'> {
  if (quality === undefined) return { images: [...images] };
  const { perCrop, ...ofAll } = quality;
  const scored = images.map((image) => {
    const niqe = perCrop.get(image.name);
    return niqe ? { ...image, niqe } : image;
  });
  return { images: scored, ...ofAll };
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
