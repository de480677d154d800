/**
 * What is being done to data sets at their pages' request: one piece of work a folder at a time, through the command line.
 * It outlives a page that is hidden, and every page of the folder sees it.
 */
import * as vscode from 'vscode';
import { LabError } from '../../folders/lab-error';
import type { DatasetWork } from '../../protocol/dataset-page';
import type { CommandLine, Invocation } from '../process/command-line';

interface Current {
  readonly abort: AbortController;
  work: DatasetWork;
}

/** Progress is told so often at most; the command line may say it for each of many small files. */
const TELL_MS = 200;

export class DatasetWorks implements vscode.Disposable {
  private readonly current = new Map<string, Current>();
  private readonly changed = new vscode.EventEmitter<string>();
  /** Fires with the folder whose work has begun, got on or ended. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly commandLine: CommandLine) {}

  /** What is being done to the folder; null while nothing is. */
  of(folder: string): DatasetWork | null {
    return this.current.get(folder)?.work ?? null;
  }

  /** Runs a command to its end. Throws a `LabError` while other work is under way, or `Cancelled` after `stop`. */
  async run<T>(
    folder: string,
    title: string,
    invocation: Omit<Invocation<T>, 'onProgress' | 'signal'>,
  ): Promise<T> {
    const other = this.current.get(folder);
    if (other !== undefined)
      throw new LabError(`${other.work.title}: wait until that is done, or stop it first.`);
    const now: Current = { abort: new AbortController(), work: { title, progress: null } };
    this.current.set(folder, now);
    this.changed.fire(folder);
    let told = 0;
    try {
      return await this.commandLine.run({
        ...invocation,
        signal: now.abort.signal,
        onProgress: (progress) => {
          now.work = { title, progress };
          if (performance.now() - told < TELL_MS) return;
          told = performance.now();
          this.changed.fire(folder);
        },
      });
    } finally {
      this.current.delete(folder);
      this.changed.fire(folder);
    }
  }

  /** Ends the work under way; nothing happens where there is none. */
  stop(folder: string): void {
    this.current.get(folder)?.abort.abort();
  }

  dispose(): void {
    this.changed.dispose();
  }
}
