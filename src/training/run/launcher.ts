/**
 * Starting a trainer: a process of its own that outlives whoever started it. The launcher waits until the trainer has
 * taken the lease and trains, or tells why it does not.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { bundlePath } from '../../folders/installation';
import { crashCause } from '../../folders/crash-cause';
import { explainFileError, LabError, messageOf } from '../../folders/lab-error';
import { readLease, tenancyOf } from '../../folders/lease-file';
import { readRunConfiguration } from '../../folders/marker-files';
import { memoryAdvice, OutOfMemoryError } from '../../folders/out-of-memory';
import { LOG_FILE, type Lease } from '../../protocol/lease';
import type { RunConfiguration } from '../../protocol/run-configuration';
import { refuseIfHeld } from './lease';

const LOOK_MS = 50;
/** Lines of the log that go into the message when a trainer dies without a word of its own. */
const TAIL_LINES = 5;

export interface LaunchOptions {
  /** Told each new phase or message while it starts. */
  readonly onPhase?: (lease: Lease) => void;
  /** Whether it waits until the other runs on this machine have ended. */
  readonly queued?: boolean;
  /** The trainer's file. */
  readonly trainer?: string;
}

/**
 * Starts the trainer of a run and resolves to its lease once it trains or waits for its turn (or is done already). Throws a `LabError` if the
 * configuration is not valid, another trainer holds the run, or the trainer fails or dies while it starts.
 */
export async function launchTrainer(
  run: string,
  { onPhase = () => undefined, queued = false, trainer = bundlePath('trainer.js') }: LaunchOptions = {},
): Promise<Lease> {
  const configuration = await readRunConfiguration(run);
  await refuseIfHeld(run);
  const logPath = join(run, LOG_FILE);
  let log: FileHandle;
  try {
    log = await open(logPath, 'a');
  } catch (error) {
    throw explainFileError('write', logPath, error);
  }
  try {
    const { size } = await log.stat();
    const child = spawn(process.execPath, [trainer, run, ...(queued ? ['--queue'] : [])], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
    });
    const exit = exitOf(child);
    const lease = await waitUntilTraining(run, configuration, child, exit, onPhase, () =>
      tailOf(logPath, size),
    );
    child.unref();
    return lease;
  } finally {
    await log.close();
  }
}

interface Exit {
  /** How it ended, in words; undefined while it runs. */
  words?: string;
}

function exitOf(child: ChildProcess): Exit {
  const exit: Exit = {};
  child.on('error', (error) => {
    exit.words = `could not be started: ${messageOf(error)}`;
  });
  child.on('exit', (code, signal) => {
    exit.words = signal === null ? `ended with exit code ${code ?? 'unknown'}` : `was killed by ${signal}`;
  });
  return exit;
}

async function waitUntilTraining(
  run: string,
  configuration: RunConfiguration,
  child: ChildProcess,
  exit: Exit,
  onPhase: (lease: Lease) => void,
  tail: () => Promise<string>,
): Promise<Lease> {
  let told = '';
  for (;;) {
    // Looked at before the lease, so that the last word of a trainer that just ended is read.
    const ended = exit.words;
    const lease = await readLease(run);
    if (lease !== undefined && lease.pid === child.pid) {
      if (lease.phase === 'failed') throw new LabError(lease.message);
      if (told !== lease.message) onPhase(lease);
      told = lease.message;
      if (lease.phase !== 'starting' && (ended === undefined || isEnding(lease))) return lease;
    }
    if (ended !== undefined) {
      if ((await crashCause(run, { lease, tenancy: tenancyOf(lease) })) === 'memory') {
        throw new OutOfMemoryError(
          `Out of memory: the trainer of ${run} ${ended} while it started. ${memoryAdvice(configuration)}`,
        );
      }
      throw new LabError(
        `The trainer of ${run} ${ended} before it could train. Its log says:\n${await tail()}`,
      );
    }
    await delay(LOOK_MS);
  }
}

function isEnding({ phase }: Lease): boolean {
  return phase === 'finished' || phase === 'stopped';
}

async function tailOf(path: string, from: number): Promise<string> {
  const text = (await readFile(path)).subarray(from).toString('utf8').trim();
  return text === '' ? '(nothing)' : text.split('\n').slice(-TAIL_LINES).join('\n');
}
