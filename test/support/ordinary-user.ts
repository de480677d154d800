/** Permissions mean nothing to the superuser, as whom tests run in containers: what asks for them steps down meanwhile. */
import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'mocha';

/** `nobody` on every Unix. */
const NOBODY = 65534;

/**
 * Runs `work` as a user for whom permissions count. Skips the running test on Windows, which has others. Call with the
 * test's `this`.
 */
export async function asOrdinaryUser<T>(test: Context, work: () => Promise<T>): Promise<T> {
  if (process.geteuid === undefined || process.seteuid === undefined) {
    if (test.test) test.test.title += ' (skipped: this system has no such permissions)';
    return test.skip();
  }
  if (process.geteuid() !== 0) return work();
  process.seteuid(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid(0);
  }
}

/** The user as whom a test starts a process for which permissions count. */
export const ordinaryUser = process.geteuid?.() === 0 ? NOBODY : (process.geteuid?.() ?? NOBODY);

/** Gives a folder and all that is in it to the user. */
export function giveTo(user: number, folder: string): void {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const path of [folder, ...names.map((name) => join(folder, name))]) chownSync(path, user, -1);
}
