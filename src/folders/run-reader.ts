/**
 * Reads a run folder again and again at the cost of what is new in it. It remembers where the metrics ended and the few
 * lines that the status needs, never the whole record, so that a run of a million steps can be watched all day.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lease } from '../protocol/lease';
import { METRICS_FILE, type MetricsLine, type StepLine, type ValidationLine } from '../protocol/metrics';
import type { RunStatus } from '../protocol/pages';
import { RUN_FILE, type RunConfiguration } from '../protocol/run-configuration';
import type { StageName } from '../protocol/stage-names';
import { crashCause } from './crash-cause';
import { explainFileError } from './lab-error';
import { readHolder, type Holder } from './lease-file';
import { readRunConfiguration } from './marker-files';
import { RecordReader, type RecordReading } from './run-record/record-reader';
import { deriveRunStatus } from './run-status';

/** What the model of a stage gained over bicubic when it was last scored, in dB of PSNR on Y. */
export interface StageGain {
  readonly stage: StageName;
  readonly step: number;
  readonly decibels: number;
}

/** Where a run stands, in few words. */
export interface RunSummary {
  readonly configuration: RunConfiguration;
  readonly status: RunStatus;
  /** In the order of the stages. */
  readonly gains: readonly StageGain[];
  /** Mean seconds of a step, for each stage that has run. */
  readonly paces: ReadonlyMap<StageName, number>;
}

export interface RunReading extends RunSummary {
  /** The configuration file is not the one of the reading before. */
  readonly reconfigured: boolean;
  /** The record: what is known of it when it `restarted`, which the first reading is, and the lines that came since. */
  readonly record: RecordReading;
}

/** `deriveRunStatus` takes medians over the newest lines; more than these would not change them. */
const STEPS_KEPT = 64;
const VALIDATIONS_KEPT = 64;

export interface RunReaderOptions {
  /** Whether each reading has the digest of all that is known, not only one that restarted. */
  readonly whole?: boolean;
  /** Whether a long record without a digest is gone through; if not, its newest part is all that is read of it. */
  readonly digests?: boolean;
}

export class RunReader {
  private readonly record: RecordReader;
  private steps: StepLine[] = [];
  private validations: ValidationLine[] = [];
  private gains: StageGain[] = [];
  private durations = new Map<StageName, { seconds: number; steps: number }>();
  private configuration: { readonly version: string; readonly value: RunConfiguration } | undefined;
  private lastStep = 0;

  constructor(
    readonly folder: string,
    private readonly options: RunReaderOptions = {},
  ) {
    this.record = new RecordReader(folder, options);
  }

  /** Reads what is new. Throws a `LabError` if the folder is gone or its files are damaged. Not to be called twice at once. */
  async read(): Promise<RunReading> {
    const { configuration, reconfigured } = await this.readConfiguration();
    const holder = await readHolder(this.folder);
    // The lease before the record: when it says that the run has ended, all its lines are there.
    const record = await this.readRecord();
    if (record.restarted) this.begin(record);
    for (const line of record.lines) this.remember(line);
    if (!this.options.whole && record.restarted) this.record.release();
    return {
      configuration,
      reconfigured,
      status: this.status(configuration, holder, await crashCause(this.folder, holder)),
      gains: this.gains,
      paces: new Map([...this.durations].map(([stage, { seconds, steps }]) => [stage, seconds / steps])),
      record,
    };
  }

  private async readRecord(): Promise<RecordReading> {
    try {
      return await this.record.read();
    } catch (error) {
      throw explainFileError('read', join(this.folder, METRICS_FILE), error);
    }
  }

  private status(configuration: RunConfiguration, holder: Holder, cause: Lease['cause']): RunStatus {
    const { lease } = holder;
    const kept: MetricsLine[] = [...this.validations, ...this.steps].sort((a, b) => a.step - b.step);
    const status = deriveRunStatus(configuration, lease, kept, { ...holder, cause });
    // Without a lease the step is that of the last line, which may be an event and is then not among those kept.
    return lease === undefined ? { ...status, step: this.lastStep } : status;
  }

  private async readConfiguration(): Promise<{ configuration: RunConfiguration; reconfigured: boolean }> {
    const path = join(this.folder, RUN_FILE);
    const version = await stat(path, { bigint: true }).then(
      ({ mtimeNs, size, ino }) => `${mtimeNs}:${size}:${ino}`,
      () => 'missing',
    );
    const known = this.configuration;
    if (known?.version === version) return { configuration: known.value, reconfigured: false };
    const value = await readRunConfiguration(this.folder);
    this.configuration = { version, value };
    return { configuration: value, reconfigured: known !== undefined };
  }

  /** Takes what is known of a record that is new to the reader. */
  private begin({ digest, recent }: RecordReading): void {
    this.steps = [...recent];
    this.validations = [];
    this.gains = [];
    this.durations = new Map();
    for (const line of digest.validations) this.rememberValidation(line);
    const { steps } = digest;
    const seconds = steps.column('seconds', 'mean');
    for (let bucket = 0; bucket < steps.length; bucket++) {
      const count = steps.head(bucket, 'count');
      this.rememberDuration(steps.stage(bucket), seconds[bucket]! * count, count);
    }
    const last = steps.length === 0 ? 0 : steps.head(steps.length - 1, 'last');
    this.lastStep = Math.max(last, digest.kept.at(-1)?.line.step ?? 0);
  }

  private remember(line: MetricsLine): void {
    this.lastStep = line.step;
    if (line.kind === 'step') {
      this.steps.push(line);
      if (this.steps.length > 2 * STEPS_KEPT) this.steps = this.steps.slice(-STEPS_KEPT);
      this.rememberDuration(line.stage, line.seconds, 1);
    } else if (line.kind === 'validation') {
      this.rememberValidation(line);
    }
  }

  private rememberDuration(stage: StageName, added: number, count: number): void {
    const { seconds, steps } = this.durations.get(stage) ?? { seconds: 0, steps: 0 };
    this.durations.set(stage, { seconds: seconds + added, steps: steps + count });
  }

  private rememberValidation(line: ValidationLine): void {
    this.validations.push(line);
    if (this.validations.length > 2 * VALIDATIONS_KEPT)
      this.validations = this.validations.slice(-VALIDATIONS_KEPT);
    const decibels = line.model.psnr - line.bicubic.psnr;
    const gain = { stage: line.stage, step: line.step, decibels };
    this.gains = [...this.gains.filter(({ stage }) => stage !== line.stage), gain];
  }
}

/**
 * Reads a run folder once and tells its state, at a cost that does not grow with the record. Throws a `LabError` if its files
 * are missing or damaged.
 */
export async function readRunStatus(folder: string): Promise<RunStatus> {
  const { status } = await new RunReader(folder, { digests: false }).read();
  return status;
}
