/** Profiles: every operation belongs to a layer, and the shares are those of a real step. */
import assert from 'node:assert/strict';
import { engineProfileSchema, type EngineProfile } from '../../../src/protocol/engine-profile';
import { INPUTS, layerNames, LOSSES } from '../../../src/training/doctor/layer-names';
import { probeEngine } from '../../../src/training/doctor/probe';
import { profileEngine } from '../../../src/training/doctor/profile';
import type { StepGraph } from '../../../src/training/graph/step-graph';
import { traceAdversarialStep } from '../../../src/training/step/adversarial-step';
import { tracePixelStep } from '../../../src/training/step/pixel-step';
import { runCli } from '../../support/command-line';
import { microConfiguration } from '../../support/configurations';
import { microSettings } from '../../support/micro-run';
import { realTensorFlow } from '../engines-native/support/real-tensorflow';

/** Layers that have an operation of this kind. */
function layersWith(graph: StepGraph, kind: string): string[] {
  const names = layerNames(graph);
  return [...new Set(names.filter((_, index) => graph.operations[index]!.kind === kind))].sort();
}

function checkShares({ stages }: EngineProfile): void {
  for (const { operations, layers, profiledSeconds, stepSeconds } of stages) {
    assert.ok(stepSeconds > 0 && profiledSeconds > 0);
    for (const shares of [operations, layers]) {
      const sum = shares.reduce((total, { seconds }) => total + seconds, 0);
      assert.ok(Math.abs(sum - profiledSeconds) < 1e-9);
      assert.deepEqual(
        shares.map(({ seconds }) => seconds),
        shares.map(({ seconds }) => seconds).sort((a, b) => b - a),
      );
    }
    assert.ok(operations.find(({ name }) => name === 'Conv2D')!.seconds > 0);
  }
}

describe('engine profile', function () {
  this.timeout(120_000);
  const configuration = microConfiguration();

  it('names the layer of every operation by the variables it touches', () => {
    const graph = traceAdversarialStep(configuration);
    const known = new Set(
      graph.variables.map(({ name }) => name.replace(/^adam\/[mv]\//, '').replace(/\/[^/]+$/, '')),
    );
    for (const layer of layerNames(graph)) {
      assert.ok(known.has(layer) || layer === LOSSES || layer === INPUTS, layer);
    }
    const convolutions = [
      'generator/block1/conv1',
      'generator/block1/conv2',
      'generator/input/conv',
      'generator/output/conv',
      'generator/trunk/conv',
      'generator/upscale1/conv',
    ];
    const trained = [...convolutions, 'discriminator/conv1', 'discriminator/conv2'].sort();
    assert.deepEqual(layersWith(graph, 'Conv2DBackpropFilter'), trained);
    assert.deepEqual(layersWith(tracePixelStep(configuration), 'Conv2D'), convolutions);
    assert.deepEqual(layersWith(graph, 'SigmoidCrossEntropy'), [LOSSES]);
  });

  it('of the embedded engine shares out a step of both stages', async () => {
    const profile = await profileEngine('embedded', undefined, {
      configuration,
      stages: ['pixel', 'adversarial'],
      steps: 2,
    });
    assert.deepEqual(
      profile.stages.map(({ stage }) => stage),
      ['pixel', 'adversarial'],
    );
    checkShares(profile);
  });

  it('of the native engine does so operation by operation', async function () {
    const library = await realTensorFlow(this);
    // In a process of its own, as the command does: TensorFlow writes notices when it is loaded.
    const profiled = { configuration, stages: ['adversarial' as const], steps: 2 };
    const result = await probeEngine({ engine: 'native', library, benchmarkSeconds: 0, profile: profiled });
    assert.ok('ok' in result, JSON.stringify(result));
    const profile = engineProfileSchema.parse(result.ok.profile);
    checkShares(profile);
    assert.match(profile.method, /operation by operation/);
  });

  it('is a command', async () => {
    const settings = microSettings.flatMap((setting) => ['--set', setting]);
    const common = ['engine', 'profile', '--engine', 'embedded', '--steps', '1', ...settings];
    const json = await runCli([...common, '--json']);
    assert.equal(json.code, 0, json.stderr);
    checkShares(engineProfileSchema.parse(JSON.parse(json.stdout)));
    const text = await runCli([...common, '--stage', 'pixel']);
    assert.match(text.stdout, /Conv2D +\d+ +[\d.]+ ms +[\d.]+ %/);
    assert.match(text.stdout, /generator\/block1\/conv1/);
    assert.doesNotMatch(text.stdout, /adversarial stage/);
    const wrong = await runCli([...common, 'no-such-run']);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /no-such-run is not a run/);
  });
});
