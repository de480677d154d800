/** Learning rates, positions and what is due when. */
import assert from 'node:assert/strict';
import { dueAt, learningRateAt, stagesFrom, startOfRun } from '../../../src/training/run/schedule';
import { presetConfiguration } from '../../support/configurations';

describe('run: schedule', () => {
  it('holds a constant rate', () => {
    assert.equal(learningRateAt({ schedule: 'constant', initial: 1e-4 }, 12, 100), 1e-4);
  });

  it('drops the rate after each of the steps named', () => {
    const rate = { schedule: 'step', initial: 1, dropAt: [10, 20], factor: 0.5 } as const;
    const rates = [0, 9, 10, 19, 20, 99].map((done) =>
      learningRateAt({ ...rate, dropAt: [...rate.dropAt] }, done, 100),
    );
    assert.deepEqual(rates, [1, 1, 0.5, 0.5, 0.25, 0.25]);
  });

  it('warms up linearly, then falls along half a cosine to the final rate', () => {
    const rate = { schedule: 'cosine', initial: 8, final: 2, warmup: 4 } as const;
    const rates = Array.from({ length: 25 }, (_, done) => learningRateAt(rate, done, 25));
    assert.deepEqual(rates.slice(0, 4), [2, 4, 6, 8]);
    assert.equal(rates[4], 8);
    assert.ok(Math.abs(rates[14]! - 5) < 1e-12);
    assert.ok(Math.abs(rates[24]! - 2) < 1e-12);
    for (let done = 5; done < 25; done++) assert.ok(rates[done]! < rates[done - 1]!);
  });

  it('has a rate for every step of stages as short as their warm-up', () => {
    for (const steps of [1, 2, 3]) {
      for (let done = 0; done < steps; done++) {
        const rate = learningRateAt({ schedule: 'cosine', initial: 1, final: 0, warmup: 2 }, done, steps);
        assert.ok(rate > 0 || done === steps - 1);
        assert.ok(rate <= 1);
      }
    }
  });

  const configuration = presetConfiguration('quick');

  it('starts with the first stage and goes on in the stage of a position', () => {
    assert.deepEqual(startOfRun(configuration), { step: 0, stage: 'pixel', stageStep: 0 });
    const [pixel, adversarial] = configuration.stages;
    assert.deepEqual(stagesFrom(configuration, { step: 30, stage: 'pixel', stageStep: 30 }), [
      { stage: pixel, done: 30 },
      { stage: adversarial, done: 0 },
    ]);
    assert.deepEqual(stagesFrom(configuration, { step: 1230, stage: 'adversarial', stageStep: 30 }), [
      { stage: adversarial, done: 30 },
    ]);
  });

  it('refuses a position in a stage that was taken out of the configuration', () => {
    const shorter = { ...configuration, stages: configuration.stages.slice(0, 1) };
    assert.throws(() => stagesFrom(shorter, { step: 9, stage: 'adversarial', stageStep: 1 }), {
      name: 'LabError',
      message: /adversarial stage.*stages/,
    });
  });

  it('asks for crops at the start and every so many steps, for checkpoints only of what was trained, for all at the end of a stage', () => {
    const [first] = configuration.stages;
    const often = {
      ...configuration,
      validation: { ...configuration.validation, every: 4 },
      checkpoints: { ...configuration.checkpoints, every: 6 },
    };
    const at = (step: number) => {
      const { extents, checkpoint } = dueAt(often, { step, stage: first!.name, stageStep: step });
      return [...extents, ...(checkpoint ? ['checkpoint'] : [])].join(' ');
    };
    assert.deepEqual([0, 1, 4, 6, 12].map(at), ['crop', '', 'crop', 'checkpoint', 'crop checkpoint']);
    assert.equal(at(first!.steps), 'crop whole checkpoint');
  });
});
