/** What the processes of `analysis-worker.ts` can be asked for: whatever needs pixels. */
import { luma } from '../../imaging/colour';
import { findFeatures, strongestFeatures } from '../../imaging/features/features';
import { imresize } from '../../imaging/imresize';
import { measureImage } from '../../imaging/measures/measure-image';
import { largestWindow, radialSpectrum, type RadialSpectrum } from '../../imaging/spectrum/radial-spectrum';
import type { ImageMeasures } from '../../protocol/image-measures';
import type { RgbImage } from '../../imaging/image';
import { readImage } from '../images';
import { packFeatures, type PackedFeatures } from './packed-features';
import { mirrored, sharedPart, showTheSame, type SharedPart } from './same-picture';

/** Features by which an image is found in others. */
const INDEXED = 64;

export interface DescribeJob {
  kind: 'describe';
  /** The HR image. */
  hr: string;
  /** Whether its measures are wanted: they may be known already. */
  measure: boolean;
  /** Its LR image and the scale, where spectra are wanted. */
  spectra?: { lr: string; scale: number } | undefined;
}

export interface Described {
  measures?: ImageMeasures;
  /** The few features by which it is found. */
  indexed: PackedFeatures;
  /** All of them. */
  features: PackedFeatures;
  spectra?: Spectra;
}

/** Each in cycles a pixel of its own image. */
export interface Spectra {
  hr: RadialSpectrum;
  lr: RadialSpectrum;
  enlarged: RadialSpectrum;
}

export interface CompareJob {
  kind: 'compare';
  a: string;
  b: string;
  /** Whether the second image is mirrored left to right before anything else. */
  mirrored: boolean;
  /** Where the first one should lie in the second; without it whole images are compared. */
  place?: { left: number; top: number } | undefined;
}

export type Compared = { same: false } | { same: true; part?: SharedPart };

export type AnalysisJob = DescribeJob | CompareJob;

export interface AnalysisResults {
  describe: Described;
  compare: Compared;
}

/** Does a job, in a worker. Throws a `LabError` that names an image that cannot be read. */
export function doAnalysisJob(job: AnalysisJob): Promise<AnalysisResults[AnalysisJob['kind']]> {
  return job.kind === 'describe' ? describe(job) : compare(job);
}

async function describe({ hr, measure, spectra }: DescribeJob): Promise<Described> {
  const image = await readImage(hr);
  const features = findFeatures(image);
  const described: Described = {
    indexed: packFeatures(features, strongestFeatures(features, image, INDEXED)),
    features: packFeatures(features),
  };
  if (measure) described.measures = measureImage(image);
  if (spectra !== undefined) described.spectra = spectraOf(image, await readImage(spectra.lr), spectra.scale);
  return described;
}

function spectraOf(hr: RgbImage, lr: RgbImage, scale: number): Spectra {
  const enlarged = imresize(lr, scale, { convention: 'double' });
  // As many cycles of one frequency lie in the windows of both.
  const lrSide = Math.min(largestWindow(lr), 2 ** Math.floor(Math.log2(largestWindow(hr) / scale)));
  return {
    hr: radialSpectrum(luma(hr)),
    lr: radialSpectrum(luma(lr), lrSide),
    enlarged: radialSpectrum(luma(enlarged)),
  };
}

async function compare({ a, b, mirrored: turn, place }: CompareJob): Promise<Compared> {
  const [first, second] = [await readImage(a), await readImage(b)];
  const other = turn ? mirrored(second) : second;
  if (place === undefined) return { same: showTheSame(first, other) };
  const part = sharedPart(first, other, place.left, place.top);
  return part === undefined ? { same: false } : { same: true, part };
}
