/** The state of a run, told from what `RunReader` read: lease, configuration, metrics so far. Nothing is remembered. */
import type { Lease } from '../protocol/lease';
import type { MetricsLine, StepLine } from '../protocol/metrics';
import { formatCount } from '../protocol/quantities';
import type { RunStatus } from '../protocol/pages';
import type { RunConfiguration } from '../protocol/run-configuration';
import { tenancyOf, type Tenancy } from './lease-file';
import { memoryAdvice } from './out-of-memory';

/** Recent steps that the duration of a step is the median of. */
const RECENT_STEPS = 50;

export function totalSteps(configuration: RunConfiguration): number {
  return configuration.stages.reduce((sum, stage) => sum + stage.steps, 0);
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}

/** Seconds of a step in the newest stage that has run: the median of its recent steps; null before the first. */
export function secondsPerStep(lines: readonly MetricsLine[]): number | null {
  const steps = lines.filter((line): line is StepLine => line.kind === 'step');
  const stage = steps.at(-1)?.stage;
  return median(
    steps
      .slice(-RECENT_STEPS)
      .filter((line) => line.stage === stage)
      .map((line) => line.seconds),
  );
}

/**
 * Seconds until the run is done: for each stage its steps at that stage's pace, and the validations still to come at theirs.
 * The pace of a stage not begun is that of the newest one, times what a step of it computes more; where that is not known
 * (`stepFlops`), the figure is low before an adversarial stage begins.
 */
export function secondsLeft(
  configuration: RunConfiguration,
  lines: readonly MetricsLine[],
  step: number,
  stepFlops: Lease['stepFlops'] = {},
): number | null {
  const pace = secondsPerStep(lines);
  const measured = lines.findLast((line) => line.kind === 'step')?.stage;
  if (pace === null || measured === undefined) return null;
  const left = Math.max(0, totalSteps(configuration) - step);
  let [stepSeconds, end] = [0, 0];
  for (const { name, steps } of configuration.stages) {
    end += steps;
    const [flops, known] = [stepFlops[name], stepFlops[measured]];
    const factor = flops === undefined || known === undefined ? 1 : flops / known;
    stepSeconds += Math.max(0, Math.min(steps, end - step)) * pace * factor;
  }
  const validations = lines.filter((line) => line.kind === 'validation' && line.extent === 'crop');
  const validationSeconds =
    median(validations.map((line) => (line.kind === 'validation' ? line.seconds : 0))) ?? 0;
  return stepSeconds + Math.floor(left / configuration.validation.every) * validationSeconds;
}

export interface StatusHints {
  /** Who holds the folder, as it was seen with the lease. */
  readonly tenancy?: Tenancy;
  /** Why a trainer died; `crashCause` finds it out. */
  readonly cause?: Lease['cause'];
  /** Whether the trainer's process is suspended; `readHolder` tells. */
  readonly suspended?: boolean | undefined;
}

/** Derives the status from what was read. `lines` are the metrics so far, in order. */
export function deriveRunStatus(
  configuration: RunConfiguration,
  lease: Lease | undefined,
  lines: readonly MetricsLine[],
  { tenancy = tenancyOf(lease), cause = lease?.cause, suspended = false }: StatusHints = {},
): RunStatus {
  const step = lease?.step ?? lines.at(-1)?.step ?? 0;
  const common = {
    phase: lease?.phase ?? '',
    engine: lease?.engine ?? '',
    device: lease?.device ?? '',
    ...(lease?.engineReason !== undefined && { engineReason: lease.engineReason }),
    step,
    totalSteps: totalSteps(configuration),
    secondsPerStep: secondsPerStep(lines),
    secondsLeft: null,
    ...(cause !== undefined && { cause }),
  };
  if (lease === undefined) {
    return { ...common, state: 'new', message: 'Not started yet.' };
  }
  switch (tenancy) {
    case 'here':
      return {
        ...common,
        ...(lease.phase === 'waiting' && lease.queue !== undefined && { queue: lease.queue }),
        ...(suspended && { suspended }),
        state: 'running',
        message: suspended
          ? `Suspended at step ${formatCount(step)}: the trainer (process ${lease.pid}) was stopped by a signal and goes on when it is continued, for example with kill -CONT ${lease.pid}.`
          : lease.message,
        secondsLeft: secondsLeft(configuration, lines, step, lease.stepFlops),
      };
    case 'elsewhere':
      return { ...common, state: 'elsewhere', message: `Trains on the machine ${lease.host}.` };
    case 'crashed':
      return {
        ...common,
        state: 'crashed',
        message: describeCrash(configuration, step, cause),
      };
    case 'none': {
      const state = lease.phase === 'finished' || lease.phase === 'failed' ? lease.phase : 'stopped';
      return { ...common, state, message: lease.message };
    }
  }
}

function describeCrash(configuration: RunConfiguration, step: number, cause: Lease['cause']): string {
  const at = `at step ${formatCount(step)}`;
  switch (cause) {
    case 'memory':
      return `Out of memory: the trainer was killed ${at}. ${memoryAdvice(configuration)} Then resume; it goes on from the last checkpoint.`;
    case 'gpu':
      return `The GPU or its driver stopped working ${at} (log.txt has its words). See with nvidia-smi whether it is there, then resume: it goes on from the last checkpoint, also on the embedded engine.`;
    case undefined:
      return `The trainer died ${at} without a word (killed, or out of memory). Resume goes on from the last checkpoint.`;
  }
}
