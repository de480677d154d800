/** Tells a visible data set page what its file says, and again whenever the file changes or goes. */
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { readDatasetFile } from '../../folders/marker-files';
import { messageOf } from '../../folders/lab-error';
import { DATASET_FILE, type DatasetFile } from '../../protocol/dataset-file';
import type { DatasetPageContract, DatasetSnapshot } from '../../protocol/pages';
import type { EventSink, Session } from './webview-host';

const SETTLE_MS = 150;

export class DatasetSession implements Session {
  private readonly watchers: vscode.FileSystemWatcher[];
  private settling: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(
    private readonly folder: string,
    private readonly webview: vscode.Webview,
    private readonly host: EventSink<DatasetPageContract>,
  ) {
    const parent = vscode.Uri.file(dirname(folder));
    this.watchers = [
      vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(vscode.Uri.file(folder), DATASET_FILE),
      ),
      // A folder that goes as a whole is told by the folder above it.
      vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(parent, basename(folder))),
    ];
    const settle = (): void => {
      this.settle();
    };
    for (const watcher of this.watchers) {
      watcher.onDidChange(settle);
      watcher.onDidCreate(settle);
      watcher.onDidDelete(settle);
    }
    void this.tell();
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.settling);
    for (const watcher of this.watchers) watcher.dispose();
  }

  private settle(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => void this.tell(), SETTLE_MS);
  }

  private async tell(): Promise<void> {
    try {
      const file = await readDatasetFile(this.folder);
      this.post('snapshot', this.snapshot(file));
    } catch (error) {
      this.post('broken', { message: messageOf(error) });
    }
  }

  private snapshot({ images, ...file }: DatasetFile): DatasetSnapshot {
    const address = (...path: string[]): string =>
      this.webview.asWebviewUri(vscode.Uri.file(join(this.folder, ...path))).toString();
    return {
      folder: this.folder,
      file,
      images: images.map(({ name, split, width, height, notes }) => ({
        name,
        split,
        width,
        height,
        notes,
        hr: address('hr', `${name}.png`),
        lr: address('lr', `${name}.png`),
      })),
    };
  }

  private post<N extends keyof DatasetPageContract['events']>(
    name: N,
    payload: DatasetPageContract['events'][N],
  ): void {
    if (!this.disposed) this.host.post(name, payload);
  }
}
