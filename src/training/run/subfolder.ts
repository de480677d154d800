/** Making a folder inside one that must exist: a run folder that was deleted must not come back half. */
import { mkdir } from 'node:fs/promises';
import { explainFileError, hasCode } from '../../folders/lab-error';

/** Makes `folder` if it is missing. Throws a `LabError` if its parent is missing or it cannot be made. */
export async function makeSubfolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw explainFileError('make the folder', folder, error);
  }
}
