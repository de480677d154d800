/**
 * One run of 200 steps from one seed on both engines. Their sums are rounded in another order, and training multiplies differences,
 * so the last bits part at once; what must stay together is what a person sees: losses, weights, pictures.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readRunConfiguration } from '../../../src/folders/marker-files';
import type { NamedTensors } from '../../../src/training/engines/engine';
import { initialState } from '../../../src/training/networks/initial-state';
import { readNewestCheckpoint } from '../../../src/training/run/checkpoints';
import { realTensorFlow } from '../engines-native/support/real-tensorflow';
import { runCli } from '../../support/command-line';
import { setEnvironment } from '../../support/environment';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { metricsOf } from '../../support/train-here';

const stages =
  'stages=[{"name":"pixel","steps":120,"learningRate":{"schedule":"cosine","initial":0.001,"final":1e-5,"warmup":5}},' +
  '{"name":"adversarial","steps":80,"learningRate":{"schedule":"cosine","initial":3e-5,"final":1e-6,"warmup":5}}]';

/** Share of a loss that the engines may differ by, at any step. */
const MOST_LOSS = 0.02;
/** Distance of the weights, as a share of the distance that training moved them. */
const MOST_DISTANCE = 0.03;
const MOST_DECIBELS = 0.05;

interface Trained {
  readonly losses: readonly ReadonlyMap<string, number>[];
  readonly psnr: readonly number[];
  readonly weights: NamedTensors;
}

/**
 * Weights that a picture depends on. A bias before batch normalisation has no effect and no gradient but rounding errors, of which
 * Adam makes steps of full length: such biases wander.
 */
const matters = (name: string): boolean =>
  /^(generator|discriminator)\//.test(name) &&
  !/\/(mean|variance)$/.test(name) &&
  !/^(generator\/(block\d+\/conv\d|trunk\/conv)|discriminator\/conv(?!1\/)\d+)\/bias$/.test(name);

function distance(a: NamedTensors, b: NamedTensors): number {
  const squares = Object.keys(a)
    .filter(matters)
    .flatMap((name) => Array.from(a[name]!.data, (value, i) => (value - b[name]!.data[i]!) ** 2));
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
}

describe('native and embedded from one seed', function () {
  this.timeout(300_000);
  const temporary = temporaryFolders();
  const dataset = sharedMicroDataset();
  const environment = setEnvironment();

  async function train(engine: string): Promise<Trained & { readonly initial: NamedTensors }> {
    const folder = temporary();
    await makeMicroRun(folder, dataset(), [
      `engine="${engine}"`,
      stages,
      'data.batch=8',
      'validation.every=40',
    ]);
    const run = join(folder, 'run');
    const { code, stderr } = await runCli(['train', run, '--json', '--progress', 'none']);
    assert.equal(code, 0, stderr);
    const lines = metricsOf(run);
    const { checkpoint } = await readNewestCheckpoint(run);
    return {
      losses: lines.flatMap((line) =>
        line.kind === 'step'
          ? [
              new Map(
                Object.entries({ ...line.generator, ...line.discriminator }).map(([name, value]) => [
                  name,
                  value!,
                ]),
              ),
            ]
          : [],
      ),
      psnr: lines.flatMap((line) => (line.kind === 'validation' ? [line.model.psnr] : [])),
      weights: checkpoint!.state,
      initial: await initialState(await readRunConfiguration(run)),
    };
  }

  it('stay together over 200 steps', async function () {
    environment({ SRGAN_LAB_TENSORFLOW: await realTensorFlow(this), SRGAN_LAB_HOME: temporary() });
    const [native, embedded] = [await train('native'), await train('embedded')];
    assert.equal(native.losses.length, 200);
    native.losses.forEach((losses, index) => {
      for (const [name, loss] of losses) {
        const other = embedded.losses[index]!.get(name)!;
        const difference = Math.abs(loss - other) / Math.abs(other);
        assert.ok(difference < MOST_LOSS, `step ${index + 1}, ${name}: ${loss} and ${other}`);
      }
    });
    const travelled = distance(embedded.weights, embedded.initial);
    const apart = distance(native.weights, embedded.weights);
    assert.ok(apart < MOST_DISTANCE * travelled, `the weights are ${apart} apart after moving ${travelled}`);
    assert.equal(native.psnr.length, embedded.psnr.length);
    native.psnr.forEach((psnr, index) => {
      const difference = Math.abs(psnr - embedded.psnr[index]!);
      assert.ok(difference < MOST_DECIBELS, `validation ${index}: ${psnr} and ${embedded.psnr[index]} dB`);
    });
  });
});
