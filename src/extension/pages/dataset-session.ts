/**
 * Tells a visible data set page what its folder holds: the header at once, the images in portions, the analysis, and the
 * work under way; and again whenever a file of it changes or goes.
 */
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../../folders/lab-error';
import { ANALYSIS_FILE } from '../../protocol/dataset-analysis';
import { DATASET_FILE } from '../../protocol/dataset-file';
import type { DatasetHeader, DatasetPageContract } from '../../protocol/dataset-page';
import { readPageAnalysis } from './dataset-analysis-reader';
import { readPageHeader, readPortions } from './dataset-reader';
import type { DatasetWorks } from './dataset-work';
import type { EventSink, Session } from './webview-host';

const SETTLE_MS = 150;

export interface DatasetSessionParts {
  folder: string;
  webview: Pick<vscode.Webview, 'asWebviewUri'>;
  host: EventSink<DatasetPageContract>;
  works: DatasetWorks;
}

export class DatasetSession implements Session {
  private readonly subscriptions: vscode.Disposable[];
  private settling: NodeJS.Timeout | undefined;
  private disposed = false;
  /** Numbers the readings; an older one that is still under way gives up. */
  private reading = 0;
  /** Hash of the list that the page has. */
  private listed: string | undefined;

  constructor(private readonly parts: DatasetSessionParts) {
    const { folder, works } = parts;
    const files = `{${DATASET_FILE},${ANALYSIS_FILE}}`;
    this.subscriptions = [
      ...this.watch(new vscode.RelativePattern(vscode.Uri.file(folder), files)),
      // A folder that goes as a whole is told by the folder above it.
      ...this.watch(new vscode.RelativePattern(vscode.Uri.file(dirname(folder)), basename(folder))),
      works.onDidChange((changed) => {
        if (changed === folder) this.tellWork();
      }),
    ];
    void this.tell();
  }

  dispose(): void {
    this.disposed = true;
    this.reading += 1;
    clearTimeout(this.settling);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private watch(pattern: vscode.RelativePattern): vscode.Disposable[] {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const settle = (): void => {
      clearTimeout(this.settling);
      this.settling = setTimeout(() => void this.tell(), SETTLE_MS);
    };
    watcher.onDidChange(settle);
    watcher.onDidCreate(settle);
    watcher.onDidDelete(settle);
    return [watcher];
  }

  private tellWork(): void {
    this.post('work', this.parts.works.of(this.parts.folder));
  }

  private async tell(): Promise<void> {
    const reading = ++this.reading;
    const { folder, webview } = this.parts;
    try {
      const header = await readPageHeader(folder, (kind) =>
        webview.asWebviewUri(vscode.Uri.file(join(folder, kind))).toString(),
      );
      if (reading !== this.reading) return;
      this.post('header', header);
      this.tellWork();
      const analysis = await readPageAnalysis(folder, header);
      if (reading !== this.reading) return;
      this.post('analysis', analysis);
      await this.tellImages(reading, header);
    } catch (error) {
      if (reading !== this.reading) return;
      this.listed = undefined;
      this.post('broken', { message: messageOf(error) });
    }
  }

  /** Only where the list is another than the one that the page has; while it is made anew, the page keeps the old one. */
  private async tellImages(reading: number, { contents }: DatasetHeader): Promise<void> {
    const list = contents?.sha256 ?? this.listed ?? 'none';
    if (list === this.listed) return;
    if (contents !== null) {
      for await (const portion of readPortions(this.parts.folder)) {
        if (reading !== this.reading) return;
        this.post('portion', { reading, ...portion });
      }
    }
    this.listed = list;
    this.post('complete', { reading });
  }

  private post<N extends keyof DatasetPageContract['events']>(
    name: N,
    payload: DatasetPageContract['events'][N],
  ): void {
    if (!this.disposed) this.parts.host.post(name, payload);
  }
}
