/** Enlarging in windows equals enlarging whole, and finds its weights in models, runs and checkpoints. */
import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModelCard, readRunConfiguration, writeModelCard } from '../../../src/folders/marker-files';
import type { RgbImage } from '../../../src/imaging/image';
import type { GeneratorConfiguration, Scale } from '../../../src/protocol/run-configuration';
import { randomStream } from '../../../src/random/random-stream';
import type { Engine, NamedTensors } from '../../../src/training/engines/engine';
import { openEngine } from '../../../src/training/engines/open-engine';
import { EmbeddedEngine } from '../../../src/training/engines/wasm/embedded-engine';
import { generatorNetwork } from '../../../src/training/networks/generator';
import { initialise } from '../../../src/training/networks/initialise';
import { receptiveRadius } from '../../../src/training/networks/parameters';
import { loadGenerator } from '../../../src/training/upscale/load-generator';
import { tilingFor } from '../../../src/training/upscale/tiling';
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

/**
 * Weights whose running statistics are no longer those of the beginning, so that each channel is normalised by its own; the
 * variances are large enough for the result to stay among the colours through 16 blocks.
 */
function trained(generator: GeneratorConfiguration, scale: Scale): NamedTensors {
  const random = randomStream(1, 'statistics', 0);
  return Object.fromEntries(
    Object.entries(initialise(generatorNetwork(generator, scale), 1)).map(([name, { shape, data }]) => {
      if (name.endsWith('/mean')) return [name, { shape, data: data.map(() => random.uniform() - 0.5) }];
      if (name.endsWith('/variance'))
        return [name, { shape, data: data.map(() => 4 + 4 * random.uniform()) }];
      return [name, { shape, data }];
    }),
  );
}

async function enlarge(
  engine: Engine,
  image: RgbImage,
  generator: GeneratorConfiguration,
  scale: Scale,
  maximum?: number,
): Promise<{ sr: RgbImage; windows: number }> {
  const state = await engine.createState(trained(generator, scale));
  const tiling = maximum === undefined ? undefined : { largest: maximum, keptPixels: Infinity };
  const upscaler = createUpscaler(engine, state, generator, scale, tiling);
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
    ['16 blocks, which see 40 pixels around', { ...plain, blocks: 16 }, 4],
    ['16 blocks with a bicubic skip, ×2', { ...plain, blocks: 16, globalSkip: 'bicubic' }, 2],
  ];
  for (const [what, generator, scale] of networks) {
    it(`gives the same in windows as whole (${what})`, async () => {
      const radius = receptiveRadius(generator, scale);
      const image = drawPicture(2 * radius + 41, 2 * radius + 27, 2);
      const tiled = await enlarge(engine, image, generator, scale, 2 * radius + 9);
      const whole = await enlarge(engine, image, generator, scale, image.width);
      assert.equal(whole.windows, 1);
      assert.ok(tiled.windows > 6, `${tiled.windows} windows`);
      assert.equal(whole.sr.width, image.width * scale);
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
    const upscaler = createUpscaler(engine, state, plain, 4, { largest: 40, keptPixels: Infinity });
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

  it('keeps no more memory with every picture, though each has a size of its own', async () => {
    const own = await EmbeddedEngine.open();
    try {
      const state = await own.createState(trained(plain, 4));
      const tiling = tilingFor(own, plain, 4, 24 * 2 ** 20);
      const upscaler = createUpscaler(own, state, plain, 4, tiling);
      const folder = async (first: number): Promise<void> => {
        for (let index = 0; index < 15; index++) {
          const [width, height] = [20 + ((first + 37 * index) % 150), 20 + ((first + 53 * index) % 130)];
          await upscaler.upscale(drawPicture(width, height, 1));
        }
      };
      await folder(0);
      const afterOne = own.memoryBytes;
      assert.ok(afterOne < 64 * 2 ** 20, `${afterOne} bytes after one folder`);
      await folder(7);
      assert.ok(own.memoryBytes <= 1.1 * afterOne, `${own.memoryBytes} bytes after ${afterOne}`);
    } finally {
      await own.dispose();
    }
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
