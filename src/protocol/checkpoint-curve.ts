/** An evaluation of a run's checkpoints without the scores of single images: what a page is told of it, and draws. */
import type { CheckpointEvaluation, CheckpointScores } from './checkpoint-evaluation';

export interface CheckpointCurve extends Omit<
  CheckpointEvaluation,
  'images' | 'bicubic' | 'checkpoints' | 'format' | 'picturesSha256'
> {
  readonly images: number;
  readonly bicubic: CheckpointScores['mean'];
  readonly checkpoints: readonly Pick<CheckpointScores, 'step' | 'stage' | 'mean'>[];
}

export function curveOf(evaluation: CheckpointEvaluation): CheckpointCurve {
  const { name, created, task, measured, on, images, bicubic, steps, checkpoints, problems } = evaluation;
  return {
    ...{ name, created, task, measured, on, steps, problems },
    images: images.length,
    bicubic: bicubic.mean,
    checkpoints: checkpoints.map(({ step: at, stage, mean }) => ({ step: at, stage, mean })),
  };
}

/** Checkpoints that are still to be scored: what an interruption has left undone. */
export function missingSteps({
  steps,
  checkpoints,
}: Pick<CheckpointCurve, 'steps' | 'checkpoints'>): number[] {
  const done = new Set(checkpoints.map((each) => each.step));
  return steps.filter((each) => !done.has(each));
}
