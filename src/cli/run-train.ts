/** Starting a run's trainer from the terminal and staying with it: what `train` and `resume` have in common. */
import type { Command } from 'commander';
import { LabError } from '../folders/lab-error';
import { readRunStatus } from '../folders/run-reader';
import { launchTrainer } from '../training/run/launcher';
import { exitCodes, type CommandContext, type GlobalOptions, type Outcome } from './output';
import { memoryOfRun } from './run-memory';
import { requestStop, untilStopped } from './run-stop';
import { followRun, outcomeOf, summaryOf } from './run-watch';

/** Whether progress is read by a program or painted on a terminal; in a log every report is a line. */
export function reportingOf(command: Command): 'often' | 'rarely' {
  const { progress } = command.optsWithGlobals<GlobalOptions>();
  return progress === 'json' || process.stderr.isTTY ? 'often' : 'rarely';
}

/** Options that `train` and `resume` share. */
export interface StartOptions {
  readonly detach?: boolean;
  readonly queue?: boolean;
}

export function addStartOptions(command: Command): Command {
  return command
    .option('--detach', 'return once it trains, or waits')
    .option('--queue', 'wait until the other runs on this machine have ended');
}

/**
 * Starts the trainer. Detached, resolves once it trains or waits; else shows the run until it ends, and on Ctrl-C stops it, saves
 * and leaves with exit code 130.
 */
export async function trainFromTerminal(
  run: string,
  { detach = false, queue = false }: StartOptions,
  context: CommandContext,
  command: Command,
): Promise<Outcome> {
  const { progress, signal } = context;
  const since = Date.now();
  const starting = { done: 0, total: 0, unit: 'steps', secondsLeft: null };
  if (!context.json) await tellMemory(run, context);
  const lease = await launchTrainer(run, {
    queued: queue,
    onPhase: ({ message }) => {
      progress.report({ ...starting, message });
    },
  });
  if (detach && !signal.aborted) {
    const now = lease.phase === 'waiting' ? lease.message : 'Training in the background.';
    const text = `${now} See it with: srgan-lab watch ${quoted(run)}`;
    return outcomeOf(run, await readRunStatus(run), text);
  }
  const seen = await followRun(run, { progress, reporting: reportingOf(command) }, signal, since);
  if (!signal.aborted) return summaryOf(run, seen);

  progress.note('Stopping: the trainer saves a checkpoint. Press Ctrl-C again to leave at once.');
  await requestStop(run);
  await untilStopped(run);
  const status = await readRunStatus(run);
  if (status.state === 'failed' || status.state === 'crashed') throw new LabError(status.message);
  return { ...(await summaryOf(run, status)), exitCode: exitCodes.interrupted };
}

/** Says what the run will take of memory, and its pictures of the disk. Programs ask for it before (`engine memory`). */
async function tellMemory(run: string, { progress }: CommandContext): Promise<void> {
  try {
    const { message, samples } = await memoryOfRun(run);
    progress.note(message);
    progress.note(samples.message);
  } catch (error) {
    // What is wrong with the configuration or the data set is told by who opens them to train.
    if (!(error instanceof LabError)) throw error;
  }
}

/** A path as a person can paste it into a shell. */
export function quoted(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
