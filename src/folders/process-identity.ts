/**
 * Is the process that wrote this still the one that runs under its pid? A pid alone is reused; a pid and its start are not.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When the process started, as the system tells it (opaque; only compared for equality), or undefined if there is no such
 * process.
 */
export function processStart(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return linuxStart(pid);
    if (process.platform === 'win32') return windowsStart(pid);
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function linuxStart(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the command in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  if (state === 'Z' || startTicks === undefined) return undefined;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot}:${startTicks}`;
}

function windowsStart(pid: number): string | undefined {
  const query = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
  return (
    execFileSync('powershell', ['-NoProfile', '-Command', query], { encoding: 'utf8' }).trim() || undefined
  );
}

/** Whether the process `pid` that started at `start` is still alive. */
export function isSameProcess(pid: number, start: string): boolean {
  return processStart(pid) === start;
}

/** Whether the process was stopped by a signal (SIGSTOP, Ctrl-Z) and does nothing until it is continued. */
export function isSuspended(pid: number): boolean {
  try {
    if (process.platform === 'win32') return false;
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('T');
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
  } catch {
    return false;
  }
}
