/** How LR is made of HR: today by MATLAB's `imresize` alone. Further degradations belong here, as data with parameters. */
import type { RgbImage } from '../imaging/image';
import { imresize } from '../imaging/imresize';
import type { Degradation } from '../protocol/dataset-file';

/** What MATLAB makes of an 8-bit image, and of most published LR images. */
export const defaultDegradation: Degradation = {
  kernel: 'bicubic',
  convention: 'uint8-symmetric',
  antialias: true,
};

/** LR of an HR image whose sides are multiples of the scale. */
export function degrade(hr: RgbImage, scale: number, degradation: Degradation): RgbImage {
  return imresize(hr, 1 / scale, degradation);
}
