/** A data set in words. */
import type { DatasetFile, Degradation } from '../../protocol/dataset-file';
import type { DatasetPageImage } from '../../protocol/pages';
import { count, counted } from '../kit/format';

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

export function splitWords(images: readonly Pick<DatasetPageImage, 'split'>[]): string {
  const validation = images.filter(({ split }) => split === 'validation').length;
  return `${count(images.length - validation)} for training, ${count(validation)} for validation`;
}

/** `960×640`, or the smallest and the largest by number of pixels. */
export function sizeWords(images: readonly Pick<DatasetPageImage, 'width' | 'height'>[]): string {
  if (images.length === 0) return '';
  const byArea = images.toSorted((a, b) => a.width * a.height - b.width * b.height);
  const words = ({ width, height }: Pick<DatasetPageImage, 'width' | 'height'>) => `${width}×${height}`;
  const [smallest, largest] = [words(byArea[0]!), words(byArea.at(-1)!)];
  return smallest === largest ? smallest : `${smallest} to ${largest}`;
}

export function omissionWords(omitted: DatasetFile['omitted']): string {
  return `${counted(omitted.length, 'file')} left out`;
}
