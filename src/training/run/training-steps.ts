/**
 * The steps of a stage, one after the other. While the caller writes down what came of one, the next is computed already:
 * on small networks an engine that waited for that would lose a few per cent of its time.
 */
import { setImmediate } from 'node:timers/promises';
import type { Stage } from '../../protocol/run-configuration';
import type { Feed } from '../feed/feed';
import { learningRateAt } from './schedule';
import type { StageStep, StepLosses } from './stage-step';

export interface MadeStep {
  /** Steps of the stage made with it. */
  readonly stageStep: number;
  readonly learningRate: number;
  readonly losses: StepLosses;
  /** From the end of the step before to its own. */
  readonly seconds: number;
  /** How much of that went by until its batch was there. */
  readonly feedSeconds: number;
}

export interface StepsToMake {
  readonly stage: Stage;
  /** Steps of the stage made before. */
  readonly done: number;
  readonly step: StageStep;
  readonly feed: Pick<Feed, 'next'>;
  /** Whether the state must be left as it is after so many steps of the stage, until the caller asks for the next one. */
  readonly pausesAfter: (stageStep: number) => boolean;
  /** Aborts before the next step that has not begun. */
  readonly signal: AbortSignal;
}

/**
 * Yields each step of the stage when it is made. No step is under way where the schedule pauses, when the signal's reason
 * is thrown, and after the end, whichever way it ends.
 */
export async function* makeSteps(todo: StepsToMake): AsyncGenerator<MadeStep, void, undefined> {
  const { stage, done, pausesAfter, signal } = todo;
  let underWay: Promise<MadeStep> | undefined;
  const begin = (before: number): Promise<MadeStep> => {
    const made = makeStep(todo, before);
    // Whoever waits for it hears of a failure; it may come before anybody does.
    made.catch(() => undefined);
    return made;
  };
  try {
    for (let stageStep = done + 1; stageStep <= stage.steps; stageStep++) {
      if (underWay === undefined) {
        signal.throwIfAborted();
        underWay = begin(stageStep - 1);
      }
      const made = await underWay;
      const goesOn = stageStep < stage.steps && !pausesAfter(stageStep) && !signal.aborted;
      underWay = goesOn ? begin(stageStep) : undefined;
      // An engine may compute without ever yielding; commands and heartbeats want their turn.
      await setImmediate();
      yield made;
    }
  } finally {
    await underWay?.catch(() => undefined);
  }
}

async function makeStep({ stage, step, feed }: StepsToMake, before: number): Promise<MadeStep> {
  const start = performance.now();
  const batch = await feed.next();
  const fed = performance.now();
  const learningRate = learningRateAt(stage.learningRate, before, stage.steps);
  const losses = await step.run(batch, learningRate, before);
  const end = performance.now();
  return {
    stageStep: before + 1,
    learningRate,
    losses,
    seconds: (end - start) / 1000,
    feedSeconds: (fed - start) / 1000,
  };
}
