/** Which pictures are enlarged, where each goes, and one of them from file to file. */
import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { readPicture, writePicture } from '../datasets/picture';
import { scanFolders } from '../datasets/scan';
import { isWithin } from '../folders/is-within';
import { explainFileError, hasCode, LabError } from '../folders/lab-error';
import { imresizeSamples } from '../imaging/imresize';
import { pictureEndings, type PictureFormat } from '../protocol/picture-formats';
import type { UpscaleResult } from '../protocol/progress';
import type { Upscaler } from '../training/upscale/upscaler';

/** What is done where a picture exists already. */
export type ExistingFiles = 'refuse' | 'replace' | 'skip';

export interface UpscaleJob {
  readonly input: string;
  readonly output: string;
}

export interface UpscalePlan {
  readonly jobs: readonly UpscaleJob[];
  /** How many were there already. */
  readonly skipped: number;
  /** Images of folders that cannot be used, a sentence each. */
  readonly unusable: readonly string[];
}

export interface UpscalePlanOptions {
  readonly format: PictureFormat;
  readonly existing: ExistingFiles;
  readonly signal?: AbortSignal | undefined;
}

const withoutEnding = (name: string): string => name.slice(0, name.length - extname(name).length);

/**
 * Plans the pictures of `inputs`, files and folders, into `folder`. What lies in `folder` itself is no input. Pictures whose
 * names differ in their endings alone keep those: `a.jpg.png` and `a.webp.png`. Throws a `LabError` if there is nothing to
 * enlarge, if two pictures would go to one place, or if a place is taken.
 */
export async function planUpscaling(
  inputs: readonly string[],
  folder: string,
  { format, existing, signal }: UpscalePlanOptions,
): Promise<UpscalePlan> {
  const found: { input: string; name: string }[] = [];
  const unusable: string[] = [];
  for (const input of inputs.map((each) => resolve(each))) {
    if (!(await isFolder(input))) {
      found.push({ input, name: relative(dirname(input), input) });
      continue;
    }
    const { candidates, omitted } = await scanFolders([input], {}, signal);
    unusable.push(...omitted.map(({ source, reason }) => `${join(input, source)}: ${reason}`));
    const usable = candidates.filter(({ path }) => !isWithin(folder, path));
    if (usable.length === 0) throw new LabError(`There is no image in ${input}.`);
    found.push(...usable.map(({ path, source }) => ({ input: path, name: source })));
  }

  const alike = new Map<string, number>();
  for (const { name } of found) alike.set(withoutEnding(name), (alike.get(withoutEnding(name)) ?? 0) + 1);
  const taken = new Map<string, string>();
  const jobs: UpscaleJob[] = [];
  for (const { input, name } of found) {
    const stem = alike.get(withoutEnding(name)) === 1 ? withoutEnding(name) : name;
    const output = join(folder, stem + pictureEndings[format]);
    const other = taken.get(output);
    if (other !== undefined) {
      throw new LabError(`${other} and ${input} would both become ${output}. Enlarge them one at a time.`);
    }
    taken.set(output, input);
    if (output === input) {
      throw new LabError(
        `${input} would be replaced by its own enlargement. Choose another folder with --out.`,
      );
    }
    if (!existsSync(output) || existing === 'replace') jobs.push({ input, output });
    else if (existing === 'refuse') {
      throw new LabError(
        `${output} exists already. Add --overwrite to replace it, --skip-existing to pass over it, ` +
          'or choose another folder with --out.',
      );
    }
  }
  return { jobs, skipped: found.length - jobs.length, unusable };
}

export interface UpscaleFileOptions {
  readonly format: PictureFormat;
  readonly quality: number;
  readonly signal: AbortSignal;
  /** Called with the share of the picture that is done. */
  readonly report: (share: number) => void;
}

/** Enlarges one picture; opacity is enlarged bicubically. Throws a `LabError` that names the file. */
export async function upscaleFile(
  upscaler: Upscaler,
  scale: number,
  { input, output }: UpscaleJob,
  { format, quality, signal, report }: UpscaleFileOptions,
): Promise<UpscaleResult['files'][number]> {
  report(0);
  const { image: lr, opacity, origin } = await readPicture(input);
  const image = await upscaler.upscale(lr, {
    signal,
    onWindow: (done, total) => {
      report(done / total);
    },
  });
  await makeFolder(dirname(output));
  const enlarged = opacity && imresizeSamples(opacity, scale);
  await writePicture(output, { image, opacity: enlarged, origin }, format, quality);
  return { input, output, width: image.width, height: image.height };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    // Whoever opens the file says so, and the others are enlarged.
    if (hasCode(error, 'ENOENT', 'EACCES', 'EPERM', 'ENOTDIR')) return false;
    throw explainFileError('read', path, error);
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw explainFileError('make the folder', folder, error);
  }
}
