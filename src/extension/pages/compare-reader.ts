/**
 * Reads one run for a comparison, again and again, and says which parts of it are new. Steps are gathered into as many points
 * as a chart can show, so that a hundred runs of a million steps can lie side by side.
 */
import { basename } from 'node:path';
import { readDatasetFile } from '../../folders/dataset-folder';
import { readKeptCrops } from '../../folders/kept-crops';
import { datasetFolderOf } from '../../folders/marker-files';
import { RunReader } from '../../folders/run-reader';
import type { RunDigest } from '../../folders/run-record/run-digest';
import {
  comparedColumns,
  MOST_POINTS,
  type ComparedCurves,
  type ComparedRunContent,
  type ComparedSample,
} from '../../protocol/compare-page';
import type { MetricsLine, ValidationLine } from '../../protocol/metrics';
import { StepDigest } from '../../protocol/record/step-digest';

/** Long curves are told again this often at most, in milliseconds. */
const CURVES_PAUSE_MS = 4000;
/** Curves of fewer points are told whenever they have grown. */
const FEW_POINTS = 300;

export type ReadSamples = (folder: string) => Promise<ComparedSample[]>;

/** All of a run, or the parts of it that have changed since the reading before; undefined if none has. */
export type ComparedRunNews =
  { readonly all: ComparedRunContent } | { readonly change: Partial<ComparedRunContent> } | undefined;

export class ComparedRunReader {
  private reader: RunReader;
  private steps = new StepDigest(MOST_POINTS);
  private validations: ValidationLine[] = [];
  private started: number | null = null;
  private status = '';
  private crops = '';
  private making = '';
  /** Whether everything has been told since the run could be read. */
  private known = false;
  private curves: { told: number; grown: boolean } = { told: 0, grown: false };
  /** Whether the run was training when it was last read. */
  live = true;

  constructor(
    private readonly folder: string,
    private readonly samples: ReadSamples,
  ) {
    this.reader = new RunReader(folder);
  }

  /** Throws a `LabError` if the folder is gone or damaged; the next reading that succeeds is of everything. Not to be called twice at once. */
  async read(): Promise<ComparedRunNews> {
    try {
      return await this.readNews();
    } catch (error) {
      this.reader = new RunReader(this.folder);
      this.forget();
      this.known = false;
      this.live = false;
      throw error;
    }
  }

  private async readNews(): Promise<ComparedRunNews> {
    const { configuration, reconfigured, status, record } = await this.reader.read();
    const { digest, lines, restarted } = record;
    if (restarted) this.begin(digest);
    for (const line of lines) this.take(line);
    this.live = status.state === 'running' || status.state === 'elsewhere';
    const crops = await readKeptCrops(this.folder).catch(() => []);
    const cropsText = JSON.stringify(crops);
    const cropped = cropsText !== this.crops;
    this.crops = cropsText;
    const statusText = JSON.stringify(status);
    const changed = statusText !== this.status;
    this.status = statusText;
    const making = record.making ?? null;
    const makingText = JSON.stringify(making);
    const madeMore = makingText !== this.making;
    this.making = makingText;
    if (!this.known || reconfigured || restarted) {
      this.known = true;
      const datasetFolder = datasetFolderOf(this.folder, configuration);
      return {
        all: {
          configuration: { ...configuration, dataset: datasetFolder },
          datasetName: await datasetNameOf(datasetFolder),
          status,
          curves: this.tellCurves(),
          validations: withFewerSpectra(this.validations),
          started: this.started,
          samples: await this.samples(this.folder),
          crops,
          making,
        },
      };
    }
    const change: Partial<ComparedRunContent> = {};
    if (changed) change.status = status;
    if (cropped) change.crops = crops;
    if (madeMore) change.making = making;
    if (this.curves.grown && this.curvesAreDue()) {
      change.curves = this.tellCurves();
      change.started = this.started;
    }
    const validated = lines.filter((line) => line.kind === 'validation');
    if (validated.length > 0) change.validations = withFewerSpectra(this.validations);
    if (validated.some(({ sampled }) => sampled)) change.samples = await this.samples(this.folder);
    return Object.keys(change).length === 0 ? undefined : { change };
  }

  private forget(): void {
    this.steps = new StepDigest(MOST_POINTS);
    this.validations = [];
    this.started = null;
  }

  private begin({ steps, validations, firstTime }: RunDigest): void {
    this.forget();
    this.steps = steps.part(-Infinity, Infinity, MOST_POINTS);
    for (const line of validations) this.take(line);
    this.started = firstTime;
  }

  private take(line: MetricsLine): void {
    this.started ??= line.time;
    if (line.kind === 'step') {
      this.steps.append(line);
      this.curves.grown = true;
    } else if (line.kind === 'validation') {
      const { step, extent } = line;
      const before = this.validations.filter(
        (each) => each.step < step || (each.step === step && each.extent !== extent),
      );
      this.validations = [...before, line];
    }
  }

  private curvesAreDue(): boolean {
    return this.steps.length < FEW_POINTS || Date.now() - this.curves.told >= CURVES_PAUSE_MS;
  }

  private tellCurves(): ComparedCurves {
    this.curves = { told: Date.now(), grown: false };
    return curvesOf(this.steps, this.started ?? 0);
  }
}

/** Spectra of this many validations at most are told of a run: each is as large as all else that is said of it. */
const MOST_SPECTRA = 200;

/** The validations, with an even choice of their spectra where there are too many, the newest always among them. */
export function withFewerSpectra(lines: readonly ValidationLine[]): ValidationLine[] {
  let left = lines.filter(({ spectrum }) => spectrum !== undefined).length;
  const stride = Math.ceil(left / MOST_SPECTRA);
  return lines.map((line) => {
    if (line.spectrum === undefined) return line;
    left -= 1;
    if (left % stride === 0) return line;
    const { spectrum: _, ...rest } = line;
    return rest;
  });
}

/** A digest as curves: the mean of each of its buckets, at the bucket's last step. */
export function curvesOf(steps: StepDigest, started: number): ComparedCurves {
  const columns = comparedColumns.map(
    (name) =>
      [name, steps.column(name, 'mean').map((value) => (Number.isNaN(value) ? null : value))] as const,
  );
  return {
    steps: steps.heads('last'),
    elapsed: steps.heads('lastTime').map((time) => (time - started) / 1000),
    stepsPerPoint: steps.width,
    columns: Object.fromEntries(columns) as ComparedCurves['columns'],
  };
}

/** A data set that was moved away still has a name: that of its folder. */
async function datasetNameOf(folder: string): Promise<string> {
  try {
    return (await readDatasetFile(folder)).name;
  } catch {
    return basename(folder);
  }
}
