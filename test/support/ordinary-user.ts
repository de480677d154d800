/** Permissions mean nothing to the superuser, as whom tests run in containers: what asks for them steps down meanwhile. */
import type { Context } from 'mocha';

/** `nobody` on every Unix. */
const NOBODY = 65534;

/**
 * Runs `work` as a user who owns nothing, and gives the message of its error, if it fails. Skips the running test where
 * that cannot be: not as the superuser. Call with the test's `this`.
 */
export async function asOrdinaryUser(
  test: Context,
  work: () => Promise<unknown>,
): Promise<{ failure?: string }> {
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) {
    if (test.test) test.test.title += ' (skipped: only the superuser can step down)';
    return test.skip();
  }
  process.seteuid(NOBODY);
  try {
    await work();
    return {};
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  } finally {
    process.seteuid(0);
  }
}
