/**
 * A process of its own that digests the record of a run: `record-digest.js RUN`. The digest goes to stdout, progress as
 * JSON lines to stderr; where the folder can be written to, the digest is kept in it as well.
 */
import { messageOf } from '../lab-error';
import { buildDigestFile } from './build-digest';
import { writeDigestFile } from './digest-file';

/** Between two reports. */
const REPORT_MS = 100;

async function main(run: string): Promise<void> {
  let reported = 0;
  const file = await buildDigestFile(run, (progress) => {
    const now = performance.now();
    if (now - reported < REPORT_MS) return;
    reported = now;
    process.stderr.write(`${JSON.stringify(progress)}\n`);
  });
  try {
    writeDigestFile(run, file);
  } catch {
    // A folder that cannot be written to: whoever asked has the digest all the same.
  }
  process.stdout.write(file);
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
