/** A disk that is soon full: a memory file system of 64 KiB, mounted for one test where the system lets us. */
import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';

/** Runs `work` with `folder` as the small disk; skips the running test where nothing can be mounted. */
export async function onSmallDisk(
  test: Context,
  folder: string,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder]);
  if (mounted.status !== 0) {
    if (test.test) test.test.title += ' (skipped: only the superuser of Linux can mount a small disk)';
    test.skip();
  }
  try {
    await work(folder);
  } finally {
    spawnSync('umount', [folder]);
  }
}
