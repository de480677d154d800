/** Enlarging in windows equals enlarging whole, and finds its weights in models, runs and checkpoints. */
import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModelCard, readRunConfiguration, writeModelCard } from '../../../src/folders/marker-files';
import type { RgbImage } from '../../../src/imaging/image';
import type { GeneratorConfiguration, Scale } from '../../../src/protocol/run-configuration';
import type { Engine } from '../../../src/training/engines/engine';
import { openEngine } from '../../../src/training/engines/open-engine';
import { generatorNetwork } from '../../../src/training/networks/generator';
import { initialise } from '../../../src/training/networks/initialise';
import { receptiveRadius } from '../../../src/training/networks/parameters';
import { loadGenerator } from '../../../src/training/upscale/load-generator';
import { createUpscaler } from '../../../src/training/upscale/upscaler';
import { drawPicture, makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { trainHere } from '../../support/train-here';

const plain: GeneratorConfiguration = {
  blocks: 1,
  channels: 8,
  normalisation: 'batch',
  prelu: 'channel',
  globalSkip: 'none',
};

async function enlarge(
  engine: Engine,
  image: RgbImage,
  generator: GeneratorConfiguration,
  scale: Scale,
  maximum?: number,
): Promise<{ sr: RgbImage; windows: number }> {
  const state = await engine.createState(initialise(generatorNetwork(generator, scale), 1));
  const upscaler = createUpscaler(engine, state, generator, scale, maximum);
  let windows = 0;
  const sr = await upscaler.upscale(image, { onWindow: (done) => (windows = done) });
  upscaler.dispose();
  state.dispose();
  return { sr, windows };
}

describe('upscale: images of any size', function () {
  this.timeout(60_000);
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();

  let engine: Engine;
  before(async () => {
    engine = await openEngine('embedded');
  });
  after(() => engine.dispose());

  const networks: [string, GeneratorConfiguration, Scale][] = [
    ['batch normalisation, ×4', plain, 4],
    ['bicubic skip, ×4', { ...plain, normalisation: 'none', globalSkip: 'bicubic' }, 4],
    ['bicubic skip, ×3', { ...plain, normalisation: 'none', globalSkip: 'bicubic' }, 3],
    ['one slope a layer, ×2', { ...plain, prelu: 'layer' }, 2],
    ['×8', plain, 8],
  ];
  for (const [what, generator, scale] of networks) {
    it(`gives the same in windows as whole (${what})`, async () => {
      const image = drawPicture(61, 47, 2);
      const window = 2 * receptiveRadius(generator, scale) + 9;
      const tiled = await enlarge(engine, image, generator, scale, window);
      const whole = await enlarge(engine, image, generator, scale, 64);
      assert.equal(whole.windows, 1);
      assert.ok(tiled.windows > 6, `${tiled.windows} windows`);
      assert.equal(whole.sr.width, 61 * scale);
      const differences = tiled.sr.data.map((value, index) => Math.abs(value - whole.sr.data[index]!));
      assert.ok(
        differences.every((difference) => difference <= 1),
        'no more than the rounding of an engine’s sums, a grey level',
      );
      const differing = differences.filter((difference) => difference > 0).length;
      assert.ok(differing <= differences.length / 1000, `${differing} of ${differences.length} differ`);
      assert.ok(new Set(whole.sr.data).size > 20, 'a picture, not a colour');
    });
  }

  it('enlarges a single pixel and a line', async () => {
    for (const [width, height] of [
      [1, 1],
      [1, 40],
      [40, 1],
    ] as const) {
      const { sr } = await enlarge(engine, drawPicture(width, height, 1), plain, 4);
      assert.deepEqual([sr.width, sr.height], [width * 4, height * 4]);
    }
  });

  it('ends between two windows when it is told to', async () => {
    const state = await engine.createState(initialise(generatorNetwork(plain, 4), 1));
    const upscaler = createUpscaler(engine, state, plain, 4, 40);
    const stop = new AbortController();
    const windows: number[] = [];
    const onWindow = (done: number): void => {
      windows.push(done);
      if (done === 2) stop.abort();
    };
    await assert.rejects(upscaler.upscale(drawPicture(100, 100, 1), { signal: stop.signal, onWindow }), {
      name: 'AbortError',
    });
    assert.deepEqual(windows, [1, 2]);
    upscaler.dispose();
    state.dispose();
  });

  describe('finding the weights', () => {
    it('takes a run’s best checkpoint until it has finished, then its model', async () => {
      const folder = temporary();
      const run = join(folder, 'run');
      await makeMicroRun(folder, microDataset());
      await assert.rejects(loadGenerator(run), { name: 'LabError', message: /no checkpoint yet/ });

      await trainHere(run, (message, stop) => {
        if (message === 'Checkpoint at step 6.') stop();
      });
      const early = await loadGenerator(run);
      assert.equal(early.description, 'the checkpoint of run at step 4');

      await trainHere(run);
      const done = await loadGenerator(run);
      assert.equal(done.description, 'the model run');
      const { engine: chosen, engineSettings, ...model } = done;
      assert.deepEqual(await loadGenerator(join(run, 'model')), model);
      const configuration = await readRunConfiguration(run);
      assert.deepEqual([chosen, engineSettings], [configuration.engine, configuration.engineSettings]);
      assert.notDeepEqual(done.weights, early.weights);

      const copy = join(folder, 'copy');
      cpSync(join(run, 'model'), copy, { recursive: true });
      const card = await readModelCard(copy);
      await writeModelCard(copy, { ...card, generator: { ...card.generator, channels: 16 } });
      await assert.rejects(loadGenerator(copy), {
        name: 'LabError',
        message: /do not fit.*generator\/.* should be/,
      });
      writeFileSync(join(copy, 'generator.safetensors'), 'nonsense');
      await assert.rejects(loadGenerator(copy), {
        name: 'LabError',
        message: /not a usable safetensors file/,
      });
      rmSync(join(copy, 'generator.safetensors'));
      await assert.rejects(loadGenerator(copy), { name: 'LabError', message: /generator\.safetensors/ });
    });

    it('says what a folder lacks that is neither', async () => {
      await assert.rejects(loadGenerator(temporary()), {
        name: 'LabError',
        message: /neither a model nor a run/,
      });
    });
  });
});
