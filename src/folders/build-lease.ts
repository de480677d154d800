/**
 * `building.lease.json`: who is making or changing a data set. Only one process does at a time; the lease of one that died
 * is taken over. Pages read it to tell work that is going on from work that was interrupted.
 */
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJsonAtomically } from './atomic-write';
import { exclusively } from './exclusively';
import { hasCode, LabError } from './lab-error';
import { isSameProcess, processStart } from './process-identity';
import { readJson } from './read-json';

export const BUILD_LEASE_FILE = 'building.lease.json';

const buildLeaseSchema = z.object({
  format: z.literal(1),
  pid: z.int().min(1),
  processStarted: z.string().describe('So that a reused pid is not taken for it.'),
  host: z.string(),
  heartbeat: z.number().describe('Milliseconds since 1970, renewed every few seconds.'),
});
export type BuildLease = z.infer<typeof buildLeaseSchema>;

const HEARTBEAT_MS = 5000;
/** Processes of another machine cannot be seen; they are believed to live while they say so. */
const FOREIGN_HEARTBEAT_MS = 60_000;

/** Who makes or changes the data set at this moment, if anyone does. */
export async function readBuilder(folder: string): Promise<BuildLease | undefined> {
  let lease: BuildLease;
  try {
    lease = await readJson(join(folder, BUILD_LEASE_FILE), buildLeaseSchema);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    // A lease is written as one step: where it cannot be read, nobody who lives wrote it.
    return undefined;
  }
  const lives =
    lease.host === hostname()
      ? isSameProcess(lease.pid, lease.processStarted)
      : Date.now() - lease.heartbeat < FOREIGN_HEARTBEAT_MS;
  return lives ? lease : undefined;
}

/** Takes the lease; the function gives it back. Throws a `LabError` if another process makes or changes the data set. */
export async function takeBuildLease(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, BUILD_LEASE_FILE);
  const lease = (): BuildLease => ({
    format: 1,
    pid: process.pid,
    processStarted: processStart(process.pid) ?? '',
    host: hostname(),
    heartbeat: Date.now(),
  });
  await exclusively(folder, BUILD_LEASE_FILE, async () => {
    const holder = await readBuilder(folder);
    if (holder !== undefined) {
      const where = holder.host === hostname() ? '' : ` on the machine ${holder.host}`;
      throw new LabError(
        `${folder} is being made or changed by another process already (${holder.pid}${where}). ` +
          'Wait until it is done, or stop it first.',
      );
    }
    await writeJsonAtomically(path, lease());
  });
  let renewing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    // A heartbeat that cannot be written, on a full disk or in a folder that is gone, is not what the work fails by.
    renewing = renewing.then(() => writeJsonAtomically(path, lease())).catch(() => undefined);
  }, HEARTBEAT_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await renewing;
    await rm(path, { force: true }).catch((error: unknown) => {
      if (!hasCode(error, 'ENOTDIR')) throw error;
    });
  };
}
