/**
 * Degrades parts of images for the pages that edit a degradation, in one process for all of them: it is started by the
 * first request, keeps the image in memory from one change to the next, and ends with the last page.
 */
import { dirname } from 'node:path';
import { LabError } from '../../folders/lab-error';
import {
  sampleAnswerSchema,
  type DrawnSample,
  type SampleAnswer,
  type SampleRequest,
} from '../../protocol/dataset-sample';
import type { Log } from '../process/command-line';
import { LabProcess, type Exit } from '../process/lab-process';

interface Pending {
  /** The process that was asked: one that ends late must not end what another is drawing. */
  child: LabProcess;
  resolve: (sample: DrawnSample | null) => void;
  reject: (error: Error) => void;
}

const GRACE_MS = 2000;

export class PreviewServer {
  private process: LabProcess | undefined;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private users = 0;

  /** `script` is the bundle of the command line. */
  constructor(
    private readonly script: string,
    private readonly log: Log,
  ) {}

  /** Keeps the process, once it is started, until the returned handle and all others are disposed. */
  use(): { dispose(): void } {
    this.users += 1;
    let used = true;
    return {
      dispose: () => {
        if (!used) return;
        used = false;
        this.users -= 1;
        if (this.users === 0) this.stop();
      },
    };
  }

  /** The sample, or null if a newer request overtook it. Throws a `LabError` where there is none. */
  draw(request: Omit<SampleRequest, 'id'>): Promise<DrawnSample | null> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const child = (this.process ??= this.start());
      this.pending.set(id, { child, resolve, reject });
      child.write(JSON.stringify({ id, ...request } satisfies SampleRequest));
    });
  }

  private start(): LabProcess {
    const child = new LabProcess({
      command: process.execPath,
      args: [this.script, 'dataset', 'sample', '--serve', '--json', '--progress', 'none'],
      cwd: dirname(this.script),
      environment: { ELECTRON_RUN_AS_NODE: '1' },
      input: true,
      onStdout: (line) => {
        this.receive(line);
      },
      onStderr: (line) => {
        if (line.trim() !== '') this.log.warn(line);
      },
      graceMs: GRACE_MS,
    });
    void child.stopped.then((exit) => {
      if (this.process === child) this.process = undefined;
      this.abandon(child, exit);
    });
    return child;
  }

  private stop(): void {
    const child = this.process;
    this.process = undefined;
    void child?.stop();
  }

  private receive(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return;
    }
    const answer = sampleAnswerSchema.safeParse(value);
    if (answer.success) this.settle(answer.data);
  }

  private settle(answer: SampleAnswer): void {
    const pending = answer.id === null ? undefined : this.pending.get(answer.id);
    if (answer.id === null || pending === undefined) return;
    this.pending.delete(answer.id);
    if ('error' in answer) pending.reject(new LabError(answer.error));
    else pending.resolve('superseded' in answer ? null : answer);
  }

  /** The process is gone; what it was asked has no answer. */
  private abandon(child: LabProcess, exit: Exit): void {
    for (const [id, { child: asked, resolve, reject }] of this.pending) {
      if (asked !== child) continue;
      this.pending.delete(id);
      if (child.stopRequested) resolve(null);
      else
        reject(
          new LabError(`The preview ended by itself (${describe(exit)}). Change something to try again.`),
        );
    }
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
