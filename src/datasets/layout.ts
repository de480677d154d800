/** Where things lie in the folder of a data set. */
import { join } from 'node:path';

export const imageKinds = ['hr', 'lr'] as const;
export type ImageKind = (typeof imageKinds)[number];

/** The HR or LR image of an entry. */
export function imagePath(folder: string, kind: ImageKind, name: string): string {
  return join(folder, kind, imageFile(name));
}

/** Name of its file, the same in `hr` and `lr`. */
export function imageFile(name: string): string {
  return `${name}.png`;
}

/** The name of the image whose file this is, or undefined. */
export function nameOfImageFile(file: string): string | undefined {
  return file.endsWith('.png') ? file.slice(0, -'.png'.length) : undefined;
}

/** Folder of the training cache, which can be deleted at any time. */
export const CACHE_FOLDER = 'cache';
