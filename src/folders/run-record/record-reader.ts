/**
 * Reads the record of a run again and again at the cost of what is new in it, however long it is: from its digest, and
 * from `metrics.jsonl` what came after that. Where there is no digest of a long record, one is made in a process of its
 * own, and until it is there the newest part of the record is all that is known.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { METRICS_FILE, type MetricsLine } from '../../protocol/metrics';
import { hasCode } from '../lab-error';
import { readDigestFile } from './digest-file';
import type { DigestProgress } from './build-digest';
import { makeDigest } from './make-digest';
import { nextLineStart, parseMetricsLine, rawLines } from './raw-lines';
import { RunDigest } from './run-digest';

/** A longer rest than this is not parsed here. */
const LONGEST_PARSED = 8 << 20;
/** Of a record that is being digested, so much is read meanwhile. */
const NEWEST_PART = 1 << 20;

export interface RecordReading {
  /** All that is known; the same object until `restarted`. */
  readonly digest: RunDigest;
  /** The digest is another one than before: the first, of a file that was cut or replaced, or one that is now complete. */
  readonly restarted: boolean;
  /** Lines that came since the reading before, in order; none of those that were there when it `restarted`. */
  readonly lines: readonly MetricsLine[];
  /** How far the digest of the whole record is made, in bytes, while `digest` is of its newest part only. */
  readonly making: DigestProgress | undefined;
}

interface Making {
  readonly done: Promise<RunDigest | undefined>;
  result: RunDigest | undefined;
  ended: boolean;
  progress: DigestProgress;
}

export class RecordReader {
  private digest: RunDigest | undefined;
  private inode = 0;
  private making: Making | undefined;

  constructor(private readonly folder: string) {}

  /** Not to be called twice at once. A missing file is an empty record; throws what reading throws. */
  async read(): Promise<RecordReading> {
    const file = await openIfThere(join(this.folder, METRICS_FILE));
    if (file === undefined) return this.empty();
    try {
      return await this.readFrom(file);
    } finally {
      await file.close();
    }
  }

  /** Like `read`, but of the whole record: waits until a missing digest is made. */
  async readWhole(): Promise<RunDigest> {
    for (;;) {
      const { digest } = await this.read();
      if (this.making === undefined) return digest;
      await this.making.done;
    }
  }

  private async readFrom(file: FileHandle): Promise<RecordReading> {
    const { size, ino } = await file.stat();
    const known = this.digest;
    const cut = known !== undefined && (ino !== this.inode || size < known.bytes);
    if (cut) this.making = undefined;
    this.inode = ino;
    const made = this.making?.ended === true;
    let digest = known;
    if (digest === undefined || cut || made) digest = await this.begin(file, size);
    this.digest = digest;
    const restarted = digest !== known;
    const lines: MetricsLine[] = [];
    for await (const batch of rawLines(file, digest.bytes, size)) {
      for (const raw of batch) {
        const line = parseMetricsLine(raw.text);
        digest.add(raw, line);
        if (line !== undefined && !restarted) lines.push(line);
      }
    }
    return { digest, restarted, lines, making: this.making?.progress };
  }

  /** The digest to begin with, and the making of a better one where it is of a part only. */
  private async begin(file: FileHandle, size: number): Promise<RunDigest> {
    const made = this.making;
    const kept = await readDigestFile(this.folder, file);
    const best = [kept, made?.result].reduce(
      (longest, each) => ((each?.bytes ?? -1) > (longest?.bytes ?? -1) ? each : longest),
      undefined,
    );
    this.making = undefined;
    const digest = best ?? new RunDigest();
    // What could not be made elsewhere is read here, slowly but in small pieces.
    if (size - digest.bytes <= LONGEST_PARSED || made !== undefined) return digest;
    this.making = this.startMaking(size);
    return new RunDigest(undefined, [], await nextLineStart(file, size - NEWEST_PART, size));
  }

  private startMaking(total: number): Making {
    const making: Making = {
      done: makeDigest(this.folder, (progress) => {
        making.progress = progress;
      }),
      result: undefined,
      ended: false,
      progress: { done: 0, total },
    };
    void making.done.then((result) => {
      making.result = result;
      making.ended = true;
    });
    return making;
  }

  private empty(): RecordReading {
    const known = this.digest;
    const digest = known?.bytes === 0 ? known : new RunDigest();
    this.digest = digest;
    this.making = undefined;
    return { digest, restarted: digest !== known, lines: [], making: undefined };
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
