/** A stretch of a long record in more detail than its overview has: one seek, and a read that is bounded. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { METRICS_FILE } from '../../protocol/metrics';
import { StepDigest } from '../../protocol/record/step-digest';
import { parseMetricsLine, rawLines } from './raw-lines';
import type { RunDigest } from './run-digest';

/** So much is parsed in a fifth of a second, a few milliseconds at a time. A longer stretch is told by the digest alone. */
const MOST_BYTES = 8 << 20;

/**
 * The steps `from` to `to` in at most `most` buckets: every step by itself where they are few. A bucket at an end may reach
 * beyond it.
 */
export async function readSteps(
  run: string,
  digest: RunDigest,
  from: number,
  to: number,
  most: number,
): Promise<StepDigest> {
  const { steps } = digest;
  const [firsts, lasts] = [steps.heads('first'), steps.heads('last')];
  const first = lasts.findIndex((last) => last >= from);
  const next = firsts.findIndex((step) => step > to);
  if (first < 0) return new StepDigest(most);
  const start = steps.head(first, 'offset');
  const end = next < 0 ? digest.bytes : steps.head(next, 'offset');
  if (steps.width === 1 || end - start > MOST_BYTES) return steps.part(from, to, most);

  const found = new StepDigest(most);
  const metrics = await open(join(run, METRICS_FILE), 'r');
  try {
    for await (const batch of rawLines(metrics, start, end)) {
      for (const { text } of batch) {
        const line = parseMetricsLine(text);
        if (line?.kind === 'step' && line.step >= from && line.step <= to) found.append(line);
      }
    }
  } finally {
    await metrics.close();
  }
  return found;
}
