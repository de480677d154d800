/**
 * Reads the record of a run again and again at the cost of what is new in it, however long it is: from its digest, and
 * from `metrics.jsonl` what came after that. Where there is no digest of a long record, one is made in a process of its
 * own, and until it is there the newest part of the record is all that is known.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { METRICS_FILE, type MetricsLine, type StepLine } from '../../protocol/metrics';
import { StepDigest } from '../../protocol/record/step-digest';
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
/** Steps that are known one by one, however long the record is. */
const MOST_RECENT = 256;
/** Where a digest begins with buckets, so many bytes before its end have such steps. */
const RECENT_BYTES = 256 << 10;

export interface RecordReading {
  /** All that is known; the same object until `restarted`. */
  readonly digest: RunDigest;
  /** The digest is another one than before: the first, of a file that was cut or replaced, or one that is now complete. */
  readonly restarted: boolean;
  /** Lines that came since the reading before, in order; none of those that were there when it `restarted`. */
  readonly lines: readonly MetricsLine[];
  /** The newest step lines, at least so many as medians are taken over if there are, and at most `MOST_RECENT`. */
  readonly recent: readonly StepLine[];
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
  private recent: StepLine[] = [];
  private released = false;

  /** @param digests whether a missing digest of a long record is made; if not, its newest part is all that is read */
  constructor(
    private readonly folder: string,
    private readonly options: { readonly digests?: boolean } = {},
  ) {}

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

  /**
   * Forgets the buckets and lines that are known, for whoever only wants to hear of new ones: `digest` then tells no more than
   * how much was read.
   */
  release(): void {
    if (this.digest === undefined) return;
    this.digest = new RunDigest(new StepDigest(1), [], this.digest.bytes);
    this.released = true;
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
    // One that was empty or missing has nothing that could have been cut.
    const cut = known !== undefined && known.bytes > 0 && (ino !== this.inode || size < known.bytes);
    if (cut) this.making = undefined;
    this.inode = ino;
    const made = this.making?.ended === true;
    let digest = known;
    if (digest === undefined || cut || made) {
      digest = await this.begin(file, size);
      this.recent = await stepsBefore(file, digest.bytes);
      this.released = false;
    }
    this.digest = digest;
    const restarted = digest !== known;
    const lines: MetricsLine[] = [];
    for await (const batch of rawLines(file, digest.bytes, size)) {
      for (const raw of batch) {
        const line = parseMetricsLine(raw.text);
        digest.add(raw, line);
        if (line?.kind === 'step') this.recent.push(line);
        if (line !== undefined && !restarted) lines.push(line);
      }
      this.recent = this.recent.slice(-MOST_RECENT);
    }
    if (this.released) digest.kept.length = 0;
    return { digest, restarted, lines, recent: this.recent, making: this.making?.progress };
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
    if (this.options.digests !== false) this.making = this.startMaking(size);
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
    this.recent = [];
    return { digest, restarted: digest !== known, lines: [], recent: [], making: undefined };
  }
}

/** The newest steps before a byte at which a line begins. */
async function stepsBefore(file: FileHandle, bytes: number): Promise<StepLine[]> {
  const steps: StepLine[] = [];
  for await (const batch of rawLines(file, await nextLineStart(file, bytes - RECENT_BYTES, bytes), bytes)) {
    for (const { text } of batch) {
      const line = parseMetricsLine(text);
      if (line?.kind === 'step') steps.push(line);
    }
  }
  return steps.slice(-MOST_RECENT);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
