/** The contract of the preview: what its page may ask of the host, and what the host tells it. */
import type {
  Enlargement,
  Enlarger,
  EnlargedPart,
  Histogram,
  PictureFacts,
  PictureThumbnail,
  Region,
} from './preview';

/** What can be chosen to enlarge with. */
export interface PreviewChoice {
  /** Stays the same while the page is open. */
  id: string;
  label: string;
  /** What tells it from others, e.g. the scale and where it lies. */
  detail: string;
  enlarger: Enlarger;
}

/** The picture, as its file is now. */
export interface ShownFile {
  name: string;
  folder: string;
  /** Address of the file; null where something else is shown first, or in its place: `picture` follows. */
  uri: string | null;
  /** Changes with the file. */
  version: number;
}

export interface PreviewPageContract {
  requests: {
    /** Enlarges the picture in place of what is under way: what is in sight first. */
    enlarge: (parameters: { enlarger: Enlarger; view: Region }) => void;
    /** What is in sight now, in pixels of the file's picture. */
    look: (parameters: { view: Region }) => void;
    stop: (parameters: Record<string, never>) => void;
    /** Asks where to, and enlarges the whole picture into that file. */
    saveAs: (parameters: { enlarger: Enlarger }) => void;
    /** Looks at the file again. */
    reload: (parameters: Record<string, never>) => void;
    manageTrust: (parameters: Record<string, never>) => void;
  };
  events: {
    /** Everything that is known at once; replaces what the page had. */
    file: ShownFile;
    choices: { choices: PreviewChoice[]; trusted: boolean };
    facts: { version: number; facts: PictureFacts };
    /** What is shown until the picture, of that size, has come. */
    thumbnail: { version: number; thumbnail: PictureThumbnail; width: number; height: number };
    /** The address of the picture, where `file` did not tell it: the file, or what the lab made of it. */
    picture: { version: number; uri: string };
    histogram: { version: number; histogram: Histogram };
    /** The file cannot be shown, or is gone: what and why, in words. */
    broken: { message: string };
    enlargement: { version: number; enlargement: Enlargement };
    /** Names of pictures are addresses here. */
    part: { version: number; part: EnlargedPart; done: number; secondsLeft: number | null };
    ended: { version: number; how: 'done' | 'stopped' };
    /** The enlargement failed; the picture is shown nevertheless. */
    failed: { message: string };
  };
}
