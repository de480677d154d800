/**
 * Tells a visible run page what its folder says: everything at once, then what is new. Looks each second and as soon as the
 * system reports a change, at a pace that gathers what a moment brings into one message, and ends with the page.
 */
import * as vscode from 'vscode';
import { basename } from 'node:path';
import { readDatasetFile } from '../../folders/dataset-folder';
import { datasetFolderOf } from '../../folders/marker-files';
import { evaluationsState, readEvaluations } from '../../folders/checkpoint-evaluations';
import { readKeptCrops } from '../../folders/kept-crops';
import { LabError, messageOf } from '../../folders/lab-error';
import { listSamples } from '../../folders/sample-pictures';
import { RunReader, type RunReading } from '../../folders/run-reader';
import { readSteps } from '../../folders/run-record/read-steps';
import type { RunDigest } from '../../folders/run-record/run-digest';
import { MOST_BUCKETS, snapshotOf } from '../../folders/run-record/snapshot';
import { EVALUATIONS_FOLDER } from '../../protocol/checkpoint-evaluation';
import { curveOf, type CheckpointCurve } from '../../protocol/checkpoint-curve';
import type { KeptCrop } from '../../protocol/kept-crops';
import type { RunPageContract, SampleImage } from '../../protocol/pages';
import { encodeBuckets, type StepBuckets } from '../../protocol/record/record-snapshot';
import type { RunConfiguration } from '../../protocol/run-configuration';
import { METRICS_FILE } from '../../protocol/metrics';
import { Paced } from '../lab/paced';
import type { EventSink, Session } from './webview-host';

const LOOK_MS = 1000;
/** Between two looks for what the system reports. */
const REST_MS = 150;

export class RunSession implements Session {
  private readonly reader: RunReader;
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly news = new Paced(() => void this.look(), REST_MS);
  private looking = false;
  /** Something has changed since the look under way began. */
  private again = false;
  private disposed = false;
  /** What the page was told last; undefined while it knows nothing, or that the folder is broken. */
  private told: { status: string; making: string; crops: string } | undefined;
  /** State of the evaluations that the page was told last. */
  private evaluated = '';
  private digest: RunDigest | undefined;
  private broken: string | undefined;

  constructor(
    readonly folder: string,
    private readonly webview: vscode.Webview,
    private readonly host: EventSink<RunPageContract>,
  ) {
    this.reader = new RunReader(folder, { whole: true });
    const pattern = new vscode.RelativePattern(
      vscode.Uri.file(folder),
      `{*.json,${EVALUATIONS_FOLDER}/*.json,${METRICS_FILE}}`,
    );
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const look = (): void => {
      this.news.ask();
    };
    this.subscriptions.push(
      watcher,
      watcher.onDidChange(look),
      watcher.onDidCreate(look),
      watcher.onDidDelete(look),
    );
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    void this.look();
  }

  dispose(): void {
    this.disposed = true;
    clearInterval(this.timer);
    this.news.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async look(): Promise<void> {
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = true;
    try {
      await this.tell(await this.reader.read());
    } catch (error) {
      this.tellBroken(messageOf(error));
    } finally {
      this.looking = false;
    }
    this.lookAgain();
  }

  private lookAgain(): void {
    if (!this.again || this.disposed) return;
    this.again = false;
    this.news.ask();
  }

  /** The steps `from` to `to` as finely as a chart can show them. */
  async readSteps(from: number, to: number): Promise<StepBuckets> {
    const { folder, digest } = this;
    if (digest === undefined) throw new LabError('The record of the run has not been read yet.');
    return encodeBuckets(await readSteps(folder, digest, from, to, MOST_BUCKETS));
  }

  private async tell(reading: RunReading): Promise<void> {
    const { record, status } = reading;
    this.digest = record.digest;
    if (this.told === undefined || reading.reconfigured || record.restarted) {
      await this.tellEverything(reading);
      return;
    }
    if (record.lines.length > 0) this.post('lines', [...record.lines]);
    const crops = await this.crops();
    const told = toldOf(reading, crops);
    if (told.status !== this.told.status) this.post('status', status);
    if (told.making !== this.told.making && record.making) this.post('making', record.making);
    if (told.crops !== this.told.crops) this.post('crops', crops);
    this.told = told;
    const evaluated = await evaluationsState(this.folder);
    if (evaluated !== this.evaluated) {
      this.evaluated = evaluated;
      this.post('evaluations', await this.evaluations());
    }
    if (record.lines.some((line) => line.kind === 'validation' && line.sampled)) {
      this.post('samples', await this.samples());
    }
  }

  private async tellEverything(reading: RunReading): Promise<void> {
    const { configuration, status, record } = reading;
    this.evaluated = await evaluationsState(this.folder);
    const [datasetName, samples, crops, evaluations] = await Promise.all([
      datasetNameOf(this.folder, configuration),
      this.samples(),
      this.crops(),
      this.evaluations(),
    ]);
    const { folder } = this;
    this.post('snapshot', {
      folder,
      configuration,
      datasetName,
      status,
      record: snapshotOf(record),
      samples,
      crops,
      evaluations,
    });
    this.told = toldOf(reading, crops);
    this.broken = undefined;
  }

  private tellBroken(message: string): void {
    if (this.broken === message) return;
    this.post('broken', { message });
    this.broken = message;
    this.told = undefined;
  }

  /** None where the file is damaged: whoever keeps one more is told. */
  private async crops(): Promise<KeptCrop[]> {
    return readKeptCrops(this.folder).catch(() => []);
  }

  private async evaluations(): Promise<CheckpointCurve[]> {
    return (await readEvaluations(this.folder)).map(curveOf);
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

/** What a page knows after it was told a reading, in a form that can be compared. */
function toldOf(
  { status, record }: RunReading,
  crops: readonly KeptCrop[],
): { status: string; making: string; crops: string } {
  return {
    status: JSON.stringify(status),
    making: JSON.stringify(record.making ?? null),
    crops: JSON.stringify(crops),
  };
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
