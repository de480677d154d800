/**
 * A child process as an object: `stopped` tells how it ended, `stop()` ends its whole tree and may be called twice.
 * A death by signal is told as such and never as exit code 0.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** `inherit` shows the output; `lines` hands it to `onLine`, `silent` collects it in `output` only. */
  output: 'inherit' | 'lines' | 'silent';
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Milliseconds after which the tree is killed and `stopped` says so. */
  timeout?: number;
}

const KILL_AFTER_MS = 5000;
const live = new Set<Child>();

export class Child {
  /** Resolves when the process has ended and its output is read; rejects only when it could not be started. */
  readonly stopped: Promise<Exit>;
  /** The end of what it printed, both streams, for messages. */
  output = '';
  stdout = '';
  timedOut = false;
  private readonly process: ChildProcess;
  private ended = false;

  constructor(
    readonly command: string,
    args: string[],
    options: ChildOptions,
  ) {
    this.process = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: options.output === 'inherit' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      let rest = '';
      this.process[stream]?.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-20_000);
        if (stream === 'stdout') this.stdout += text;
        const lines = (rest + text).split(/\r?\n/);
        rest = lines.pop() ?? '';
        for (const line of lines) options.onLine?.(line, stream);
      });
      this.process[stream]?.on('end', () => {
        if (rest !== '') options.onLine?.(rest, stream);
      });
    }
    const timer =
      options.timeout === undefined
        ? undefined
        : setTimeout(() => {
            this.timedOut = true;
            void this.stop();
          }, options.timeout);
    live.add(this);
    this.stopped = new Promise<Exit>((resolve, reject) => {
      this.process.once('error', reject);
      this.process.once('close', (code, signal) => {
        resolve({ code, signal });
      });
    }).finally(() => {
      this.ended = true;
      clearTimeout(timer);
      live.delete(this);
    });
    this.stopped.catch(() => undefined);
  }

  /** Undefined where it could not be started. */
  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Ends the process and all that it started: asks first, kills after five seconds. */
  async stop(): Promise<void> {
    if (this.ended) return;
    this.signal('SIGTERM');
    const killer = setTimeout(() => {
      this.signal('SIGKILL');
    }, KILL_AFTER_MS);
    await this.stopped.catch(() => undefined);
    clearTimeout(killer);
  }

  private signal(signal: NodeJS.Signals): void {
    const { pid } = this.process;
    if (pid === undefined) return;
    if (process.platform === 'win32') {
      spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true });
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch {
      // The group is gone already.
    }
  }
}

/** Runs a command to its end; throws with the end of its output unless it exits with 0. Returns its stdout. */
export async function runToEnd(
  command: string,
  args: string[],
  options: ChildOptions,
  what = command,
): Promise<string> {
  const child = new Child(command, args, options);
  const exit = await child.stopped;
  if (exit.code !== 0) {
    const how = child.timedOut ? 'took too long' : `ended with ${describeExit(exit)}`;
    throw new Error(`${what} ${how}.\n${child.output.trim().split('\n').slice(-30).join('\n')}`);
  }
  return child.stdout;
}

/** `exit code 2` or `signal SIGKILL`. */
export function describeExit(exit: Exit): string {
  return exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
}

/** Ends every child that still runs. */
export async function stopAllChildren(): Promise<void> {
  await Promise.all([...live].map((child) => child.stop()));
}

/**
 * On Ctrl-C or a termination: runs `before`, ends all children and exits with the customary code; a second one exits at
 * once. The signal is aborted as soon as that begins.
 */
export function stopChildrenOnSignals(before: () => Promise<void> | void = () => undefined): AbortSignal {
  const interruption = new AbortController();
  const onSignal = (signal: NodeJS.Signals, code: number): void => {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(code);
      interruption.abort();
      void (async () => {
        await before();
        await stopAllChildren();
        process.exit(code);
      })();
    });
  };
  onSignal('SIGINT', 130);
  onSignal('SIGTERM', 143);
  if (process.platform !== 'win32') onSignal('SIGHUP', 129);
  return interruption.signal;
}
