/** What the rules of advice look at, and what they say. */
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { RunRecord } from './record';
import type { StepRows } from './step-rows';

export interface Situation {
  readonly record: RunRecord;
  /** The whole run with its newest steps one by one. */
  readonly rows: StepRows;
  readonly configuration: RunConfiguration;
}

export interface Advice {
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly text: string;
  /** Setting of `run.srgan.json` that it is about. */
  readonly setting?: string;
}
