/** What is in sight, in the picture's own pixels, as a PNG on the clipboard. */
import type { StagePicture } from '../stage/panes';
import { Thumbnail, wholeOf } from '../stage/thumbnail';
import { TiledPicture } from '../stage/tiled-picture';
import { loadPictures } from '../stage/use-pictures';
import type { Extent, Rectangle } from '../stage/viewport';
import { stageCell } from './preview-page-state';
import { inFilePixels } from './view-scale';

/** More than this is no part of a picture that a person would paste. */
const MOST_PIXELS = 32e6;

let offered: readonly StagePicture[] = [];
let sight: { readonly area: Rectangle; readonly scene: Extent } | null = null;

/** The pictures on the stage: the one that is alone there is copied, or else the last. */
export function offerPictures(pictures: readonly StagePicture[]): void {
  offered = pictures;
}

/** What is in sight, in pixels of the scene. */
export function rememberSight(area: Rectangle, scene: Extent): void {
  sight = { area, scene };
}

/** Returns what was copied, in words. Throws with a sentence if it cannot be copied. */
export async function copySight(): Promise<string> {
  const picture = offered.find(({ id }) => id === stageCell.value.solo) ?? offered.at(-1);
  if (!picture || !sight) throw new Error('There is no picture to copy yet.');
  const { area, scene } = sight;
  const { canvas, said } =
    picture.tiles instanceof TiledPicture
      ? await copyTiles(picture.tiles, picture.label, inFilePixels(area, 1))
      : await copyPlain(picture, inFilePixels(area, 1), scene);
  const png = new Promise<Blob>((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The picture could not be made into a PNG.'));
    }, 'image/png');
  });
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
  return said;
}

interface Copied {
  readonly canvas: HTMLCanvasElement;
  readonly said: string;
}

/** The scene may have several pixels for each of the picture, beside its enlargement. */
async function copyPlain(picture: StagePicture, area: Rectangle, scene: Extent): Promise<Copied> {
  const { loaded } = await loadPictures([picture]);
  if (loaded.get(picture.uri) instanceof Thumbnail)
    throw new Error('The picture is still being loaded. Wait until all of it is there.');
  const plain = wholeOf(loaded, picture.uri);
  if (!plain) throw new Error('There is no picture to copy yet.');
  const part = inFilePixels(area, scene.width / plain.width);
  const { copied, context } = emptyCopy(part, picture.label);
  context.drawImage(plain.bitmap, -part.left, -part.top);
  return copied;
}

async function copyTiles(tiles: TiledPicture, label: string, part: Rectangle): Promise<Copied> {
  const { copied, context } = emptyCopy(part, label);
  const pictures = await tiles.fetch(part);
  if (!pictures)
    throw new Error('Not everything in sight is enlarged yet. Wait for it, or zoom into what is there.');
  for (const [{ left, top }, { bitmap }] of pictures)
    context.drawImage(bitmap, left - part.left, top - part.top);
  return copied;
}

function emptyCopy(
  { width, height }: Extent,
  what: string,
): { copied: Copied; context: CanvasRenderingContext2D } {
  if (width * height > MOST_PIXELS) {
    throw new Error(`What is in sight has ${width}×${height} pixels, too many to copy. Zoom in, or save it.`);
  }
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const copied = { canvas, said: `Copied ${width}×${height} of ${what}` };
  return { copied, context: canvas.getContext('2d')! };
}
