/**
 * Keeps the digest of a long log beside it while the trainer writes that log. It is a help for readers and never a reason
 * to fail: one that cannot be written is made by whoever needs it.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeDigest,
  fingerprintOfTail,
  fingerprintStart,
  SHORTEST_DIGESTED,
  writeDigestFile,
} from '../../folders/run-record/digest-file';
import type { RawLine } from '../../folders/run-record/raw-lines';
import type { RunDigest } from '../../folders/run-record/run-digest';
import { METRICS_FILE, type MetricsLine } from '../../protocol/metrics';

/** New lines after which the file is written again: readers parse so many in less than a tenth of a second. */
const EVERY_BYTES = 4 << 20;

export class DigestKeeper {
  /** Length of the log that the file covers. */
  private covered = 0;

  constructor(
    private readonly run: string,
    private readonly digest: RunDigest,
  ) {
    this.write();
  }

  add(raw: RawLine, line: MetricsLine): void {
    this.digest.add(raw, line);
    if (this.digest.bytes - this.covered >= EVERY_BYTES) this.write();
  }

  close(): void {
    this.write();
  }

  private write(): void {
    const { bytes } = this.digest;
    if (bytes < SHORTEST_DIGESTED || bytes === this.covered) return;
    this.covered = bytes;
    try {
      writeDigestFile(this.run, encodeDigest(this.digest, this.fingerprint()));
    } catch {
      // Tried again when as much has come once more.
    }
  }

  private fingerprint(): string {
    const { bytes } = this.digest;
    const start = fingerprintStart(bytes);
    const log = openSync(join(this.run, METRICS_FILE), 'r');
    try {
      const tail = Buffer.alloc(bytes - start);
      readSync(log, tail, 0, tail.length, start);
      return fingerprintOfTail(tail);
    } finally {
      closeSync(log);
    }
  }
}
