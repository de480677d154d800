/** The order in which steps are made, told and paused: with steps that a test lets end when it wants. */
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { Stage } from '../../../src/protocol/run-configuration';
import type { Batch } from '../../../src/training/feed/feed';
import { makeSteps, type StepsToMake } from '../../../src/training/run/training-steps';

const stage: Stage = {
  name: 'pixel',
  steps: 6,
  learningRate: { schedule: 'step', initial: 1, factor: 0.5, dropAt: [3] },
};
const image = { shape: [1, 1, 1, 3], data: new Float32Array(3) };
const batch: Batch = { lr: image, hr: image };

describe('The steps of a stage', () => {
  let begun: number[];
  let ended: number[];
  let failing: number | undefined;
  let stop: AbortController;

  beforeEach(() => {
    [begun, ended, failing] = [[], [], undefined];
    stop = new AbortController();
  });

  function todo(options: Partial<StepsToMake> = {}): StepsToMake {
    return {
      stage,
      done: 0,
      feed: { next: () => Promise.resolve(batch) },
      step: {
        run: async (_batch, _learningRate, before) => {
          begun.push(before);
          await setImmediate();
          if (before === failing) throw new Error('the engine is gone');
          ended.push(before);
          return { generator: { pixel: before, total: before } };
        },
        dispose: () => undefined,
      },
      pausesAfter: () => false,
      signal: stop.signal,
      ...options,
    };
  }

  it('are all made in order, each with its losses and learning rate', async () => {
    const made = [];
    for await (const step of makeSteps(todo({ done: 1 }))) made.push(step);
    assert.deepEqual(
      made.map(({ stageStep, learningRate, losses }) => [stageStep, learningRate, losses.generator.pixel]),
      [
        [2, 1, 1],
        [3, 1, 2],
        [4, 0.5, 3],
        [5, 0.5, 4],
        [6, 0.5, 5],
      ],
    );
  });

  it('go on while the caller deals with the one before', async () => {
    for await (const { stageStep } of makeSteps(todo())) {
      await setImmediate();
      assert.deepEqual(begun.at(-1), Math.min(stageStep, stage.steps - 1));
    }
  });

  it('wait where the schedule pauses, until the next is asked for', async () => {
    for await (const { stageStep } of makeSteps(todo({ pausesAfter: (step) => step === 2 || step === 5 }))) {
      for (let turn = 0; turn < 5; turn++) await setImmediate();
      if (stageStep === 2 || stageStep === 5) assert.deepEqual(ended.at(-1), stageStep - 1);
    }
    assert.equal(ended.length, stage.steps);
  });

  it('stop after the step that is under way, which is told', async () => {
    const told: number[] = [];
    const steps = async (): Promise<void> => {
      for await (const { stageStep } of makeSteps(todo())) {
        told.push(stageStep);
        if (stageStep === 2) stop.abort(new Error('enough'));
      }
    };
    await assert.rejects(steps(), { message: 'enough' });
    assert.deepEqual(told, [1, 2, 3]);
    assert.deepEqual(ended, [0, 1, 2]);
  });

  it('are not under way any more when the caller gives up', async () => {
    const steps = async (): Promise<void> => {
      for await (const { stageStep } of makeSteps(todo())) {
        if (stageStep === 2) throw new Error('the disk is full');
      }
    };
    await assert.rejects(steps(), { message: 'the disk is full' });
    assert.deepEqual(ended, begun);
  });

  it('tell of a failure after the steps before it, however early it came', async () => {
    failing = 2;
    const told: number[] = [];
    const steps = async (): Promise<void> => {
      for await (const { stageStep } of makeSteps(todo())) {
        for (let turn = 0; turn < 5; turn++) await setImmediate();
        told.push(stageStep);
      }
    };
    await assert.rejects(steps(), { message: 'the engine is gone' });
    assert.deepEqual(told, [1, 2]);
  });
});
