/**
 * Tells the index what happened to the lab's files, at a pace that a person can follow: a trainer renews its lease each
 * second and appends to its metrics more often than that.
 */
import { stat } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import * as vscode from 'vscode';
import { DATASET_FILE } from '../../protocol/dataset-file';
import { LEASE_FILE } from '../../protocol/lease';
import { CARD_FILE } from '../../protocol/model-card';
import { RUN_FILE } from '../../protocol/run-configuration';
import { Paced } from './paced';

export interface LabChanges {
  /** A folder of the lab may have appeared, gone or been edited. */
  found(): void;
  /** A run that is known may have moved on. */
  runChanged(folder: string): void;
  /** A file or folder of any kind was deleted. */
  deleted(path: string): void;
}

const SETTLE_MS = 200;
const RUN_MS = 1000;

/** Folders that the lab itself makes, and that hold no other: a trainer adds to them all the time. */
const innerFolders = new Set(['samples', 'checkpoints', 'cache', 'hr', 'lr', 'node_modules', '.git']);

export class LabWatcher implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[];
  private settling: NodeJS.Timeout | undefined;
  private readonly runs = new Map<string, Paced>();

  constructor(private readonly changes: LabChanges) {
    const markers = vscode.workspace.createFileSystemWatcher(`**/{${DATASET_FILE},${RUN_FILE},${CARD_FILE}}`);
    const leases = vscode.workspace.createFileSystemWatcher(`**/${LEASE_FILE}`);
    // A folder that comes or goes as a whole, by a rename, is told as one event, not as those of the files in it.
    const folders = vscode.workspace.createFileSystemWatcher('**', false, true, false);
    const settle = (): void => {
      this.settle();
    };
    const lease = (uri: vscode.Uri): void => {
      this.lease(dirname(uri.fsPath));
    };
    this.disposables = [
      markers,
      leases,
      folders,
      markers.onDidCreate(settle),
      markers.onDidChange(settle),
      markers.onDidDelete(settle),
      leases.onDidCreate(lease),
      leases.onDidChange(lease),
      leases.onDidDelete(lease),
      folders.onDidCreate((uri) => void this.created(uri.fsPath)),
      folders.onDidDelete((uri) => {
        changes.deleted(uri.fsPath);
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(settle),
    ];
  }

  dispose(): void {
    clearTimeout(this.settling);
    for (const run of this.runs.values()) run.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async created(path: string): Promise<void> {
    if (path.split(sep).some((part) => innerFolders.has(part))) return;
    const isFolder = await stat(path).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
    if (isFolder) this.settle();
  }

  private settle(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      this.changes.found();
    }, SETTLE_MS);
  }

  private lease(folder: string): void {
    const run =
      this.runs.get(folder) ??
      new Paced(() => {
        this.changes.runChanged(folder);
      }, RUN_MS);
    this.runs.set(folder, run);
    run.ask();
  }
}
