/**
 * Reading an append-only file of JSON lines, once or again as it grows. The last line may be half written, by a process that
 * is writing it or that died: it is left alone until its newline is there.
 */
import { open, type FileHandle } from 'node:fs/promises';
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
    for await (const chunk of readChunks(handle, schema, offset, size)) {
      lines.push(...chunk.lines);
      offset = chunk.end;
    }
    return { lines, position: { offset, inode: ino }, restarted };
  } finally {
    await handle.close();
  }
}

/** All complete lines that fit the schema, some at a time, for files that nobody should hold whole. */
export async function* streamJsonLines<T>(path: string, schema: z.ZodType<T>): AsyncGenerator<T[]> {
  let handle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    for await (const { lines } of readChunks(handle, schema, 0, size)) yield lines;
  } finally {
    await handle.close();
  }
}

/** The lines from `start` to `size`; `end` is where those of a chunk end. */
async function* readChunks<T>(
  handle: FileHandle,
  schema: z.ZodType<T>,
  start: number,
  size: number,
): AsyncGenerator<{ lines: T[]; end: number }> {
  let rest = Buffer.alloc(0);
  let position = start;
  let end = start;
  while (position < size) {
    const buffer = Buffer.alloc(Math.min(CHUNK, size - position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const length = rest.lastIndexOf(0x0a) + 1;
    const lines: T[] = [];
    for (const text of rest.toString('utf8', 0, length).split('\n')) {
      const line = parseLine(text, schema);
      if (line !== undefined) lines.push(line);
    }
    end += length;
    rest = rest.subarray(length);
    yield { lines, end };
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
