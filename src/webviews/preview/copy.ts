/** What is in sight, in the picture's own pixels, as a PNG on the clipboard. */
import { palette } from '../kit/theme';
import { layerOf } from '../stage/layers';
import type { StagePicture } from '../stage/panes';
import { loadPictures } from '../stage/use-pictures';
import type { Rectangle } from '../stage/viewport';

/** More than this is no part of a picture that a person would paste. */
const MOST_PIXELS = 32e6;

let current: { picture: StagePicture; sight: Rectangle } | null = null;

/** What `copySight` will copy; `sight` is in pixels of the scene, which are the picture's. */
export function rememberSight(picture: StagePicture, sight: Rectangle): void {
  current = { picture, sight };
}

/** Returns what was copied, in words. Throws with a sentence if it cannot be copied. */
export async function copySight(): Promise<string> {
  if (!current) throw new Error('There is no picture to copy yet.');
  const { picture, sight } = current;
  const left = Math.floor(sight.left);
  const top = Math.floor(sight.top);
  const width = Math.ceil(sight.left + sight.width) - left;
  const height = Math.ceil(sight.top + sight.height) - top;
  if (width * height > MOST_PIXELS) {
    throw new Error(`What is in sight has ${width}×${height} pixels, too many to copy. Zoom in, or save it.`);
  }
  const { loaded } = await loadPictures([picture]);
  const layer = layerOf(picture, loaded, palette.value.background);
  if (!layer) throw new Error('There is no picture to copy yet.');
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const part = { left, top, width, height };
  layer.draw(canvas.getContext('2d')!, { part, to: { left: 0, top: 0, width, height } });
  const png = new Promise<Blob>((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The picture could not be made into a PNG.'));
    }, 'image/png');
  });
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
  return `Copied ${width}×${height}`;
}
