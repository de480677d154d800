/**
 * Ending a process together with everything it started. On POSIX a child is started as the leader of its own process group
 * (`detached`), and the signal goes to the group; on Windows `taskkill /T` walks the tree.
 */
import { spawn } from 'node:child_process';
import { hasCode } from '../../folders/lab-error';

/** Whether children must be started as leaders of a group for `signalTree` to reach all of it. */
export const startsGroup = process.platform !== 'win32';

/** Sends `signal` to the whole tree below and including `pid`. A tree that is gone already is no error. */
export function signalTree(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (!startsGroup) {
    // Windows has no signals: a polite end does not exist for console programs, so both mean the same.
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => undefined,
    );
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
