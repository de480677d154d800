/**
 * The pictures of an evaluation: HR images of a folder, each with its LR image, which is read from another folder or made
 * as papers make it.
 */
import { basename } from 'node:path';
import { readImage } from '../../datasets/images';
import { matchNames } from '../../datasets/pairs/match-names';
import { scanFolders } from '../../datasets/scan';
import { LabError } from '../../folders/lab-error';
import { cropToMultiple, type RgbImage } from '../../imaging/image';
import { imresize, type Convention } from '../../imaging/imresize';

export interface PictureSource {
  /** Folder of HR images. */
  readonly hr: string;
  /** Folder of LR images; without it they are made. */
  readonly lr?: string | undefined;
  readonly hrSuffix?: string | undefined;
  readonly lrSuffix?: string | undefined;
  readonly scale: number;
  /** How LR is made. */
  readonly convention: Convention;
}

/** An image to be scored, not read yet. */
export interface Picture {
  /** File name of HR without its extension. */
  readonly name: string;
  readonly hr: string;
  readonly lr?: string;
}

export interface Problem {
  readonly file: string;
  readonly problem: string;
}

export interface Pictures {
  readonly pictures: readonly Picture[];
  readonly problems: readonly Problem[];
}

/** All images below the folder, in natural order. Throws a `LabError` where there is none, or none has an LR image. */
export async function findPictures(source: PictureSource, signal: AbortSignal): Promise<Pictures> {
  const { hr, lr, hrSuffix, lrSuffix, scale } = source;
  const found = await scanFolders([hr], {}, signal);
  const problems = found.omitted.map((omission) => ({ file: omission.source, problem: omission.reason }));
  const sources = found.candidates.filter(
    (image) => hrSuffix === undefined || stem(image.path).endsWith(hrSuffix),
  );
  if (sources.length === 0) {
    const ending = hrSuffix === undefined ? '' : ` whose name ends with ${hrSuffix}`;
    throw new LabError(`There is no image in ${hr}${ending}. Give the folder that holds the HR images.`);
  }
  if (lr === undefined) {
    return { pictures: sources.map(({ path }) => ({ name: stem(path), hr: path })), problems };
  }
  const others = (await scanFolders([lr], {}, signal)).candidates;
  const paths = (images: typeof others): string[] => images.map((image) => image.source);
  const { pairs, unmatchedHr } = matchNames(paths(sources), paths(others), { hrSuffix, lrSuffix, scale });
  if (pairs.length === 0) {
    throw new LabError(
      `No image in ${lr} fits one in ${hr}: ${sources.length} HR and ${others.length} LR images were found. ` +
        'Name the LR images as the HR images are, with an ending such as x4, or name the endings with --hr-suffix and --lr-suffix.',
    );
  }
  const pictures = pairs
    .sort((a, b) => a.hr - b.hr)
    .map((pair) => {
      const { path } = sources[pair.hr]!;
      return { name: stem(path), hr: path, lr: others[pair.lr]!.path };
    });
  const missing = unmatchedHr.map(({ index, reason }) => ({ file: sources[index]!.source, problem: reason }));
  return { pictures, problems: [...problems, ...missing] };
}

/**
 * HR, cut at the right and bottom to a multiple of the scale, and LR of it. Throws a `LabError` that names the file if one
 * cannot be read or LR is not of HR's size over the scale.
 */
export async function readPicture(
  { hr: hrFile, lr: lrFile }: Picture,
  { scale, convention }: Pick<PictureSource, 'scale' | 'convention'>,
): Promise<{ hr: RgbImage; lr: RgbImage }> {
  const hr = cropToMultiple(await readImage(hrFile), scale);
  if (lrFile === undefined) return { hr, lr: imresize(hr, 1 / scale, { convention }) };
  const lr = await readImage(lrFile);
  if (lr.width * scale !== hr.width || lr.height * scale !== hr.height) {
    throw new LabError(
      `${lrFile} is ${lr.width}×${lr.height}, but LR of ${hrFile} at ×${scale} has ` +
        `${hr.width / scale}×${hr.height / scale}. Give LR images of this scale.`,
    );
  }
  return { hr, lr };
}

function stem(path: string): string {
  return basename(path).replace(/\.[^.]+$/, '');
}
