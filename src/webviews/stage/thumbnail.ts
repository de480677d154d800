/**
 * A small picture that is drawn in the place of a large one until that has come. It has the size of the large one, and no
 * pixels: nothing can be read from it, copied or compared.
 */
import type { PictureThumbnail } from '../../protocol/preview';
import { decodeBitmap, type DrawnBitmap, type Picture } from './pictures';
import type { Extent } from './viewport';

export class Thumbnail implements Extent {
  readonly width: number;
  readonly height: number;

  private constructor(
    readonly uri: string,
    private readonly bitmap: ImageBitmap,
    whole: Extent,
  ) {
    this.width = whole.width;
    this.height = whole.height;
  }

  /**
   * Null if the file is no picture.
   * @param uri stands for the large picture where its own address is not known yet
   * @param whole size of the large picture
   */
  static async decode(
    uri: string,
    { type, base64 }: PictureThumbnail,
    whole: Extent,
  ): Promise<Thumbnail | null> {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await decodeBitmap(new Blob([bytes], { type }));
    return bitmap && new Thumbnail(uri, bitmap, whole);
  }

  drawn(): DrawnBitmap {
    const { bitmap, width, height } = this;
    return { bitmap, scale: { x: bitmap.width / width, y: bitmap.height / height } };
  }

  /** Pictures are compared as JSON. */
  toJSON(): string {
    return this.uri;
  }
}

/** What is drawn of pictures, by their addresses. */
export type DrawnPictures = ReadonlyMap<string, Picture | Thumbnail>;

/** The picture at that address, with all of its pixels; undefined until it has come. */
export function wholeOf(drawn: DrawnPictures, uri: string): Picture | undefined {
  const picture = drawn.get(uri);
  return picture instanceof Thumbnail ? undefined : picture;
}
