/**
 * Reads a run folder again and again at the cost of what is new in it. It remembers where the metrics ended and the few
 * lines that the status needs, never the whole record, so that a run of a million steps can be watched all day.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crashCause } from '../../folders/crash-cause';
import { readJsonLines, START, type LinePosition } from '../../folders/json-lines';
import { readHolder, type Holder } from '../../folders/lease-file';
import { readRunConfiguration } from '../../folders/marker-files';
import { deriveRunStatus } from '../../folders/run-status';
import type { Lease } from '../../protocol/lease';
import {
  METRICS_FILE,
  metricsLineSchema,
  type MetricsLine,
  type StepLine,
  type ValidationLine,
} from '../../protocol/metrics';
import type { RunStatus } from '../../protocol/pages';
import { RUN_FILE, type RunConfiguration, type StageName } from '../../protocol/run-configuration';

/** What the model of a stage gained over bicubic when it was last scored, in dB of PSNR on Y. */
export interface StageGain {
  readonly stage: StageName;
  readonly step: number;
  readonly decibels: number;
}

export interface RunReading {
  readonly configuration: RunConfiguration;
  /** The configuration file is not the one of the reading before. */
  readonly reconfigured: boolean;
  readonly status: RunStatus;
  /** In the order of the stages. */
  readonly gains: readonly StageGain[];
  /** Mean seconds of a step, for each stage that has run. */
  readonly paces: ReadonlyMap<StageName, number>;
  /** Lines since the reading before, in order; all of them if `restarted`. */
  readonly lines: readonly MetricsLine[];
  readonly restarted: boolean;
}

/** `deriveRunStatus` takes medians over the newest lines; more than these would not change them. */
const STEPS_KEPT = 64;
const VALIDATIONS_KEPT = 64;

export class RunReader {
  private position: LinePosition = START;
  private steps: StepLine[] = [];
  private validations: ValidationLine[] = [];
  private gains: StageGain[] = [];
  private durations = new Map<StageName, { seconds: number; steps: number }>();
  private configuration: { readonly version: string; readonly value: RunConfiguration } | undefined;
  private lastStep = 0;

  constructor(readonly folder: string) {}

  /** Reads what is new. Throws a `LabError` if the folder is gone or its files are damaged. Not to be called twice at once. */
  async read(): Promise<RunReading> {
    const { configuration, reconfigured } = await this.readConfiguration();
    const holder = await readHolder(this.folder);
    const metrics = await readJsonLines(join(this.folder, METRICS_FILE), metricsLineSchema, this.position);
    if (metrics.restarted) this.forget();
    this.position = metrics.position;
    for (const line of metrics.lines) this.remember(line);
    return {
      configuration,
      reconfigured,
      status: this.status(configuration, holder, await crashCause(this.folder, holder)),
      gains: this.gains,
      paces: new Map([...this.durations].map(([stage, { seconds, steps }]) => [stage, seconds / steps])),
      lines: metrics.lines,
      restarted: metrics.restarted,
    };
  }

  private status(
    configuration: RunConfiguration,
    { lease, tenancy }: Holder,
    cause: Lease['cause'],
  ): RunStatus {
    const kept: MetricsLine[] = [...this.validations, ...this.steps].sort((a, b) => a.time - b.time);
    const status = deriveRunStatus(configuration, lease, kept, { tenancy, cause });
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

  private forget(): void {
    this.steps = [];
    this.validations = [];
    this.gains = [];
    this.durations = new Map();
    this.lastStep = 0;
  }

  private remember(line: MetricsLine): void {
    this.lastStep = line.step;
    switch (line.kind) {
      case 'step': {
        this.steps.push(line);
        if (this.steps.length > 2 * STEPS_KEPT) this.steps = this.steps.slice(-STEPS_KEPT);
        const { seconds, steps } = this.durations.get(line.stage) ?? { seconds: 0, steps: 0 };
        this.durations.set(line.stage, { seconds: seconds + line.seconds, steps: steps + 1 });
        return;
      }
      case 'validation': {
        this.validations.push(line);
        if (this.validations.length > 2 * VALIDATIONS_KEPT)
          this.validations = this.validations.slice(-VALIDATIONS_KEPT);
        const gain = {
          stage: line.stage,
          step: line.step,
          decibels: line.model.psnr - line.bicubic.psnr,
        };
        this.gains = [...this.gains.filter(({ stage }) => stage !== line.stage), gain];
        return;
      }
      case 'event':
        return;
    }
  }
}
