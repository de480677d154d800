/**
 * The contract of the page of compared images. The host tells which pictures there are and where each is to be found; the page
 * decides what is compared with what, and asks for figures and maps.
 */
import type { ComparisonChoice, Measurement } from './compare-images';
import type { PictureSize } from './picture-alignment';

export const MOST_IMAGES = 6;

/** A compared picture: a file, or its version in git's HEAD. */
export interface ComparedImage {
  readonly path: string;
  readonly revision: 'file' | 'HEAD';
}

/** What the page keeps for its host: enough to open it again. */
export interface CompareImagesMemory {
  images: ComparedImage[];
}

export interface ListedImage {
  /** Stays the same while the picture is compared. */
  id: string;
  /** Tells it from the others on the page. */
  name: string;
  /** Where it lies, in words. */
  place: string;
  image: ComparedImage;
}

export interface CompareImagesPageContract {
  requests: {
    /** Asks for more pictures. */
    add: (parameters: Record<string, never>) => void;
    /** Takes a picture out of the comparison; its file stays. */
    remove: (parameters: { id: string }) => void;
    /** Looks at its file again. */
    reload: (parameters: { id: string }) => void;
    /** Figures of a picture against the reference; null if the wish was dropped. */
    measure: (parameters: { reference: string; id: string; choice: ComparisonChoice }) => Measurement | null;
    /** Address of a map of local SSIM; null if the wish was dropped. */
    map: (parameters: { reference: string; id: string; choice: ComparisonChoice }) => string | null;
    /** Address of the picture enlarged by bicubic imresize; null if the wish was dropped. */
    enlarge: (parameters: { id: string; scale: number }) => string | null;
    /** Gives up what was asked for and has not begun. */
    drop: (parameters: Record<string, never>) => void;
    openPreview: (parameters: { id: string }) => void;
    saveText: (parameters: { name: string; text: string }) => void;
    manageTrust: (parameters: Record<string, never>) => void;
  };
  events: {
    /** The compared pictures in their order. Sent first, and whenever that changes. */
    images: { images: ListedImage[]; trusted: boolean };
    /** Where a picture is to be found, as its file is now. `size` is null where nothing may be started to look into it. */
    picture: { id: string; version: number; uri: string; size: PictureSize | null };
    /** The picture cannot be shown, or is gone: what and why, in words. */
    broken: { id: string; message: string };
  };
}
