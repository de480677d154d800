/** Why a trainer ended that could not say so itself: what is known is in its last heartbeat and in the end of its log. */
import { open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { LOG_FILE, type Lease } from '../protocol/lease';
import type { Holder } from './lease-file';
import { wasKilledForMemory } from './memory-state';
import { saysOutOfMemory } from './out-of-memory';

/** Why training ended, where that is known: told in the lease, or found out for a trainer that died. */
export async function crashCause(run: string, { lease, tenancy }: Holder): Promise<Lease['cause']> {
  if (lease === undefined || tenancy !== 'crashed') return lease?.cause;
  if (lease.host === hostname() && wasKilledForMemory(lease.memory)) return 'memory';
  const words = await lastWords(join(run, LOG_FILE));
  if (saysOutOfMemory(words)) return 'memory';
  return lease.device.startsWith('GPU') && GPU_FAILED.test(words) ? 'gpu' : undefined;
}

/**
 * What TensorFlow writes before it ends the process on a GPU that no longer answers: most such failures reach it where it cannot
 * hand them on.
 */
const GPU_FAILED = /\bCUDA_ERROR_\w+|\bCU(?:DNN|BLAS)_STATUS_\w+|GPU sync failed|Unexpected Event status/;

/** More than V8 and TensorFlow write when they give up. */
const TAIL_BYTES = 16 * 1024;
/** How every line of the trainer's own begins. */
const OWN_LINE = /^\d{4}-\d\d-\d\dT[\d:.]+Z .*$/gm;

/** What was written into a log after the trainer's own last line: the words of a library or of V8 that gave up. */
async function lastWords(path: string): Promise<string> {
  let text: string;
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const length = Math.min(size, TAIL_BYTES);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      text = buffer.toString('utf8');
    } finally {
      await file.close();
    }
  } catch {
    // Without a log nothing is known.
    return '';
  }
  const last = [...text.matchAll(OWN_LINE)].at(-1);
  return last === undefined ? text : text.slice(last.index + last[0].length);
}
