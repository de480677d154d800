/** Which pictures of a validation image are on the stage; pure. */
import type { SampleImage } from '../../protocol/pages';
import type { ImageScore, ValidationLine } from '../../protocol/metrics';
import { decibels } from '../kit/format';
import type { StagePicture } from '../stage/panes';

/** Index of the SR picture to show for an asked step: the latest for null, else the nearest there is. −1 without any. */
export function sampleIndex(sr: SampleImage['sr'], step: number | null): number {
  if (step === null || sr.length === 0) return sr.length - 1;
  let nearest = 0;
  sr.forEach((sample, index) => {
    if (Math.abs(sample.step - step) < Math.abs(sr[nearest]!.step - step)) nearest = index;
  });
  return nearest;
}

/** Scores of an image's SR picture at a step, from the validation that kept the picture. */
export function sampleScore(
  validations: readonly ValidationLine[],
  name: string,
  step: number,
): ImageScore | undefined {
  const line = validations.findLast((candidate) => candidate.step === step && candidate.sampled);
  return line?.images.find((image) => image.name === name);
}

/** How many validations had a picture of this image that is no longer there; pictures that are being written are not counted. */
export function picturesGivenUp(validations: readonly ValidationLine[], image: SampleImage): number {
  const newest = image.sr.at(-1)?.step ?? -1;
  const kept = new Set(image.sr.map(({ step }) => step));
  const sampled = validations.filter(
    ({ sampled: has, step, images }) =>
      has && step < newest && images.some(({ name }) => name === image.name),
  );
  return sampled.filter(({ step }) => !kept.has(step)).length;
}

/** Bicubic, SR (where there is one) and HR, in the order of their keys. */
export function stagePictures(
  image: SampleImage,
  index: number,
  score: ImageScore | undefined,
): StagePicture[] {
  const sample = image.sr[index];
  const scored = (value: number | undefined) => (value === undefined ? {} : { detail: decibels(value) });
  const sr: StagePicture[] = sample
    ? [{ id: 'sr', label: 'SR', ...scored(score?.model.psnr), role: 'sr', uri: sample.uri }]
    : [];
  return [
    { id: 'bicubic', label: 'LR, bicubic', ...scored(score?.bicubic.psnr), role: 'lr', uri: image.bicubic },
    ...sr,
    { id: 'hr', label: 'HR', role: 'hr', uri: image.hr },
  ];
}
