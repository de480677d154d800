/** A part of a data set's image as another degradation would make it; nothing is written. */
import { join, resolve, sep } from 'node:path';
import { readDatasetFile } from '../../folders/dataset-folder';
import { LabError } from '../../folders/lab-error';
import type { Degradation } from '../../protocol/degradation';
import type { DegradationPreview, PreviewCrop } from '../../protocol/dataset-page';
import { requireTrust } from '../errors';
import type { SampleServer } from './sample-server';

interface PreviewRequest {
  name: string;
  sha256: string;
  crop: PreviewCrop;
  degradation: Degradation;
}

/** Null if a newer request overtook this one. */
export async function drawPreview(
  folder: string,
  previews: SampleServer,
  { name, sha256, crop, degradation }: PreviewRequest,
): Promise<DegradationPreview | null> {
  requireTrust('A preview');
  const { scale } = await readDatasetFile(folder);
  const pictures = join(folder, 'hr');
  const image = join(pictures, `${name}.png`);
  if (!resolve(image).startsWith(resolve(pictures) + sep))
    throw new LabError(`${name} is no name of an image of this data set.`);
  const sample = await previews.draw({ image, sha256, scale, degradation, crop });
  if (sample === null) return null;
  const { hr, lr, width, height, operations } = sample;
  return { hr, lr, width, height, operations };
}
