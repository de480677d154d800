/**
 * The lab's command line as a function: arguments in, a checked result out, progress on the way. Every computation of the
 * extension goes through here, so that what a click does can be done in a terminal, too.
 */
import { dirname } from 'node:path';
import type { z } from 'zod';
import { LabError } from '../../folders/lab-error';
import { failureSchema, progressSchema, type Progress } from '../../protocol/progress';
import { LabProcess, type Exit } from './lab-process';

/** The command was cancelled by the person; nothing needs to be said about it. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Where the log of the extension goes. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
}

export interface Invocation<T> {
  readonly args: readonly string[];
  /** Shape of the document on stdout. */
  readonly result: z.ZodType<T>;
  /** Exit codes that come with a result; 1 is added by commands whose answer can be bad news. */
  readonly acceptedCodes?: readonly number[];
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Enough time to remove unfinished files. */
const GRACE_MS = 10_000;

export class CommandLine {
  private readonly processes = new Set<LabProcess>();

  /** `script` is the bundle of the command line, run by the Node of this process. */
  constructor(
    private readonly script: string,
    private readonly log: Log,
    /** Environment variables for each process, besides those of this one. */
    private readonly environment: () => Promise<Record<string, string>> = () => Promise.resolve({}),
  ) {}

  /**
   * Runs one command to its end. Throws a `LabError` in the command's own words if it failed, `Cancelled` if `signal` was
   * aborted.
   */
  async run<T>(invocation: Invocation<T>): Promise<T> {
    const { args, signal } = invocation;
    const environment = await this.environment();
    if (signal?.aborted) throw new Cancelled();
    this.log.info(`srgan-lab ${args.map(quote).join(' ')}`);
    const stdout: string[] = [];
    const complaints: string[] = [];
    const child = new LabProcess({
      command: process.execPath,
      args: [this.script, '--json', '--progress', 'json', ...args],
      // Paths are given absolute, and a workspace folder that is a process's own could not be deleted on Windows.
      cwd: dirname(this.script),
      // In desktop VS Code the executable is Electron, which is Node only when told so.
      environment: { ...environment, ELECTRON_RUN_AS_NODE: '1' },
      onStdout: (line) => stdout.push(line),
      onStderr: (line) => {
        const progress = parseJson(line, progressSchema);
        if (progress !== undefined) {
          invocation.onProgress?.(progress);
        } else if (line.trim() !== '') {
          complaints.push(line);
          this.log.warn(line);
        }
      },
      graceMs: GRACE_MS,
    });
    const onAbort = (): void => void child.stop();
    signal?.addEventListener('abort', onAbort);
    this.processes.add(child);
    try {
      const exit = await child.stopped;
      // One that had finished when the wish came has its result; it would be wrong to deny it.
      if (child.stopRequested && (exit.kind !== 'code' || exit.code !== 0)) throw new Cancelled();
      return this.outcome(invocation, exit, stdout, complaints);
    } finally {
      this.processes.delete(child);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends every command that is still under way. Trainers are no part of their trees and go on. */
  async dispose(): Promise<void> {
    await Promise.all([...this.processes].map((child) => child.stop()));
  }

  private outcome<T>(
    { args, result, acceptedCodes = [0] }: Invocation<T>,
    exit: Exit,
    stdout: readonly string[],
    complaints: readonly string[],
  ): T {
    const command = `srgan-lab ${args[0] ?? ''}`;
    const last = stdout.findLast((line) => line.trim() !== '') ?? '';
    if (exit.kind === 'unstartable')
      throw new LabError(`${command} could not be started: ${exit.error.message}`);
    if (exit.kind === 'signal')
      throw new LabError(
        `${command} was ended by the system (${exit.signal}), perhaps for want of memory. The log may say more.`,
      );
    if (acceptedCodes.includes(exit.code)) {
      const value = parseJson(last, result);
      if (value !== undefined) return value;
    }
    const failure = parseJson(last, failureSchema);
    if (failure !== undefined) throw new LabError(failure.error);
    const words = complaints.slice(-3).join(' ') || 'It gave no reason.';
    throw new LabError(`${command} failed with exit code ${exit.code}. ${words}`);
  }
}

function parseJson<T>(text: string, schema: z.ZodType<T>): T | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : JSON.stringify(argument);
}
