/** One enlargement of a picture, part by part into files, in the order in which they are looked at, until it is stopped. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeScratchPng } from '../datasets/encode';
import type { Picture } from '../datasets/picture';
import type { RgbImage } from '../imaging/image';
import { explainFileError, LabError } from '../folders/lab-error';
import { imresizeArea } from '../imaging/resize-area';
import type { EnlargedPart, PreviewAnswer, Region } from '../protocol/preview';
import { EnlargementOrder } from '../training/upscale/enlargement-order';
import type { OpenEnlarger } from '../training/upscale/open-enlarger';

/** No picture that is looked at may become larger: 4 times as many pixels as may be decoded. */
const MOST_PIXELS = 2 ** 30;

export class Enlarging {
  stopped = false;
  private order: EnlargementOrder | undefined;

  constructor(private view: Region) {}

  look(view: Region): void {
    this.view = view;
    this.order?.look(view);
  }

  /** Nothing more is begun. */
  stop(): void {
    this.stopped = true;
  }

  /** Throws a `LabError` if a part cannot be made. */
  async run(
    picture: Picture,
    enlarger: OpenEnlarger,
    folder: string,
    id: number,
    answer: (answer: PreviewAnswer) => void,
  ): Promise<void> {
    const { image } = picture;
    const { scale, description, engine } = enlarger;
    const [width, height] = [image.width * scale, image.height * scale];
    if (width * height > MOST_PIXELS) {
      throw new LabError(
        `It would become ${width}×${height}, more than can be looked at. Cut the picture into parts, or use srgan-lab upscale.`,
      );
    }
    const tiles = enlarger.tiles(image);
    const total = tiles.areas.length;
    const order = new EnlargementOrder(tiles.areas, image, this.view);
    this.order = order;
    answer({ id, enlargement: { description, scale, width, height, total, engine } });
    const start = performance.now();
    while (!this.stopped) {
      const index = order.next();
      if (index === undefined) {
        answer({ id, ended: 'done' });
        return;
      }
      const area = tiles.areas[index]!;
      const result = await tiles.upscale(index);
      const opacity = picture.opacity && imresizeArea(picture.opacity, area, scale, 'bicubic');
      const write = async (name: string, image: RgbImage): Promise<string> => {
        await writeScratch(join(folder, name), await encodeScratchPng(image, opacity));
        return name;
      };
      const part: EnlargedPart = {
        left: area.left * scale,
        top: area.top * scale,
        width: area.width * scale,
        height: area.height * scale,
        result: await write(`${id}-${index}.png`, result),
        bicubic:
          engine === null
            ? null
            : await write(
                `${id}-${index}-bicubic.png`,
                imresizeArea({ ...image, channels: 3 }, area, scale, 'bicubic'),
              ),
      };
      const done = total - order.left;
      const seconds = (performance.now() - start) / 1000;
      answer({ id, part, done, secondsLeft: (seconds / done) * order.left });
    }
    answer({ id, ended: 'stopped' });
  }
}

/** Writes a file that a page is about to read. Throws a `LabError` that names it. */
export async function writeScratch(path: string, bytes: Buffer): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch (error) {
    throw explainFileError('write', path, error);
  }
}
