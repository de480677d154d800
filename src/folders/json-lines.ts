/**
 * Reading an append-only file of JSON lines, once or again as it grows. The last line may be half written, by a process that
 * is writing it or that died: it is left alone until its newline is there.
 */
import { open } from 'node:fs/promises';
import type { z } from 'zod';
import { hasCode } from './lab-error';

/** Read and parsed at a time: a few milliseconds, after which others have their turn. */
const CHUNK = 1 << 18;

/** What is known of a file read so far: where the next line starts, and how to tell that the file was replaced. */
export interface LinePosition {
  readonly offset: number;
  readonly inode: number;
}

export const START: LinePosition = { offset: 0, inode: 0 };

export interface LinesRead<T> {
  readonly lines: T[];
  readonly position: LinePosition;
  /** The file was replaced or cut since `position`: `lines` are all of its lines, not those appended. */
  readonly restarted: boolean;
}

/**
 * Complete lines after `from` that fit the schema; others are passed over, so that a file with one damaged line can still
 * be shown. A missing file has no lines.
 */
export async function readJsonLines<T>(
  path: string,
  schema: z.ZodType<T>,
  from: LinePosition = START,
): Promise<LinesRead<T>> {
  let handle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR'))
      return { lines: [], position: START, restarted: from.offset > 0 };
    throw error;
  }
  try {
    const { size, ino } = await handle.stat();
    const restarted = from.offset > 0 && (ino !== from.inode || size < from.offset);
    let offset = restarted ? 0 : from.offset;
    const lines: T[] = [];
    let rest = Buffer.alloc(0);
    let position = offset;
    while (position < size) {
      const buffer = Buffer.alloc(Math.min(CHUNK, size - position));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      const end = rest.lastIndexOf(0x0a) + 1;
      for (const text of rest.toString('utf8', 0, end).split('\n')) {
        const line = parseLine(text, schema);
        if (line !== undefined) lines.push(line);
      }
      offset += end;
      rest = rest.subarray(end);
    }
    return { lines, position: { offset, inode: ino }, restarted };
  } finally {
    await handle.close();
  }
}

function parseLine<T>(text: string, schema: z.ZodType<T>): T | undefined {
  if (text.trim() === '') return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
