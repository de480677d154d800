/** A picture enlarged tile by tile, in any order, is the picture enlarged whole. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { cropImage } from '../../../src/imaging/image';
import type { GeneratorConfiguration } from '../../../src/protocol/run-configuration';
import { openEngine } from '../../../src/training/engines/open-engine';
import { generatorNetwork } from '../../../src/training/networks/generator';
import { initialise } from '../../../src/training/networks/initialise';
import { receptiveRadius } from '../../../src/training/networks/parameters';
import { createUpscaler } from '../../../src/training/upscale/upscaler';
import { drawPicture } from '../../support/micro-run';

const generator: GeneratorConfiguration = {
  blocks: 1,
  channels: 8,
  normalisation: 'batch',
  prelu: 'channel',
  globalSkip: 'bicubic',
};

describe('Upscaling tile by tile', function () {
  this.timeout(60_000);

  it('equals upscaling whole, the last tile first', async () => {
    const engine = await openEngine('embedded');
    try {
      const state = await engine.createState(initialise(generatorNetwork(generator, 4), 1));
      const tiling = { largest: 2 * receptiveRadius(generator, 4) + 9, keptPixels: Infinity };
      const upscaler = createUpscaler(engine, state, generator, 4, tiling);
      const image = drawPicture(70, 50, 3);
      const whole = await upscaler.upscale(image);
      const tiles = upscaler.tiles(image);
      const { areas } = tiles;
      assert.ok(areas.length > 4);
      let covered = 0;
      for (const [index, { left, top, width, height }] of [...areas.entries()].reverse()) {
        covered += width * height;
        const expected = cropImage(whole, 4 * left, 4 * top, 4 * width, 4 * height);
        assert.deepEqual(await tiles.upscale(index), expected);
      }
      assert.equal(covered, image.width * image.height);
      upscaler.dispose();
      state.dispose();
    } finally {
      await engine.dispose();
    }
  });
});
