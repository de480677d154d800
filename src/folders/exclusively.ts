/** Looking at a file and then writing it as one act, among processes: a lock file that lives for milliseconds. */
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { explainFileError, hasCode } from './lab-error';

/** A lock that is older than this was left by a process that died while it held it, which takes milliseconds. */
const STALE_LOCK_MS = 10_000;
const LOCK_RETRY_MS = 50;

/** Does `work` while no other process does work on the file `name` of this folder. Throws a `LabError` if nothing can be written. */
export async function exclusively<T>(folder: string, name: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, `.${name}.lock`);
  for (;;) {
    try {
      const handle = await open(lock, 'wx');
      await handle.close();
      break;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw explainFileError('take the lease of', folder, error);
    }
    const made = await stat(lock).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - made > STALE_LOCK_MS) await rm(lock, { force: true });
    else await delay(LOCK_RETRY_MS);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}
