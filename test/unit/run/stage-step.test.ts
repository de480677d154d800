/** What a step of a stage tells of itself. */
import assert from 'node:assert/strict';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import { initialState } from '../../../src/training/networks/initial-state';
import { adamScalars } from '../../../src/training/step/adam';
import { compileStageStep, sigmoidDeviation, traceStep } from '../../../src/training/run/stage-step';
import { microConfiguration } from '../../support/configurations';
import { randomTensor, scalarTensor } from '../../support/run-operation';

describe('run: a step of a stage', function () {
  this.timeout(60_000);

  it('has the deviation of D’s answers over the batch, of HR and of SR', async () => {
    const configuration = microConfiguration();
    const engine = openReferenceEngine();
    const initial = await initialState(configuration);
    const graph = traceStep.adversarial(configuration);
    const shapeOf = (name: string): readonly number[] =>
      graph.values[graph.inputs.find((input) => input.name === name)!.value]!.shape;
    const batch = { lr: randomTensor(shapeOf('lr'), 'lr', 0.3), hr: randomTensor(shapeOf('hr'), 'hr', 0.3) };

    const state = await engine.createState(initial);
    const step = await compileStageStep(engine, state, configuration, 'adversarial');
    const { discriminator } = await step.run(batch, 1e-3, 0);
    step.dispose();
    state.dispose();

    const again = await engine.createState(initial);
    const executable = await engine.compile(graph, again);
    const { stepSize, epsilon } = adamScalars(configuration.adam, 1e-3, 1);
    const outputs = await executable.run({
      ...batch,
      'generator/stepSize': scalarTensor(stepSize),
      'generator/epsilon': scalarTensor(epsilon),
      'discriminator/stepSize': scalarTensor(stepSize),
      'discriminator/epsilon': scalarTensor(epsilon),
    });
    executable.dispose();
    again.dispose();
    await engine.dispose();

    for (const [kind, mean, deviation] of [
      ['real', discriminator!.realMean, discriminator!.realDeviation],
      ['fake', discriminator!.fakeMean, discriminator!.fakeDeviation],
    ] as const) {
      const logits = outputs[`discriminator/${kind}Logits`]!;
      assert.deepEqual(logits.shape, [configuration.data.batch, 1]);
      const answers = Array.from(logits.data, (logit) => 1 / (1 + Math.exp(-logit)));
      const expected = answers.reduce((sum, answer) => sum + answer, 0) / answers.length;
      assert.ok(Math.abs(mean! - expected) < 1e-6);
      const squares = answers.reduce((sum, answer) => sum + answer ** 2, 0) / answers.length;
      assert.ok(Math.abs(deviation! - Math.sqrt(squares - expected ** 2)) < 1e-6);
      assert.ok(deviation! > 0);
    }
  });

  it('the deviation is that of a population, and right at extreme logits', () => {
    assert.equal(sigmoidDeviation(Float32Array.of(0, 0, 0)), 0);
    assert.equal(sigmoidDeviation(Float32Array.of(-1e5, 1e5)), 0.5);
    assert.ok(Number.isNaN(sigmoidDeviation(Float32Array.of(0, Number.NaN))));
  });
});
