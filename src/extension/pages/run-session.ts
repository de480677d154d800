/**
 * Tells a visible run page what its folder says: everything at once, then what is new. Looks each second and whenever the
 * system reports a change, gathers what a moment brings into one message, and ends with the page.
 */
import * as vscode from 'vscode';
import { basename } from 'node:path';
import { readDatasetFile } from '../../folders/dataset-folder';
import { datasetFolderOf } from '../../folders/marker-files';
import { messageOf } from '../../folders/lab-error';
import { listSamples } from '../../folders/sample-pictures';
import type { MetricsLine } from '../../protocol/metrics';
import type { RunPageContract, RunSnapshot, SampleImage } from '../../protocol/pages';
import type { RunConfiguration } from '../../protocol/run-configuration';
import { METRICS_FILE } from '../../protocol/metrics';
import { RunReader, type RunReading } from '../lab/run-reader';
import type { EventSink, Session } from './webview-host';

const LOOK_MS = 1000;
/** Shortest time between two messages' worth of news. */
const BATCH_MS = 150;

export class RunSession implements Session {
  private reader: RunReader;
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly timer: NodeJS.Timeout;
  private gathering: NodeJS.Timeout | undefined;
  private looking = false;
  private disposed = false;
  /** What the page was told last; undefined while it knows nothing, or that the folder is broken. */
  private told: { status: string } | undefined;
  private broken: string | undefined;

  constructor(
    private readonly folder: string,
    private readonly webview: vscode.Webview,
    private readonly host: EventSink<RunPageContract>,
  ) {
    this.reader = new RunReader(folder);
    const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), `{*.json,${METRICS_FILE}}`);
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const gather = (): void => {
      this.gather();
    };
    this.subscriptions.push(
      watcher,
      watcher.onDidChange(gather),
      watcher.onDidCreate(gather),
      watcher.onDidDelete(gather),
    );
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    void this.look();
  }

  dispose(): void {
    this.disposed = true;
    clearInterval(this.timer);
    clearTimeout(this.gathering);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private gather(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      void this.look();
    }, BATCH_MS);
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      await this.tell(await this.reader.read());
    } catch (error) {
      this.tellBroken(messageOf(error));
    } finally {
      this.looking = false;
    }
  }

  private async tell(reading: RunReading): Promise<void> {
    if (this.told === undefined || reading.reconfigured || reading.restarted) {
      await this.tellEverything(reading);
      return;
    }
    if (reading.lines.length > 0) this.post('lines', [...reading.lines]);
    const status = JSON.stringify(reading.status);
    if (status !== this.told.status) this.post('status', reading.status);
    this.told = { status };
    if (reading.lines.some((line) => line.kind === 'validation' && line.sampled)) {
      this.post('samples', await this.samples());
    }
  }

  private async tellEverything(first: RunReading): Promise<void> {
    // A reader that has told lines before tells only new ones; a whole snapshot needs one that has not.
    let reading = first;
    if (this.told !== undefined || this.broken !== undefined) {
      this.reader = new RunReader(this.folder);
      reading = await this.reader.read();
    }
    const [datasetName, samples] = await Promise.all([
      datasetNameOf(this.folder, reading.configuration),
      this.samples(),
    ]);
    const snapshot: RunSnapshot = {
      folder: this.folder,
      configuration: reading.configuration,
      datasetName,
      status: reading.status,
      lines: thinned(reading.lines),
      samples,
    };
    this.post('snapshot', snapshot);
    this.told = { status: JSON.stringify(reading.status) };
    this.broken = undefined;
  }

  private tellBroken(message: string): void {
    if (this.broken === message) return;
    this.post('broken', { message });
    this.broken = message;
    this.told = undefined;
  }

  private async samples(): Promise<SampleImage[]> {
    const address = (path: string): string => this.webview.asWebviewUri(vscode.Uri.file(path)).toString();
    const samples = await listSamples(this.folder);
    return samples.map(({ name, bicubic, hr, sr }) => ({
      name,
      bicubic: address(bicubic),
      hr: address(hr),
      sr: sr.map(({ step, path }) => ({ step, uri: address(path) })),
    }));
  }

  private post<N extends keyof RunPageContract['events']>(
    name: N,
    payload: RunPageContract['events'][N],
  ): void {
    if (!this.disposed) this.host.post(name, payload);
  }
}

/** A data set that was moved away still has a name: that of its folder. */
async function datasetNameOf(run: string, configuration: RunConfiguration): Promise<string> {
  const folder = datasetFolderOf(run, configuration);
  try {
    return (await readDatasetFile(folder)).name;
  } catch {
    return basename(folder);
  }
}

/** More points than any screen has columns; a message with a million lines would freeze the page. */
const MAX_STEP_LINES = 50_000;

/** All validations and events, and an even choice of the step lines where there are too many, the newest always among them. */
export function thinned(lines: readonly MetricsLine[]): MetricsLine[] {
  const steps = lines.reduce((count, line) => count + (line.kind === 'step' ? 1 : 0), 0);
  const stride = Math.ceil(steps / MAX_STEP_LINES);
  if (stride <= 1) return [...lines];
  let index = 0;
  return lines.filter((line) => line.kind !== 'step' || (steps - ++index) % stride === 0);
}
