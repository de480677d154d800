/**
 * The trainer's end of `metrics.jsonl`: lines are appended and handed to the system at once, so that a killed trainer
 * loses none. On resume the log is cut to the checkpoint's step, because the steps after it will be made again.
 */
import {
  createReadStream,
  fsyncSync,
  ftruncateSync,
  openSync,
  closeSync,
  writeSync,
  fstatSync,
} from 'node:fs';
import { copyFile, open, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { besides } from '../../folders/atomic-write';
import { explainFileError, hasCode } from '../../folders/lab-error';
import { METRICS_FILE, metricsLineSchema, type MetricsLine } from '../../protocol/metrics';

const NEWLINE = 0x0a;

export interface MetricsLog {
  /** Lines of the step that the log was opened at: what was already done there before. */
  readonly linesAtStart: readonly MetricsLine[];
  /** Throws a `LabError` if the line cannot be written, e.g. on a full disk; the log then ends with the line before. */
  append(line: MetricsLine): void;
  /** Makes all lines durable. */
  sync(): void;
  close(): void;
}

/** Opens the log of a run that goes on from `step`: later lines, and a last line that was cut short, are dropped first. */
export async function openMetricsLog(run: string, step: number): Promise<MetricsLog> {
  const path = join(run, METRICS_FILE);
  try {
    const linesAtStart = await cutAfter(path, step);
    const file = openSync(path, 'a');
    let size = fstatSync(file).size;
    return {
      linesAtStart,
      append: (line) => {
        const bytes = Buffer.from(`${JSON.stringify(line)}\n`, 'utf8');
        try {
          for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
          size += bytes.length;
        } catch (error) {
          ftruncateSync(file, size);
          throw explainFileError('write', path, error);
        }
      },
      sync: () => {
        fsyncSync(file);
      },
      close: () => {
        closeSync(file);
      },
    };
  } catch (error) {
    throw explainFileError('open', path, error);
  }
}

/** Replaces the file by its lines up to `step`, if it has more than those. Returns the lines of `step` itself. */
async function cutAfter(path: string, step: number): Promise<MetricsLine[]> {
  const lines: MetricsLine[] = [];
  let keep = 0;
  let size = 0;
  try {
    for await (const { text, end, complete } of linesOf(path)) {
      size = end;
      const line = complete ? parseLine(text) : undefined;
      if (!complete || (line !== undefined && line.step > step)) break;
      if (line?.step === step) lines.push(line);
      keep = end;
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
  if (keep === size) return lines;

  const partial = besides(path);
  try {
    await copyFile(path, partial);
    await truncate(partial, keep);
    const handle = await open(partial, 'r+');
    await handle.sync();
    await handle.close();
    // A new file in its place, not a shorter one: whoever follows the log can tell that it was replaced.
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return lines;
}

interface RawLine {
  text: string;
  /** Offset in the file after this line and its newline. */
  end: number;
  complete: boolean;
}

async function* linesOf(path: string): AsyncGenerator<RawLine> {
  let rest = Buffer.alloc(0);
  let offset = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const buffer = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE, start)) {
      yield { text: buffer.toString('utf8', start, end), end: offset + end + 1, complete: true };
      start = end + 1;
    }
    offset += start;
    rest = buffer.subarray(start);
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), end: offset + rest.length, complete: false };
}

function parseLine(text: string): MetricsLine | undefined {
  try {
    return metricsLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
