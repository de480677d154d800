/** Ending the trainers of a workspace: they outlive the processes that started them, but not `npm start`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sendControlCommand } from '../../src/folders/control';
import { findFolders } from '../../src/folders/find-folders';
import { readLease, tenancyOf } from '../../src/folders/lease-file';
import { say } from '../lib/project';

const PATIENCE_MS = 30_000;

async function runningLease(folder: string) {
  const lease = await readLease(folder).catch(() => undefined);
  return lease !== undefined && tenancyOf(lease) === 'here' ? lease : undefined;
}

/** Asks each trainer below `folder` to save and stop, and waits for it. */
export async function stopRuns(folder: string): Promise<void> {
  const { runs } = await findFolders(folder);
  await Promise.all(
    runs.map(async (run) => {
      const lease = await runningLease(run);
      if (lease === undefined) return;
      say(`Stopping the training run ${run}: it saves a checkpoint and can be resumed.`);
      await sendControlCommand(lease.socket, { command: 'stop' });
      const end = Date.now() + PATIENCE_MS;
      while ((await runningLease(run)) !== undefined) {
        if (Date.now() > end) {
          process.kill(lease.pid, 'SIGTERM');
          return;
        }
        await sleep(200);
      }
    }),
  );
}
