/** A disk that is soon full: a small memory file system, mounted for one test where the system lets us. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { hasCode } from '../../src/folders/lab-error';

/** Runs `work` with `folder` as the small disk; skips the running test where nothing can be mounted. */
export async function onSmallDisk(
  test: Context,
  folder: string,
  work: (folder: string) => Promise<void>,
  kibibytes = 64,
): Promise<void> {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'none', folder]);
  if (mounted.status !== 0) {
    if (test.test) test.test.title += ' (skipped: only the superuser of Linux can mount a small disk)';
    test.skip();
  }
  try {
    await work(folder);
  } finally {
    // Detached, and gone when the last process that has files open there ends.
    spawnSync('umount', ['--lazy', folder]);
  }
}

/** Makes the small disk in `folder` larger, as a person does who frees some space. */
export function enlargeDisk(folder: string, kibibytes: number): void {
  const { status, stderr } = spawnSync('mount', ['-o', `remount,size=${kibibytes}k`, folder]);
  if (status !== 0) throw new Error(`The disk cannot be made larger: ${stderr.toString()}`);
}

/** Fills the small disk in `folder` but for so many KiB, as other programs do. */
export function fillDisk(folder: string, kibibytesLeft: number): void {
  const path = join(folder, 'ballast');
  const { bavail, bsize } = statfsSync(folder);
  const file = openSync(path, 'a');
  try {
    const chunk = Buffer.alloc(bsize);
    for (let left = bavail * bsize - kibibytesLeft * 1024; left > 0; left -= bsize) writeSync(file, chunk);
  } catch (error) {
    // Somebody else was writing meanwhile.
    if (!hasCode(error, 'ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
}
