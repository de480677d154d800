/**
 * The trainer's end of `metrics.jsonl`: lines are appended and handed to the system at once, so that a killed trainer
 * loses none. On resume the log is cut to the checkpoint's step, because the steps after it will be made again. A digest
 * of a long log is kept beside it, for readers and for the next resume.
 */
import { fsyncSync, ftruncateSync, openSync, closeSync, writeSync } from 'node:fs';
import { copyFile, open, rename, rm, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { besides } from '../../folders/atomic-write';
import { explainFileError, hasCode } from '../../folders/lab-error';
import { readDigestFile } from '../../folders/run-record/digest-file';
import { parseMetricsLine, rawLines } from '../../folders/run-record/raw-lines';
import { RunDigest } from '../../folders/run-record/run-digest';
import { METRICS_FILE, type MetricsLine } from '../../protocol/metrics';
import { DigestKeeper } from './digest-keeper';

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
    const { digest, linesAtStart } = await cutAfter(run, step);
    const file = openSync(path, 'a');
    const keeper = new DigestKeeper(run, digest);
    return {
      linesAtStart,
      append: (line) => {
        const text = JSON.stringify(line);
        const bytes = Buffer.from(`${text}\n`, 'utf8');
        const start = digest.bytes;
        try {
          for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
        } catch (error) {
          ftruncateSync(file, start);
          throw explainFileError('write', path, error);
        }
        keeper.add({ text, start, end: start + bytes.length }, line);
      },
      sync: () => {
        fsyncSync(file);
      },
      close: () => {
        closeSync(file);
        keeper.close();
      },
    };
  } catch (error) {
    throw explainFileError('open', path, error);
  }
}

/** Replaces the file by its lines up to `step`, if it has more than those. Returns their digest and the lines of `step`. */
async function cutAfter(
  run: string,
  step: number,
): Promise<{ digest: RunDigest; linesAtStart: MetricsLine[] }> {
  const path = join(run, METRICS_FILE);
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { digest: new RunDigest(), linesAtStart: [] };
    throw error;
  }
  try {
    const { size } = await file.stat();
    const digest = (await readDigestFile(run, file)) ?? new RunDigest();
    digest.cutBefore(step);
    const linesAtStart: MetricsLine[] = digest.kept.flatMap(({ line }) => (line.step === step ? [line] : []));
    linesAtStart.push(...(await addUpTo(digest, file, size, step)));
    if (digest.bytes < size) await cutTo(path, digest.bytes);
    return { digest, linesAtStart };
  } finally {
    await file.close();
  }
}

/** Adds the lines from where the digest ends, up to the first of a later step. Returns those of `step` itself. */
async function addUpTo(
  digest: RunDigest,
  file: FileHandle,
  size: number,
  step: number,
): Promise<MetricsLine[]> {
  const atStep: MetricsLine[] = [];
  for await (const batch of rawLines(file, digest.bytes, size)) {
    for (const raw of batch) {
      const line = parseMetricsLine(raw.text);
      if (line !== undefined && line.step > step) return atStep;
      digest.add(raw, line);
      if (line?.step === step) atStep.push(line);
    }
  }
  return atStep;
}

/** A new file in its place, not a shorter one: whoever follows the log can tell that it was replaced. */
async function cutTo(path: string, bytes: number): Promise<void> {
  const partial = besides(path);
  try {
    await copyFile(path, partial);
    await truncate(partial, bytes);
    const handle = await open(partial, 'r+');
    await handle.sync();
    await handle.close();
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
