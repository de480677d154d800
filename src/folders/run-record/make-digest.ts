/** Has the digest of a record made by another process, one at a time, and once for all who want the same one. */
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { METRICS_FILE } from '../../protocol/metrics';
import { bundlePath } from '../installation';
import type { DigestProgress } from './build-digest';
import { decodeDigest } from './digest-file';
import type { RunDigest } from './run-digest';

const progressSchema = z.object({ done: z.number(), total: z.number() });

type Listener = (progress: DigestProgress) => void;
const underWay = new Map<string, { done: Promise<Buffer | undefined>; listeners: Set<Listener> }>();
let queue: Promise<unknown> = Promise.resolve();

/** Resolves to the digest of the record as it is then; undefined where it could not be made, and never rejects. */
export async function makeDigest(run: string, onProgress: Listener): Promise<RunDigest | undefined> {
  const listeners = underWay.get(run)?.listeners ?? new Set<Listener>();
  listeners.add(onProgress);
  const done = underWay.get(run)?.done ?? inTurn(() => inProcess(run, listeners));
  underWay.set(run, { done, listeners });
  try {
    const file = await done;
    if (file === undefined) return undefined;
    const metrics = await open(join(run, METRICS_FILE), 'r');
    try {
      return await decodeDigest(file, metrics);
    } finally {
      await metrics.close();
    }
  } catch {
    return undefined;
  } finally {
    underWay.delete(run);
  }
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = queue.then(work);
  queue = result.catch(() => undefined);
  return result;
}

async function inProcess(run: string, listeners: ReadonlySet<Listener>): Promise<Buffer | undefined> {
  const child = spawn(process.execPath, [bundlePath('record-digest.js'), run], {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // In desktop VS Code the executable is Electron, which is Node only when told so.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const exit = new Promise<boolean>((resolve) => {
    child.once('error', () => {
      resolve(false);
    });
    child.once('close', (code) => {
      resolve(code === 0);
    });
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    const progress = progressSchema.safeParse(parseJson(line)).data;
    if (progress !== undefined) for (const listener of listeners) listener(progress);
  });
  const [file, succeeded] = await Promise.all([buffer(child.stdout), exit]);
  return succeeded ? file : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
