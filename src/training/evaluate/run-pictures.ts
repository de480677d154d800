/** What checkpoints of a run are scored on: the validation images of its data set, or a folder of HR images. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { imagePath } from '../../datasets/layout';
import { readDataset } from '../../folders/dataset-folder';
import { explainFileError } from '../../folders/lab-error';
import { datasetFolderOf } from '../../folders/marker-files';
import { countOf } from '../../protocol/quantities';
import type { RunConfiguration } from '../../protocol/run-configuration';
import { chooseImages } from '../run/validation-crops';
import { findPictures, type Picture, type Pictures, type PictureSource } from './pictures';

export interface RunPictures extends Pictures {
  /** What they are, in words, e.g. `8 validation images of photos-x4`. */
  readonly words: string;
  /** Where they lie. */
  readonly folder: string;
}

/** Those that the run's own validations of whole images score. Throws a `LabError` if the data set cannot be read. */
export async function validationPictures(run: string, configuration: RunConfiguration): Promise<RunPictures> {
  const folder = datasetFolderOf(run, configuration);
  const dataset = await readDataset(folder);
  const { images, split } = chooseImages(dataset, configuration.scale);
  return {
    pictures: images.map(({ name }) => ({
      name,
      hr: imagePath(folder, 'hr', name),
      lr: imagePath(folder, 'lr', name),
    })),
    problems: [],
    words: `${countOf(images.length, split === 'train' ? 'training image' : 'validation image')} of ${dataset.name}`,
    folder,
  };
}

export async function folderPictures(source: PictureSource, signal: AbortSignal): Promise<RunPictures> {
  const found = await findPictures(source, signal);
  return {
    ...found,
    words: `${countOf(found.pictures.length, 'image')} of ${source.hr}`,
    folder: source.hr,
  };
}

/** A hash of the names and contents of the files. Throws a `LabError` if one cannot be read. */
export async function hashOfPictures(pictures: readonly Picture[], signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (const { name, hr, lr } of pictures) {
    signal.throwIfAborted();
    hash.update(`${name}\0`);
    for (const file of lr === undefined ? [hr] : [hr, lr]) {
      const bytes = await readFile(file).catch((error: unknown) => {
        throw explainFileError('read', file, error);
      });
      hash.update(`${bytes.length}\0`).update(bytes);
    }
  }
  return hash.digest('hex');
}
