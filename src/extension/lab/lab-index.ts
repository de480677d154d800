/**
 * What the workspace holds, kept up to date: every data set, run and model below its folders. Views, the status bar and the
 * notifications are drawn from here. Nothing here is truth; it can be thrown away and read again at any time.
 */
import * as vscode from 'vscode';
import { findFolders } from '../../folders/find-folders';
import { messageOf } from '../../folders/lab-error';
import { readDatasetFile } from '../../folders/dataset-folder';
import { readAnyModelCard } from '../../folders/marker-files';
import { RunReader } from '../../folders/run-reader';
import type { Log } from '../process/command-line';
import { DatasetEntry, ModelEntry, RunEntry, type Content } from './entries';
import { LabWatcher } from './lab-watcher';

/** A running run is read this often; its watched files say sooner what is new, but not that its trainer died. */
const POLL_MS = 2000;
/** So is one that was found less long ago: folders that are made one in the other are sometimes not watched by VS Code. */
const YOUNG_MS = 30_000;

/** Not every change is told: some file systems cannot be watched, and a watcher takes a while to start. */
const RESCAN_MS = 10_000;
/** Looking through a large workspace may take this share of the time at most. */
const RESCAN_SHARE = 0.01;

export class LabIndex implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Something in the lists below is not what it was. */
  readonly onDidChange = this.changed.event;
  datasets: readonly DatasetEntry[] = [];
  runs: readonly RunEntry[] = [];
  models: readonly ModelEntry[] = [];

  private readonly readers = new Map<string, RunReader>();
  /** When a run was found, by `performance.now()`; not of those that were there at first. */
  private readonly found = new Map<string, number>();
  private readonly watcher: LabWatcher;
  private readonly timer: NodeJS.Timeout;
  private rescan: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();
  private disposed = false;
  /** Whether the workspace has been looked through. */
  private read = false;

  constructor(private readonly log: Log) {
    this.watcher = new LabWatcher({
      found: () => void this.refresh(),
      runChanged: (folder) => void this.refreshRuns((run) => run.folder === folder),
      deleted: (path) => {
        const entries = [...this.datasets, ...this.runs, ...this.models];
        const isGone = ({ folder }: { folder: string }): boolean =>
          folder === path || folder.startsWith(`${path}/`) || folder.startsWith(`${path}\\`);
        if (entries.some(isGone)) void this.refresh();
      },
    });
    this.timer = setInterval(() => void this.refreshRuns((run) => run.running || this.isYoung(run)), POLL_MS);
  }

  /** Looks through the whole workspace again. Resolves when the lists are new. */
  refresh(): Promise<void> {
    return this.enqueue(async () => {
      const start = performance.now();
      const roots = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
      const found = await Promise.all(roots.map(({ uri }) => findFolders(uri.fsPath)));
      const unique = (folders: string[]): string[] => [...new Set(folders)].sort();
      const runs = unique(found.flatMap((folders) => folders.runs));
      for (const folder of this.readers.keys()) if (!runs.includes(folder)) this.forget(folder);
      if (this.read) for (const folder of runs) if (!this.readers.has(folder)) this.found.set(folder, start);
      this.read = true;
      const [datasets, models, readings] = await Promise.all([
        Promise.all(unique(found.flatMap((folders) => folders.datasets)).map(readDataset)),
        Promise.all(unique(found.flatMap((folders) => folders.models)).map(readModel)),
        this.readRuns(runs),
      ]);
      this.datasets = datasets;
      this.models = models;
      this.runs = readings;
      this.changed.fire();
      this.rescanAfter(Math.max(RESCAN_MS, (performance.now() - start) / RESCAN_SHARE));
    });
  }

  dispose(): void {
    this.disposed = true;
    clearInterval(this.timer);
    clearTimeout(this.rescan);
    this.watcher.dispose();
    this.changed.dispose();
  }

  private rescanAfter(milliseconds: number): void {
    clearTimeout(this.rescan);
    this.rescan = setTimeout(() => void this.refresh(), milliseconds);
  }

  private refreshRuns(wanted: (run: RunEntry) => boolean): Promise<void> {
    if (!this.runs.some(wanted)) return this.work;
    return this.enqueue(async () => {
      const runs: RunEntry[] = [];
      for (const run of this.runs) runs.push(wanted(run) ? await this.readRun(run.folder) : run);
      this.runs = runs;
      this.changed.fire();
    });
  }

  /** One piece of work at a time: a reader must not be used twice at once, and the lists change as a whole. */
  private enqueue(work: () => Promise<void>): Promise<void> {
    this.work = this.work.then(async () => {
      if (this.disposed) return;
      try {
        await work();
      } catch (error) {
        this.log.warn(`The workspace could not be looked through: ${messageOf(error)}`);
      }
    });
    return this.work;
  }

  /** One after another: a long record is megabytes, of which a run keeps a few lines. */
  private async readRuns(folders: readonly string[]): Promise<RunEntry[]> {
    const runs: RunEntry[] = [];
    for (const folder of folders) runs.push(await this.readRun(folder));
    return runs;
  }

  private async readRun(folder: string): Promise<RunEntry> {
    // Without the record, which may be megabytes.
    const summary = this.readerOf(folder)
      .read()
      .then(({ configuration, status, gains, paces }) => ({ configuration, status, gains, paces }));
    return new RunEntry(folder, await contentOf(summary));
  }

  private isYoung({ folder }: RunEntry): boolean {
    const found = this.found.get(folder);
    return found !== undefined && performance.now() - found < YOUNG_MS;
  }

  private forget(folder: string): void {
    this.readers.delete(folder);
    this.found.delete(folder);
  }

  private readerOf(folder: string): RunReader {
    const reader = this.readers.get(folder) ?? new RunReader(folder);
    this.readers.set(folder, reader);
    return reader;
  }
}

async function readDataset(folder: string): Promise<DatasetEntry> {
  return new DatasetEntry(folder, await contentOf(readDatasetFile(folder)));
}

async function readModel(folder: string): Promise<ModelEntry> {
  return new ModelEntry(folder, await contentOf(readAnyModelCard(folder)));
}

async function contentOf<T>(reading: Promise<T>): Promise<Content<T>> {
  try {
    return { ok: await reading };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
