/**
 * The lines of `images.jsonl`. An entry has one spelling only, so that equal data sets have equal files, and the hash of
 * the file says whether it is the one that the header sums up.
 */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { datasetEntrySchema, type DatasetContents, type DatasetEntry } from '../protocol/dataset-file';
import { explainFileError, hasCode, LabError, messageOf } from './lab-error';
import { parseValue } from './read-json';

/** Bytes that are read and parsed at a time: about a hundred entries, and two milliseconds. */
const CHUNK_BYTES = 64 * 1024;

/** The line of an entry, with its newline. Keys are in the order of the schema, whatever order they were given in. */
export function entryLine(entry: DatasetEntry): string {
  return `${JSON.stringify(datasetEntrySchema.parse(entry))}\n`;
}

/** Entries that are written at a time. */
const PIECE = 500;

/** The file, in pieces. */
export async function* entryBytes(entries: Iterable<DatasetEntry>): AsyncGenerator<Uint8Array> {
  let lines: string[] = [];
  for (const entry of entries) {
    if (lines.push(entryLine(entry)) < PIECE) continue;
    yield Buffer.from(lines.join(''));
    lines = [];
    await new Promise(setImmediate);
  }
  if (lines.length > 0) yield Buffer.from(lines.join(''));
}

/** The summary that the header of a data set with these entries has. */
export function summaryOf(entries: Iterable<DatasetEntry>): DatasetContents {
  const summary = new EntrySummary();
  for (const entry of entries) summary.add(entry);
  return summary.finish();
}

/** Sums entries up as they come, for who does not have them all at once. */
export class EntrySummary {
  private readonly hash = createHash('sha256');
  private readonly counts = { train: 0, validation: 0, omitted: 0, hrPixels: 0 };
  private readonly widths: [number, number] = [Infinity, 0];
  private readonly heights: [number, number] = [Infinity, 0];

  add(entry: DatasetEntry): void {
    this.hash.update(entryLine(entry));
    if (entry.kind === 'omitted') {
      this.counts.omitted++;
      return;
    }
    this.counts[entry.split]++;
    this.counts.hrPixels += entry.width * entry.height;
    extend(this.widths, entry.width);
    extend(this.heights, entry.height);
  }

  /** The summary; nothing can be added after it. */
  finish(): DatasetContents {
    const sha256 = this.hash.digest('hex');
    return this.widths[1] === 0
      ? { sha256, ...this.counts }
      : { sha256, ...this.counts, widthRange: this.widths, heightRange: this.heights };
  }
}

function extend(range: [number, number], value: number): void {
  range[0] = Math.min(range[0], value);
  range[1] = Math.max(range[1], value);
}

/**
 * The entries of the file, some at a time. Throws a `LabError` that says what to do if the file is missing or damaged, or
 * not the one of this hash, which shows at the end.
 */
export async function* readEntryLines(path: string, expected?: string): AsyncGenerator<DatasetEntry[]> {
  const handle = await openEntries(path);
  try {
    const hash = createHash('sha256');
    let line = 0;
    for await (const lines of completeLines(handle, path, (bytes) => hash.update(bytes))) {
      yield lines.map((text) => parseLine(text, path, ++line));
    }
    if (expected !== undefined && hash.digest('hex') !== expected)
      throw damaged(path, 'it is not the one that dataset.srgan.json sums up');
  } finally {
    await handle.close();
  }
}

async function openEntries(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw damaged(path, 'it is missing');
    throw explainFileError('read', path, error);
  }
}

/** Lines of a file, a chunk of it at a time; each time the event loop turns, since the system reads. */
async function* completeLines(
  handle: FileHandle,
  path: string,
  onBytes: (bytes: Uint8Array) => void,
): AsyncGenerator<string[]> {
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const { bytesRead, buffer } = await handle
      .read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES)
      .catch((error: unknown) => {
        throw explainFileError('read', path, error);
      });
    if (bytesRead === 0) break;
    const bytes = buffer.subarray(0, bytesRead);
    onBytes(bytes);
    const joined = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const end = joined.lastIndexOf(0x0a) + 1;
    rest = joined.subarray(end);
    if (end > 0) yield joined.toString('utf8', 0, end - 1).split('\n');
  }
  if (rest.length > 0) throw damaged(path, 'its last line is cut short');
}

function parseLine(text: string, path: string, line: number): DatasetEntry {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(path, `line ${line} is not valid JSON (${messageOf(error)})`);
  }
  try {
    return parseValue(datasetEntrySchema, value, `Line ${line}`);
  } catch (error) {
    throw damaged(path, messageOf(error));
  }
}

function damaged(path: string, what: string): LabError {
  return new LabError(
    `The list of images ${path} is damaged: ${what}. ` +
      'Mend the data set with `srgan-lab dataset repair`, which makes the list anew from the sources.',
  );
}
