/** The lines of `metrics.jsonl` with where they lie, read a piece at a time so that others have their turn in between. */
import type { FileHandle } from 'node:fs/promises';
import { metricsLineSchema, type MetricsLine } from '../../protocol/metrics';

/** Read at a time: its lines are parsed in a few milliseconds. */
const CHUNK = 1 << 16;
const NEWLINE = 0x0a;

export interface RawLine {
  readonly text: string;
  /** Offset of its first byte in the file. */
  readonly start: number;
  /** Offset after its newline. */
  readonly end: number;
}

/**
 * The complete lines from `from`, where one begins, to `to` or the end of the file, in batches. A last line without a
 * newline is left alone: it is still being written.
 */
export async function* rawLines(file: FileHandle, from: number, to: number): AsyncGenerator<RawLine[]> {
  let rest = Buffer.alloc(0);
  let offset = from;
  for (let position = from; position < to;) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, to - position));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    const buffer = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    const lines: RawLine[] = [];
    let start = 0;
    for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE, start)) {
      lines.push({ text: buffer.toString('utf8', start, end), start: offset + start, end: offset + end + 1 });
      start = end + 1;
    }
    offset += start;
    rest = buffer.subarray(start);
    if (lines.length > 0) yield lines;
  }
}

/** Offset of the first line that begins at `from` or later. */
export async function nextLineStart(file: FileHandle, from: number, size: number): Promise<number> {
  if (from <= 0) return 0;
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (let position = from - 1; position < size;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    const newline = chunk.subarray(0, bytesRead).indexOf(NEWLINE);
    if (newline >= 0) return position + newline + 1;
    position += bytesRead;
  }
  return size;
}

/** The line, or undefined for one that is damaged or of a later version, which readers pass over. */
export function parseMetricsLine(text: string): MetricsLine | undefined {
  if (text.trim() === '') return undefined;
  try {
    return metricsLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
