/** Real data that lies beside the checkout on our machines and in CI. Elsewhere the tests that need it skip. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'mocha';

const folder = join(__dirname, '..', '..', '..', 'shared', 'data');

/** Path inside `shared/data`; skips the running test, with the reason, where it is missing. Call with the test's `this`. */
export function sharedData(test: Context, ...parts: string[]): string {
  const path = join(folder, ...parts);
  if (existsSync(path)) return path;
  if (test.test) test.test.title += ` (skipped: no shared/data/${parts.join('/')} beside the checkout)`;
  return test.skip();
}
