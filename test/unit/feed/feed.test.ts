/** The feed with its real worker thread on a real data set. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readImage } from '../../../src/datasets/images';
import { readDataset } from '../../../src/folders/dataset-folder';
import { cropImage } from '../../../src/imaging/image';
import { createCropSampler } from '../../../src/training/feed/crop-sampler';
import { openFeed, type Batch, type FeedOptions } from '../../../src/training/feed/feed';
import type { HostTensor } from '../../../src/training/engines/engine';
import { makeMicroDataset, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';

/** A batch is good until the next one is taken. */
function keep({ lr, hr }: Batch): Batch {
  const copy = ({ shape, data }: HostTensor): HostTensor => ({ shape, data: Float32Array.from(data) });
  return { lr: copy(lr), hr: copy(hr) };
}

async function take(options: FeedOptions, first: number, count: number): Promise<Batch[]> {
  const feed = await openFeed(options, first);
  try {
    const batches: Batch[] = [];
    for (let index = 0; index < count; index++) batches.push(keep(await feed.next()));
    return batches;
  } finally {
    await feed.close();
  }
}

describe('feed', () => {
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();
  const options = { seed: 1, batch: 3, side: 6, flips: true, quarterTurns: true };

  it('gives the batches of their steps in order, the same from wherever it starts', async () => {
    const dataset = microDataset();
    const whole = await take({ dataset, ...options }, 0, 12);
    const resumed = await take({ dataset, ...options }, 7, 5);
    assert.deepEqual(resumed, whole.slice(7));
    assert.notDeepEqual(whole[0], whole[1]);
    assert.deepEqual(whole[0]!.lr.shape, [3, 6, 6, 3]);
    assert.deepEqual(whole[0]!.hr.shape, [3, 24, 24, 3]);
  });

  it('leaves a batch as it is until the next one is taken, and then uses its memory again', async () => {
    const feed = await openFeed({ dataset: microDataset(), ...options }, 0);
    try {
      const memory = new Set<Float32Array>();
      for (let step = 0; step < 40; step++) {
        const batch = await feed.next();
        const before = keep(batch);
        // As long as the worker needs to make all the batches that were asked for.
        await delay(5);
        assert.deepEqual(keep(batch), before);
        memory.add(batch.hr.data);
      }
      assert.ok(memory.size <= 5, `${memory.size} batches in memory`);
    } finally {
      await feed.close();
    }
  });

  it('cuts LR and HR at the same place of the images of the data set', async () => {
    const dataset = microDataset();
    const plain = { dataset, ...options, flips: false, quarterTurns: false };
    const train = (await readDataset(dataset)).images.filter(({ split }) => split === 'train');
    const sizes = train.map(({ width, height }) => ({ width: width / 4, height: height / 4 }));
    const sampler = createCropSampler(sizes, plain);
    for (const [step, batch] of (await take(plain, 0, 4)).entries()) {
      for (const [index, { image, x, y }] of sampler.crops(step).entries()) {
        for (const [kind, factor] of [
          ['lr', 1],
          ['hr', 4],
        ] as const) {
          const picture = await readImage(join(dataset, kind, `${train[image]!.name}.png`));
          const side = 6 * factor;
          const expected = Float32Array.from(
            cropImage(picture, x * factor, y * factor, side, side).data,
            (value) => value / 255,
          );
          const length = side * side * 3;
          assert.deepEqual(batch[kind].data.slice(index * length, (index + 1) * length), expected);
        }
      }
    }
  });

  it('says when every image is smaller than a patch, and which setting to change', async () => {
    const dataset = microDataset();
    await assert.rejects(openFeed({ dataset, ...options, side: 32 }, 0), {
      name: 'LabError',
      message: /All 4 training images are smaller than a patch of 128×128.*data\.patch/,
    });
  });

  it('passes on in words that the data set cannot be read', async () => {
    const dataset = await makeMicroDataset(temporary());
    rmSync(join(dataset, 'cache'), { recursive: true, force: true });
    rmSync(join(dataset, 'hr'), { recursive: true });
    await assert.rejects(openFeed({ dataset, ...options }, 0), { name: 'LabError', message: /hr/ });
  });
});
