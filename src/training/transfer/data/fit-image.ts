/** A picture of any size as a square of the side that a measurement works on. */
import { cropImage, type RgbImage } from '../../../imaging/image';
import { imresize } from '../../../imaging/imresize';

/**
 * The shorter side shrunk or enlarged to `side` (MATLAB's bicubic imresize, antialiased), then the centre square.
 */
export function fitToSquare(image: RgbImage, side: number): RgbImage {
  const factor = side / Math.min(image.width, image.height);
  const width = Math.max(side, Math.round(image.width * factor));
  const height = Math.max(side, Math.round(image.height * factor));
  const same = width === image.width && height === image.height;
  const resized = same ? image : imresize(image, { width, height });
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
  return cropImage(resized, left, top, side, side);
}
