/**
 * A command with `--serve`, run as long as someone uses it: started by the first line that is sent, it ends with the last
 * user, or lingers for the next. One that ends by itself is started again by the next line; whoever waits for it is told.
 */
import { dirname } from 'node:path';
import type { Log } from './command-line';
import { LabProcess, type Exit } from './lab-process';

/** One life of the process: what was asked in one life has no answer in the next. */
export type ServingLife = object;

/** `reason` in words, where it was no wish of ours. */
export type LifeEnd = { readonly wished: true } | { readonly wished: false; readonly reason: string };

export interface ServingOptions {
  /** The bundle of the command line. */
  readonly script: string;
  readonly args: readonly string[];
  readonly log: Log;
  /** Environment variables, besides those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How long it is kept after its last user, where another is likely to follow. */
  readonly lingerMs?: number;
  /** Called with each line that is a JSON document. */
  readonly receive: (value: unknown) => void;
  /** A life is over: by a wish, or by itself, and then how. */
  readonly ended: (life: ServingLife, end: LifeEnd) => void;
}

const GRACE_MS = 2000;

export class ServingProcess {
  private process: LabProcess | undefined;
  private users = 0;
  private lingering: NodeJS.Timeout | undefined;

  constructor(private readonly options: ServingOptions) {}

  /** Keeps the process, once it is started, until the returned handle and all others are disposed. */
  use(): { dispose(): void } {
    this.users += 1;
    clearTimeout(this.lingering);
    let used = true;
    return {
      dispose: () => {
        if (!used) return;
        used = false;
        this.users -= 1;
        if (this.users === 0) this.leave();
      },
    };
  }

  /** Sends a request, to a new process if there is none. Returns the life that it is asked in. */
  send(request: object): ServingLife {
    const child = (this.process ??= this.start());
    child.write(JSON.stringify(request));
    return child;
  }

  /** Ends the process, if there is one. */
  stop(): void {
    clearTimeout(this.lingering);
    const child = this.process;
    this.process = undefined;
    void child?.stop();
  }

  get running(): boolean {
    return this.process !== undefined;
  }

  private leave(): void {
    const { lingerMs = 0 } = this.options;
    if (lingerMs === 0) this.stop();
    else
      this.lingering = setTimeout(() => {
        this.stop();
      }, lingerMs).unref();
  }

  private start(): LabProcess {
    const { script, args, log, environment = {} } = this.options;
    const child = new LabProcess({
      command: process.execPath,
      args: [script, ...args, '--json', '--progress', 'none'],
      cwd: dirname(script),
      environment: { ...environment, ELECTRON_RUN_AS_NODE: '1' },
      input: true,
      onStdout: (line) => {
        const value = parse(line);
        if (value !== undefined) this.options.receive(value);
      },
      onStderr: (line) => {
        if (line.trim() !== '') log.warn(line);
      },
      graceMs: GRACE_MS,
    });
    void child.stopped.then((exit) => {
      if (this.process === child) this.process = undefined;
      this.options.ended(
        child,
        child.stopRequested ? { wished: true } : { wished: false, reason: describe(exit) },
      );
    });
    return child;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function describe(exit: Exit): string {
  switch (exit.kind) {
    case 'code':
      return `exit code ${exit.code}`;
    case 'signal':
      return exit.signal;
    case 'unstartable':
      return exit.error.message;
  }
}
