/** Checkpoints: whole or not there, the newest good one is used, old ones go by the rule. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  bestCheckpointStep,
  checkpointFolder,
  listCheckpoints,
  pruneCheckpoints,
  readCheckpoint,
  readNewestCheckpoint,
  saveCheckpoint,
  setAsideCheckpointsAfter,
} from '../../../src/training/run/checkpoints';
import type { NamedTensors } from '../../../src/training/engines/engine';
import type { TensorSource } from '../../../src/training/run/safetensors';
import { temporaryFolders } from '../../support/temporary-folder';

const state = (value: number) => ({ 'generator/a': { shape: [2], data: new Float32Array([value, -0]) } });

function sourceOf(tensors: NamedTensors): TensorSource {
  const shapes = Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
  return { shapes, read: (name) => Promise.resolve(tensors[name]!.data) };
}

async function save(run: string, step: number): Promise<void> {
  const best = { step: 3, psnr: 27.25 };
  await saveCheckpoint(
    run,
    { step, stage: 'pixel', stageStep: step, seed: 1, engine: 'embedded', best },
    sourceOf(state(step)),
  );
}

describe('run: checkpoints', () => {
  const temporary = temporaryFolders();

  it('gives back what was saved', async () => {
    const run = temporary();
    await save(run, 12);
    const read = await readCheckpoint(run, 12);
    assert.equal(read.step, 12);
    assert.equal(read.stage, 'pixel');
    assert.deepEqual(read.best, { step: 3, psnr: 27.25 });
    assert.deepEqual(read.state, state(12));
    assert.deepEqual(readdirSync(join(run, 'checkpoints')), ['step-000012']);
  });

  it('is not there when a tensor cannot be fetched, and the one before stays', async () => {
    const run = temporary();
    await save(run, 3);
    const source = {
      ...sourceOf({ ...state(4), 'generator/b': { shape: [3], data: new Float32Array(3) } }),
      read: (name: string) =>
        name === 'generator/b'
          ? Promise.reject(new Error('the device is gone'))
          : Promise.resolve(new Float32Array(2)),
    };
    const content = {
      step: 4,
      stage: 'pixel',
      stageStep: 4,
      seed: 1,
      engine: 'embedded',
      best: null,
    } as const;
    await assert.rejects(saveCheckpoint(run, content, source), /the device is gone/);
    assert.deepEqual(readdirSync(join(run, 'checkpoints')), ['step-000003']);
    assert.deepEqual((await readCheckpoint(run, 3)).state, state(3));
  });

  it('has none in a new run', async () => {
    assert.deepEqual(await readNewestCheckpoint(temporary()), { checkpoint: undefined, damaged: [] });
  });

  it('lists by number, also past a million steps', async () => {
    const run = temporary();
    for (const step of [1_000_000, 999_999, 2]) await save(run, step);
    assert.deepEqual(await listCheckpoints(run), [2, 999_999, 1_000_000]);
  });

  it('keeps the last few and the best, and points at the best', async () => {
    const run = temporary();
    for (const step of [3, 6, 9, 12]) await save(run, step);
    await pruneCheckpoints(run, { keepLast: 2 }, 3);
    assert.deepEqual(readdirSync(join(run, 'checkpoints')).sort(), [
      'best',
      'step-000003',
      'step-000009',
      'step-000012',
    ]);
    assert.equal(readFileSync(join(run, 'checkpoints', 'best'), 'utf8'), 'step-000003\n');
    assert.equal(await bestCheckpointStep(run), 3);
    await pruneCheckpoints(run, { keepLast: 1 }, 12);
    assert.deepEqual(await listCheckpoints(run), [12]);
  });

  it('keeps every Mth for good', async () => {
    const run = temporary();
    for (const step of [3, 6, 9, 12, 15, 18]) await save(run, step);
    await pruneCheckpoints(run, { keepLast: 1, keepEvery: 6 }, 3);
    assert.deepEqual(await listCheckpoints(run), [3, 6, 12, 18]);
    await save(run, 21);
    await pruneCheckpoints(run, { keepLast: 1, keepEvery: 6 }, 3);
    assert.deepEqual(await listCheckpoints(run), [3, 6, 12, 18, 21]);
  });

  const damages: [string, (folder: string) => void][] = [
    [
      'a flipped bit',
      (folder) => {
        const path = join(folder, 'state.safetensors');
        const bytes = readFileSync(path);
        bytes[bytes.length - 1]! ^= 1;
        writeFileSync(path, bytes);
      },
    ],
    [
      'a state cut short',
      (folder) => {
        truncateSync(join(folder, 'state.safetensors'), 20);
      },
    ],
    [
      'no state',
      (folder) => {
        rmSync(join(folder, 'state.safetensors'));
      },
    ],
    [
      'no checkpoint.json',
      (folder) => {
        rmSync(join(folder, 'checkpoint.json'));
      },
    ],
    [
      'an empty checkpoint.json',
      (folder) => {
        writeFileSync(join(folder, 'checkpoint.json'), '');
      },
    ],
    [
      'a checkpoint.json of something else',
      (folder) => {
        writeFileSync(join(folder, 'checkpoint.json'), '{}');
      },
    ],
    [
      'nothing in it',
      (folder) => {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
      },
    ],
  ];
  for (const [what, damage] of damages) {
    it(`uses the one before a checkpoint with ${what}, and sets that aside`, async () => {
      const run = temporary();
      await save(run, 5);
      await save(run, 10);
      damage(checkpointFolder(run, 10));
      const { checkpoint, damaged } = await readNewestCheckpoint(run);
      assert.equal(checkpoint?.step, 5);
      assert.equal(damaged.length, 1);
      assert.match(damaged[0]!.problem, /step-000010/);
      await setAsideCheckpointsAfter(run, 5);
      assert.deepEqual(await listCheckpoints(run), [5]);
      assert.ok(existsSync(join(run, 'checkpoints', 'damaged-step-000010')));
      await save(run, 10);
      assert.equal((await readNewestCheckpoint(run)).checkpoint?.step, 10);
    });
  }

  it('does not see what a killed trainer left half written, and removes it', async () => {
    const run = temporary();
    await save(run, 5);
    const partial = join(run, 'checkpoints', '.step-000010.0123456789ab.partial');
    mkdirSync(partial);
    writeFileSync(join(partial, 'state.safetensors'), 'half');
    assert.equal((await readNewestCheckpoint(run)).checkpoint?.step, 5);
    await setAsideCheckpointsAfter(run, 5);
    assert.deepEqual(readdirSync(join(run, 'checkpoints')), ['step-000005']);
  });

  it('names the path when it cannot be written, and leaves the checkpoint before', async () => {
    const run = temporary();
    await save(run, 5);
    rmSync(join(run, 'checkpoints'), { recursive: true });
    writeFileSync(join(run, 'checkpoints'), 'a file in the way');
    await assert.rejects(save(run, 10), { name: 'LabError', message: /checkpoints.step-000010/ });
  });
});
