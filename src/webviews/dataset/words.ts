/** A data set in words. */
import type { Degradation } from '../../protocol/degradation';
import type { DatasetHeader, DatasetPageImage } from '../../protocol/dataset-page';
import { count, counted, fixed, percent, significant } from '../kit/format';
import type {
  MeasureKey,
  ProblemFilter,
  ProblemKind,
  SortKey,
  SplitFilter,
  ValueRange,
} from './image-collection';

const conventions: Record<Degradation['convention'], string> = {
  double: 'computed in double precision and rounded once',
  'uint8-symmetric': 'rounded to 8 bit between the passes, symmetric borders',
  'uint8-clamped': 'rounded to 8 bit between the passes, clamped borders',
};

/** Details of rounding, for a tooltip. */
export function degradationDetails({ convention, stages }: Degradation): string {
  if (stages !== undefined) return `The last resizing is MATLAB’s imresize, ${conventions[convention]}.`;
  return `LR is made from HR as MATLAB’s imresize does, ${conventions[convention]}.`;
}

export function splitWords({ train, validation }: { train: number; validation: number }): string {
  return `${count(train)} for training, ${count(validation)} for validation`;
}

/** `960×640`, or the ranges of both sides. */
export function sizeWords(contents: DatasetHeader['contents']): string {
  const { widthRange, heightRange } = contents ?? {};
  if (widthRange === undefined || heightRange === undefined) return '';
  const words = ([low, high]: readonly [number, number]) => (low === high ? String(low) : `${low}–${high}`);
  return `${words(widthRange)} × ${words(heightRange)}`;
}

export function omissionWords(files: number): string {
  return `${counted(files, 'file')} left out`;
}

export const splitLabels: Record<SplitFilter, string> = {
  all: 'Both splits',
  train: 'Training',
  validation: 'Validation',
};

export const problemLabels: Record<ProblemKind, string> = {
  duplicate: 'duplicate',
  flat: 'flat',
  blurred: 'blurred',
  noisy: 'noisy',
  blocky: 'blocky',
};

export const problemFilterLabels: Record<ProblemFilter, string> = {
  all: 'Any quality',
  any: 'With problems',
  duplicate: 'Duplicates',
  flat: 'Flat',
  blurred: 'Blurred',
  noisy: 'Noisy',
  blocky: 'Blocky',
  noted: 'With notes',
};

export const sortLabels: Record<SortKey, string> = {
  listed: 'As listed',
  name: 'Name',
  size: 'Size',
  sharpness: 'Sharpness',
  noise: 'Noise',
  blockiness: 'Blockiness',
  flatness: 'Flatness',
  problem: 'Problem',
  split: 'Split',
};

export const measureLabels: Record<MeasureKey, string> = {
  size: 'Size',
  sharpness: 'Sharpness',
  noise: 'Noise',
  blockiness: 'Blockiness',
  flatness: 'Flatness',
};

/** What the numbers are, for whoever reads them for the first time. */
export const measureHints: Record<MeasureKey, string> = {
  size: 'Pixels of HR.',
  sharpness:
    'Frequency, in cycles a pixel, at which the sharpest edges have lost half of their contrast; 0.5 is all that pixels can hold.',
  noise: 'Standard deviation of the noise, in grey levels of 255.',
  blockiness: 'How much stronger jumps are on an 8×8 grid, as JPEG leaves it, than off it.',
  flatness: 'Share of the image without texture.',
};

/** A value with its unit. */
export function measureWords(key: MeasureKey, value: number): string {
  switch (key) {
    case 'size':
      return `${significant(value / 1e6)} MP`;
    case 'sharpness':
      return `${fixed(value, 2)} cycles/px`;
    case 'noise':
      return `${fixed(value, 1)} of 255`;
    case 'blockiness':
      return fixed(value, 2);
    case 'flatness':
      return percent(value);
  }
}

/** The unit of a measure, for the title of its chart. */
export const measureUnits: Record<MeasureKey, string> = {
  size: 'megapixels',
  sharpness: 'cycles/px',
  noise: 'grey levels of 255',
  blockiness: '',
  flatness: '%',
};

/** A value without its unit. */
export function measureNumber(key: MeasureKey, value: number): string {
  if (key === 'size') return significant(value / 1e6);
  if (key === 'flatness') return fixed(100 * value, 0);
  return fixed(value, key === 'noise' ? 1 : 2);
}

export function rangeWords(key: MeasureKey, { min, max }: ValueRange): string {
  return `${measureLabels[key]} ${measureWords(key, min)} to ${measureWords(key, max)}`;
}

/** An image for those who hear it. */
export function imageWords(image: DatasetPageImage, problems: readonly ProblemKind[]): string {
  return [
    image.name,
    `${image.width} by ${image.height}`,
    image.split === 'validation' ? 'validation' : 'training',
    ...problems.map((kind) => problemLabels[kind]),
    ...(image.notes.length > 0 ? [counted(image.notes.length, 'note')] : []),
  ].join(', ');
}

export const duplicateWords: Record<'identical' | 're-encoded' | 'crop', string> = {
  identical: 'The same pixels',
  're-encoded': 'Saved again or resized',
  crop: 'A part of the other',
};

export const problemHints: Record<Exclude<ProblemKind, 'duplicate'>, string> = {
  flat: 'Little texture: there is little to learn from them.',
  blurred: 'HR without detail teaches a network to leave detail out.',
  noisy: 'A network learns to draw the noise.',
  blocky: 'Traces of strong JPEG compression in HR are learnt, too.',
};
