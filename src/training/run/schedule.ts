/**
 * When what happens in a run: which stage a step belongs to, its learning rate, and where validations and checkpoints
 * fall. Pure functions of the configuration; steps are counted from zero by how many were done before.
 */
import type { LearningRate, RunConfiguration, Stage } from '../../protocol/run-configuration';
import type { StageName } from '../../protocol/stage-names';
import { LabError } from '../../folders/lab-error';
import type { Extent } from './validation';

/**
 * Learning rate of the step after `done` steps of a stage of `steps`. `cosine` rises linearly over `warmup` steps, then
 * falls along half a cosine and makes the last step at `final` (SGDR without restarts, Loshchilov and Hutter 2017).
 */
export function learningRateAt(rate: LearningRate, done: number, steps: number): number {
  switch (rate.schedule) {
    case 'constant':
      return rate.initial;
    case 'step':
      return rate.initial * rate.factor ** rate.dropAt.filter((drop) => done >= drop).length;
    case 'cosine': {
      if (done < rate.warmup) return (rate.initial * (done + 1)) / rate.warmup;
      const span = Math.max(1, steps - 1 - rate.warmup);
      const progress = Math.min(1, (done - rate.warmup) / span);
      return rate.final + (rate.initial - rate.final) * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
  }
}

/** A place in a run: `step` steps done in all, of these `stageStep` in `stage`. */
export interface Position {
  readonly step: number;
  readonly stage: StageName;
  readonly stageStep: number;
}

export function startOfRun(configuration: RunConfiguration): Position {
  return { step: 0, stage: configuration.stages[0]!.name, stageStep: 0 };
}

/**
 * The stages still to do from a position, each with the steps already done of it; a stage that is complete is included
 * only if it is the position's own, because its closing validation may be missing.
 * Throws a `LabError` if the configuration no longer has the position's stage.
 */
export function stagesFrom(
  configuration: RunConfiguration,
  from: Position,
): { stage: Stage; done: number }[] {
  const first = configuration.stages.findIndex((stage) => stage.name === from.stage);
  if (first < 0) {
    throw new LabError(
      `The checkpoint at step ${from.step} is in the ${from.stage} stage, which the configuration no longer has. ` +
        `Put the stage back into \`stages\`, or start a new run.`,
    );
  }
  return configuration.stages
    .slice(first)
    .map((stage, index) => ({ stage, done: index === 0 ? from.stageStep : 0 }));
}

/** What the schedule asks for at a place in the run: validations, and a checkpoint. The end of a stage asks for everything. */
export interface Due {
  readonly extents: readonly Extent[];
  readonly checkpoint: boolean;
}

export function dueAt(configuration: RunConfiguration, { step, stage, stageStep }: Position): Due {
  const { stages, validation, checkpoints } = configuration;
  const closing = stages.some((each) => each.name === stage && stageStep >= each.steps);
  const extents: Extent[] = [];
  if (closing || step % validation.every === 0) extents.push('crop');
  if (closing) extents.push('whole');
  return { extents, checkpoint: step > 0 && (closing || step % checkpoints.every === 0) };
}
