/**
 * A child process as an object: it has output lines, it stops once, and it can be told to stop any number of times.
 * How it ended is a value: an exit code, a signal (never mistaken for code 0), or that it could not be started.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { signalTree, startsGroup } from './process-tree';

export type Exit =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'unstartable'; readonly error: Error };

export interface ProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to the environment of this process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onStdout: (line: string) => void;
  readonly onStderr: (line: string) => void;
  /** Whether it is written to; else it has no input. */
  readonly input?: boolean;
  /** How long a process that was asked to stop may take before it is ended by force. */
  readonly graceMs: number;
}

export class LabProcess {
  /** How it ended. Resolves once, after the last line of output was delivered; never rejects. */
  readonly stopped: Promise<Exit>;
  /** Whether `stop` was called: an exit after that was asked for. */
  stopRequested = false;
  readonly pid: number | undefined;
  private running = true;
  private readonly stdin: Writable;

  constructor(private readonly options: ProcessOptions) {
    const child = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: startsGroup,
      windowsHide: true,
    });
    this.pid = child.pid;
    this.stdin = child.stdin;
    // One that ends while it is written to is told by how it ended.
    this.stdin.on('error', () => undefined);
    if (options.input !== true) this.stdin.end();
    const exit = new Promise<Exit>((resolve) => {
      child.once('error', (error) => {
        resolve({ kind: 'unstartable', error });
      });
      child.once('exit', (code, signal) => {
        resolve(code === null ? { kind: 'signal', signal: signal ?? 'unknown' } : { kind: 'code', code });
      });
    });
    const output = [
      deliverLines(child.stdout, options.onStdout),
      deliverLines(child.stderr, options.onStderr),
    ];
    this.stopped = exit.then(async (value) => {
      this.running = false;
      // A detached grandchild may keep the pipes open for hours; what the child itself wrote is there by then.
      if (value.kind !== 'unstartable') await Promise.race([Promise.all(output), delay(500)]);
      return value;
    });
  }

  /** Writes a line to its input. Nothing happens where it has none, or has ended. */
  write(line: string): void {
    if (this.running && this.stdin.writable) this.stdin.write(`${line}\n`);
  }

  /** Asks the whole tree to end, forces it after the grace period, and resolves when it has. Can be called again. */
  stop(): Promise<Exit> {
    if (!this.stopRequested && this.running && this.pid !== undefined) {
      const pid = this.pid;
      signalTree(pid, 'SIGTERM');
      const force = setTimeout(() => {
        signalTree(pid, 'SIGKILL');
      }, this.options.graceMs);
      void this.stopped.then(() => {
        clearTimeout(force);
      });
    }
    this.stopRequested = true;
    return this.stopped;
  }
}

function deliverLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: stream, crlfDelay: Infinity });
    lines.on('line', onLine);
    lines.once('close', resolve);
  });
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
