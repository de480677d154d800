/** The names in a folder that may not be there yet. */
import { readdir } from 'node:fs/promises';
import { explainFileError, hasCode } from './lab-error';

/** Empty where there is no such folder. Throws a `LabError` that names one which cannot be read. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw explainFileError('read', folder, error);
  }
}
