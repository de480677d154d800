/**
 * Tells a visible data set page what its folder holds: the header at once, the images in portions, the analysis, and the
 * work under way; and again whenever a file of it changes or goes. Not every file system can be watched, and a new folder
 * is not at once, so it looks by itself as well.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { START, type LinePosition } from '../../folders/json-lines';
import { messageOf } from '../../folders/lab-error';
import { ANALYSIS_FILE } from '../../protocol/dataset-analysis';
import { DATASET_FILE } from '../../protocol/dataset-file';
import type { DatasetHeader, DatasetPageContract } from '../../protocol/dataset-page';
import { readPageAnalysis } from './dataset-analysis-reader';
import { readMade, readPageHeader, readPortions } from './dataset-reader';
import type { DatasetWorks } from './dataset-work';
import type { EventSink, Session } from './webview-host';

const SETTLE_MS = 150;
const LOOK_MS = 2000;

export interface DatasetSessionParts {
  folder: string;
  webview: Pick<vscode.Webview, 'asWebviewUri'>;
  host: EventSink<DatasetPageContract>;
  works: DatasetWorks;
}

export class DatasetSession implements Session {
  private readonly subscriptions: vscode.Disposable[];
  private settling: NodeJS.Timeout | undefined;
  private readonly looking: NodeJS.Timeout;
  /** State of the files that the page was told of last. */
  private told: string | undefined;
  private disposed = false;
  /** Numbers the readings; an older one that is still under way gives up. */
  private reading = 0;
  /** Hash of the list that the page has. */
  private listed: string | undefined;
  /** How far the page was told what was made, of a data set that is not complete and whose list it never had. */
  private building: { readonly reading: number; readonly position: LinePosition } | undefined;

  constructor(private readonly parts: DatasetSessionParts) {
    const { folder, works } = parts;
    const files = `{${DATASET_FILE},${ANALYSIS_FILE}}`;
    this.subscriptions = [
      ...this.watch(new vscode.RelativePattern(vscode.Uri.file(folder), files)),
      // A folder that goes as a whole is told by the folder above it.
      ...this.watch(new vscode.RelativePattern(vscode.Uri.file(dirname(folder)), basename(folder))),
      works.onDidChange((changed) => {
        if (changed !== folder) return;
        this.tellWork();
        if (works.of(folder) === null) this.settle();
      }),
    ];
    this.looking = setInterval(() => void this.look(), LOOK_MS);
    void this.tell();
  }

  dispose(): void {
    this.disposed = true;
    this.reading += 1;
    clearTimeout(this.settling);
    clearInterval(this.looking);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private watch(pattern: vscode.RelativePattern): vscode.Disposable[] {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const settle = (): void => {
      this.settle();
    };
    watcher.onDidChange(settle);
    watcher.onDidCreate(settle);
    watcher.onDidDelete(settle);
    return [watcher];
  }

  private settle(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => void this.tell(), SETTLE_MS);
  }

  private async look(): Promise<void> {
    if ((await this.traces()) !== this.told) this.settle();
    else if (this.building !== undefined) await this.tellMade(this.building);
  }

  /** Changes when a file that the page depends on does. */
  private async traces(): Promise<string> {
    const files = [DATASET_FILE, ANALYSIS_FILE].map((name) => join(this.parts.folder, name));
    const found = await Promise.all(
      files.map((file) =>
        stat(file).then(
          ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
          () => 'missing',
        ),
      ),
    );
    return found.join(', ');
  }

  private tellWork(): void {
    this.post('work', this.parts.works.of(this.parts.folder));
  }

  private async tell(): Promise<void> {
    const reading = ++this.reading;
    const { folder, webview } = this.parts;
    this.told = await this.traces();
    if (reading !== this.reading) return;
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
    if (contents === null) {
      if (this.listed === undefined) await this.tellMade(this.building ?? { reading, position: START });
      return;
    }
    this.building = undefined;
    if (contents.sha256 === this.listed) return;
    for await (const portion of readPortions(this.parts.folder)) {
      if (reading !== this.reading) return;
      this.post('portion', { reading, ...portion });
    }
    this.listed = contents.sha256;
    this.post('complete', { reading });
  }

  /** Images as they are made, in one reading that grows. */
  private async tellMade({ reading, position }: NonNullable<typeof this.building>): Promise<void> {
    const made = await readMade(this.parts.folder, position);
    // Somebody else has told of them meanwhile, or there is a list now.
    if (this.listed !== undefined || (this.building !== undefined && this.building.position !== position))
      return;
    const now = made.restarted ? ++this.reading : reading;
    const isFirst = this.building === undefined;
    this.building = { reading: now, position: made.position };
    if (made.lines.length > 0) this.post('portion', { reading: now, images: made.lines, omitted: [] });
    if (isFirst || made.lines.length > 0) this.post('complete', { reading: now });
  }

  private post<N extends keyof DatasetPageContract['events']>(
    name: N,
    payload: DatasetPageContract['events'][N],
  ): void {
    if (!this.disposed) this.parts.host.post(name, payload);
  }
}
