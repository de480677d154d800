import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import { planUpscaling, upscaleFile } from '../../../src/cli/upscale-files';
import { openEngine } from '../../../src/training/engines/open-engine';
import type { Engine } from '../../../src/training/engines/engine';
import { generatorNetwork } from '../../../src/training/networks/generator';
import { initialise } from '../../../src/training/networks/initialise';
import { createUpscaler } from '../../../src/training/upscale/upscaler';
import { alphaPng, jpeg, png } from '../../support/image-files';
import { temporaryFolders } from '../../support/temporary-folder';
import { plant } from '../../support/trees';

describe('enlarging files', function () {
  this.timeout(60_000);
  const makeFolder = temporaryFolders();

  it('makes the folders of a folder again, and passes over what is no picture and over its own output', async () => {
    const photos = makeFolder();
    await plant(photos, {
      '10.jpg': jpeg(20, 20),
      '2.png': png(20, 20),
      'summer/lake.png': png(20, 20),
      'notes.txt': 'text',
      'raw.cr2': 'raw',
      'enlarged/2.png': png(40, 40),
    });
    const out = join(photos, 'enlarged');
    const plan = await planUpscaling([photos], out, { format: 'jpeg', existing: 'refuse' });
    assert.deepEqual(
      plan.jobs.map(({ input, output }) => [input, output]),
      [
        [join(photos, '2.png'), join(out, '2.jpg')],
        [join(photos, '10.jpg'), join(out, '10.jpg')],
        [join(photos, 'summer', 'lake.png'), join(out, 'summer', 'lake.jpg')],
      ],
    );
    assert.equal(plan.unusable.length, 1);
    assert.match(plan.unusable[0]!, /raw\.cr2: This format is not read/);
  });

  it('refuses, skips or replaces what exists', async () => {
    const [photos, out] = [makeFolder(), makeFolder()];
    await plant(photos, { 'a.png': png(20, 20), 'b.png': png(20, 20) });
    writeFileSync(join(out, 'a.png'), 'old');
    const plan = (existing: 'refuse' | 'skip' | 'replace') =>
      planUpscaling([photos], out, { format: 'png', existing });
    await assert.rejects(plan('refuse'), /a\.png exists already.*--skip-existing/);
    const skipping = await plan('skip');
    assert.deepEqual([skipping.jobs.length, skipping.skipped], [1, 1]);
    assert.equal((await plan('replace')).jobs.length, 2);
  });

  it('leaves pictures that differ in their endings alone apart', async () => {
    const [photos, out] = [makeFolder(), makeFolder()];
    await plant(photos, { 'a.png': png(20, 20), 'a.jpg': jpeg(20, 20), 'b.jpg': jpeg(20, 20) });
    const { jobs } = await planUpscaling([photos], out, { format: 'png', existing: 'refuse' });
    assert.deepEqual(
      jobs.map(({ output }) => output).sort(),
      ['a.jpg.png', 'a.png.png', 'b.png'].map((name) => join(out, name)),
    );
  });

  it('refuses two pictures for one place, a picture for its own, and a folder without any', async () => {
    const folder = makeFolder();
    await plant(folder, { 'a.png': png(20, 20), 'other/a.png': png(20, 20), 'empty/notes.txt': 'text' });
    const plan = (inputs: string[], out: string) =>
      planUpscaling(inputs, out, { format: 'png', existing: 'replace' });
    await assert.rejects(
      plan([join(folder, 'a.png'), join(folder, 'other', 'a.png')], makeFolder()),
      /would both become/,
    );
    await assert.rejects(plan([join(folder, 'a.png')], folder), /replaced by its own enlargement/);
    await assert.rejects(plan([join(folder, 'empty')], makeFolder()), /There is no image in/);
  });

  describe('one after the other', () => {
    let engine: Engine;
    before(async () => {
      engine = await openEngine('embedded');
    });
    after(() => engine.dispose());

    it('keeps opacity, and names a file that cannot be read', async () => {
      const generator = {
        blocks: 1,
        channels: 8,
        normalisation: 'none',
        prelu: 'channel',
        globalSkip: 'bicubic',
      } as const;
      const state = await engine.createState(initialise(generatorNetwork(generator, 2), 1));
      const upscaler = createUpscaler(engine, state, generator, 2);
      const [photos, out] = [makeFolder(), makeFolder()];
      await plant(photos, { 'glass.png': alphaPng(20, 16), 'torn.png': 'torn' });
      const shares: number[] = [];
      const options = {
        format: 'webp',
        quality: 90,
        signal: new AbortController().signal,
        report: (share: number) => shares.push(share),
      } as const;
      const output = join(out, 'deep', 'glass.webp');
      const made = await upscaleFile(upscaler, 2, { input: join(photos, 'glass.png'), output }, options);
      assert.deepEqual([made.width, made.height], [40, 32]);
      const header = await sharp(output).metadata();
      assert.deepEqual([header.format, header.width, header.hasAlpha], ['webp', 40, true]);
      assert.deepEqual([shares[0], shares.at(-1)], [0, 1]);

      const torn = { input: join(photos, 'torn.png'), output: join(out, 'torn.webp') };
      await assert.rejects(upscaleFile(upscaler, 2, torn, options), /torn\.png: This is not an image/);
      assert.equal(existsSync(torn.output), false);
      upscaler.dispose();
      state.dispose();
    });
  });
});
