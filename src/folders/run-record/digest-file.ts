/**
 * The file `metrics.digest`: a line of JSON that says what follows, the buckets as little-endian doubles, and the kept
 * lines, each with its offset before it. It is taken for true only if it is whole and was made of this `metrics.jsonl`;
 * anything else counts as missing, because it can be made again.
 */
import { createHash } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { bucketFields, StepDigest } from '../../protocol/record/step-digest';
import { besides } from '../atomic-write';
import { parseMetricsLine } from './raw-lines';
import { RunDigest, type KeptLine } from './run-digest';

export const DIGEST_FILE = 'metrics.digest';

/** A shorter record is read faster than its digest. */
export const SHORTEST_DIGESTED = 1 << 20;

/** So many bytes before the end of the part that is digested tell whether it is of this file. */
const FINGERPRINTED = 4096;
const NEWLINE = 0x0a;

const headerSchema = z.object({
  format: z.literal(1),
  bytes: z.int().min(0).describe('Length of the part of metrics.jsonl that was digested.'),
  fingerprint: z.string().describe('SHA-256 of the last 4096 bytes of that part.'),
  firstTime: z.number().nullable(),
  width: z.int().min(1).describe('Steps a bucket.'),
  buckets: z.int().min(0),
  fields: z.array(z.string()).describe('The numbers of a bucket, in their order.'),
  sha256: z.string().describe('Of everything after this line.'),
});

/** Where the bytes begin by which the part of `metrics.jsonl` up to `bytes` is told from that of another record. */
export function fingerprintStart(bytes: number): number {
  return Math.max(0, bytes - FINGERPRINTED);
}

/** @param tail from `fingerprintStart` to the end of the part that is digested */
export function fingerprintOfTail(tail: Buffer): string {
  return sha256(tail);
}

export async function fingerprintOf(metrics: FileHandle, bytes: number): Promise<string> {
  const start = fingerprintStart(bytes);
  const tail = Buffer.alloc(bytes - start);
  await metrics.read(tail, 0, tail.length, start);
  return fingerprintOfTail(tail);
}

/** @param fingerprint of the part of `metrics.jsonl` that was digested */
export function encodeDigest({ steps, kept, bytes, firstTime }: RunDigest, fingerprint: string): Buffer {
  const values = steps.values();
  const body = Buffer.concat([
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
    Buffer.from(kept.map(({ offset, text }) => `${offset} ${text}\n`).join(''), 'utf8'),
  ]);
  const header: z.infer<typeof headerSchema> = {
    format: 1,
    bytes,
    fingerprint,
    firstTime,
    width: steps.width,
    buckets: steps.length,
    fields: [...bucketFields],
    sha256: sha256(body),
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`, 'utf8'), body]);
}

/** The digest, if it is whole and of this `metrics.jsonl`. */
export async function decodeDigest(file: Buffer, metrics: FileHandle): Promise<RunDigest | undefined> {
  const end = file.indexOf(NEWLINE);
  const header = headerSchema.safeParse(parseJson(file.toString('utf8', 0, Math.max(0, end)))).data;
  if (header?.fields.join() !== bucketFields.join()) return undefined;
  const body = file.subarray(end + 1);
  const { size } = await metrics.stat();
  if (header.bytes > size || sha256(body) !== header.sha256) return undefined;
  if ((await fingerprintOf(metrics, header.bytes)) !== header.fingerprint) return undefined;
  const length = header.buckets * bucketFields.length * Float64Array.BYTES_PER_ELEMENT;
  const values = new Float64Array(new Uint8Array(body.subarray(0, length)).buffer);
  const digest = new RunDigest(
    StepDigest.of(values, header.width),
    await keptLines(body.toString('utf8', length)),
    header.bytes,
  );
  digest.firstTime = header.firstTime;
  return digest;
}

/** The digest that a run's folder holds; undefined where it is missing, damaged or of another record. */
export async function readDigestFile(run: string, metrics: FileHandle): Promise<RunDigest | undefined> {
  let file;
  try {
    file = await readFile(join(run, DIGEST_FILE));
  } catch {
    return undefined;
  }
  return decodeDigest(file, metrics);
}

/** Replaces the file in one step. Not synced: one that a power cut damages is made again. Throws what writing throws. */
export function writeDigestFile(run: string, file: Buffer): void {
  const path = join(run, DIGEST_FILE);
  const partial = besides(path);
  try {
    writeFileSync(partial, file, { flag: 'wx' });
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Others have their turn after so many lines. */
const LINES_AT_A_TIME = 128;

async function keptLines(text: string): Promise<KeptLine[]> {
  const kept: KeptLine[] = [];
  for (const [index, row] of text.split('\n').entries()) {
    if (index % LINES_AT_A_TIME === 0) await setImmediate();
    const space = row.indexOf(' ');
    const json = row.slice(space + 1);
    const line = parseMetricsLine(json);
    if (line === undefined || line.kind === 'step') continue;
    kept.push({ offset: Number(row.slice(0, space)), text: json, line });
  }
  return kept;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
