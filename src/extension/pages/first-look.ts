/**
 * What a page waits for before it can show a picture. It is asked for when VS Code opens the editor: while the page loads, the
 * process starts and looks into the file.
 */
import { stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import type { PictureFacts, PictureThumbnail } from '../../protocol/preview';
import { describePicture, pictureThumbnail, type PictureServer } from './picture-server';

export interface PictureLook {
  /** Null if the process was ended meanwhile. Rejects with a `LabError` that says what is wrong with the file. */
  readonly facts: Promise<PictureFacts | null>;
  /** Null where there is none, whyever: the picture itself follows. Never rejects. */
  readonly thumbnail: Promise<PictureThumbnail | null>;
}

/** Asks for all of it. */
export function lookInto(reader: PictureServer, path: string): PictureLook {
  const facts = describePicture(reader, path);
  const thumbnail = pictureThumbnail(reader, path).catch(() => null);
  // Nobody may be there any more to hear of it.
  facts.catch(() => undefined);
  return { facts, thumbnail };
}

interface Begun {
  readonly stamp: string;
  readonly look: PictureLook;
}

export class FirstLook {
  private begun: Promise<Begun | null>;
  private readonly use: { dispose(): void };

  constructor(reader: PictureServer, path: string) {
    this.use = reader.use();
    this.begun = begin(reader, path);
  }

  /** What was asked for, once, and if the file is still the same: then the caller uses the process, too. */
  async take(stats: Stats): Promise<PictureLook | null> {
    const begun = await this.begun;
    this.dispose();
    return begun?.stamp === stampOf(stats) ? begun.look : null;
  }

  dispose(): void {
    this.begun = Promise.resolve(null);
    this.use.dispose();
  }
}

/** Null where there is no file: the page's session says so. */
async function begin(reader: PictureServer, path: string): Promise<Begun | null> {
  try {
    return { stamp: stampOf(await stat(path)), look: lookInto(reader, path) };
  } catch {
    return null;
  }
}

function stampOf({ mtimeMs, size }: Stats): string {
  return `${mtimeMs} ${size}`;
}
