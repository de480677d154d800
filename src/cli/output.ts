/**
 * How every command ends: `execute` runs its work, prints what came of it and sets the exit code. People get text;
 * with `--json` stdout gets exactly one JSON document. Whatever is still under way is told on stderr.
 */
import type { Command } from 'commander';
import { LabError, messageOf } from '../folders/lab-error';
import { createProgressReporter, type ProgressMode, type ProgressReporter } from './progress';

/** Exit codes of the command line. */
export const exitCodes = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** Options that every command takes; declared in program.ts. */
export interface GlobalOptions {
  json?: boolean;
  progress: ProgressMode;
}

/** What a command may use while it works. */
export interface CommandContext {
  /** Aborts on SIGINT and SIGTERM; its reason is what `throwIfAborted` throws. A second signal ends the process. */
  signal: AbortSignal;
  progress: ProgressReporter;
  /** Whether stdout belongs to one JSON document, so that nothing else may be written there. */
  json: boolean;
}

/** What a command leaves behind when it did not throw. */
export interface Outcome {
  /** Printed with `--json`; its shape is a schema of src/protocol/progress.ts. */
  result: unknown;
  /** Printed otherwise. */
  text: string;
  /** Not 0 where the work was done and its answer is bad news, such as a damaged data set. */
  exitCode?: number;
}

/**
 * Runs a command's work and ends it properly: prints the outcome or the error and sets `process.exitCode`.
 * Never throws. An error that comes after a signal counts as the interruption (exit code 130).
 */
export async function execute(
  command: Command,
  work: (context: CommandContext) => Promise<Outcome>,
): Promise<void> {
  const { json = false, progress: mode } = command.optsWithGlobals<GlobalOptions>();
  const interruption = listenForInterruption();
  const progress = createProgressReporter(process.stderr, mode);
  try {
    const outcome = await work({ signal: interruption.signal, progress, json });
    progress.close();
    process.stdout.write((json ? JSON.stringify(outcome.result) : outcome.text) + '\n');
    process.exitCode = outcome.exitCode ?? exitCodes.success;
  } catch (error) {
    progress.close();
    const interrupted = interruption.signal.aborted;
    reportFailure(interrupted && !(error instanceof LabError) ? new LabError('Interrupted.') : error, json);
    process.exitCode = interrupted ? exitCodes.interrupted : exitCodes.failure;
  } finally {
    interruption.dispose();
  }
}

/**
 * Tells an error: a `LabError` by its message, anything else as a bug with its stack. With `json`, stdout gets
 * `{ "error": … }` and a bug's stack goes to stderr.
 */
export function reportFailure(error: unknown, json: boolean): void {
  const expected = error instanceof LabError;
  const told = expected ? error.message : `This is a bug in SRGAN Lab: ${messageOf(error)}`;
  if (json) process.stdout.write(JSON.stringify({ error: told }) + '\n');
  else process.stderr.write(`error: ${told}\n`);
  if (!expected && error instanceof Error && error.stack !== undefined)
    process.stderr.write(error.stack + '\n');
}

/** Turns the first SIGINT or SIGTERM into an aborted signal; the second ends the process at once. */
function listenForInterruption(): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
