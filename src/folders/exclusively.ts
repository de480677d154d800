/**
 * Looking at a file and then writing it as one act, among processes: a lock file that lives for milliseconds and names who
 * holds it, so that one that was left by a process that died is known at once. No wall clock has a say in it.
 */
import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { explainFileError, hasCode } from './lab-error';
import { isSameProcess, processStart } from './process-identity';

const holderSchema = z.object({ pid: z.int().min(1), processStarted: z.string(), host: z.string() });

/** A lock that does not change for this long was left: by a process of another machine, or one killed before it could write its name. */
const STALE_LOCK_MS = 10_000;
const LOCK_RETRY_MS = 50;

/** Does `work` while no other process does work on the file `name` of this folder. Throws a `LabError` if nothing can be written. */
export async function exclusively<T>(folder: string, name: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, `.${name}.lock`);
  const own = JSON.stringify({
    pid: process.pid,
    processStarted: processStart(process.pid) ?? '',
    host: hostname(),
  });
  let seen: { readonly text: string; readonly since: number } | undefined;
  for (;;) {
    try {
      const handle = await open(lock, 'wx');
      // On a full disk it stays without a name, and is a lock all the same.
      await handle.writeFile(own).catch(() => undefined);
      await handle.close();
      break;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw explainFileError('take the lease of', folder, error);
    }
    const text = await readFile(lock, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    if (seen?.text !== text) seen = { text, since: performance.now() };
    if (isLeftBehind(text) || performance.now() - seen.since > STALE_LOCK_MS) {
      await rm(lock, { force: true });
      seen = undefined;
    } else {
      await delay(LOCK_RETRY_MS);
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** Whether its holder was a process of this machine that is no more. */
function isLeftBehind(text: string): boolean {
  const holder = holderOf(text);
  return holder?.host === hostname() && !isSameProcess(holder.pid, holder.processStarted);
}

/** Undefined while its name is still being written. */
function holderOf(text: string): z.infer<typeof holderSchema> | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
