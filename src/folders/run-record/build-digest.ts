/** Making the digest of a whole record from `metrics.jsonl` alone. Takes seconds where there are hundreds of megabytes. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { METRICS_FILE } from '../../protocol/metrics';
import { encodeDigest, fingerprintOf } from './digest-file';
import { parseMetricsLine, rawLines } from './raw-lines';
import { RunDigest } from './run-digest';

/** Bytes of `metrics.jsonl`. */
export interface DigestProgress {
  readonly done: number;
  readonly total: number;
}

/** The contents of `metrics.digest` for all complete lines that are there now. Throws what reading throws. */
export async function buildDigestFile(
  run: string,
  onProgress: (progress: DigestProgress) => void,
): Promise<Buffer> {
  const metrics = await open(join(run, METRICS_FILE), 'r');
  try {
    const { size } = await metrics.stat();
    const digest = new RunDigest();
    for await (const batch of rawLines(metrics, 0, size)) {
      for (const raw of batch) digest.add(raw, parseMetricsLine(raw.text));
      onProgress({ done: digest.bytes, total: size });
    }
    return encodeDigest(digest, await fingerprintOf(metrics, digest.bytes));
  } finally {
    await metrics.close();
  }
}
