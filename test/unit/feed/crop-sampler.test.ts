/** Which crops a step sees: decided by seed and step alone, inside the images, even over all positions. */
import assert from 'node:assert/strict';
import { createCropSampler, type CropSettings } from '../../../src/training/feed/crop-sampler';

const settings: CropSettings = { seed: 3, batch: 16, side: 8, flips: true, quarterTurns: true };
const images = [
  { width: 20, height: 12 },
  { width: 8, height: 8 },
  { width: 7, height: 30 },
  { width: 40, height: 40 },
];

describe('feed: crop sampler', () => {
  it('draws the same crops for a step whatever was drawn before', () => {
    const steady = createCropSampler(images, settings);
    const before = [0, 1, 2, 3, 4].map((step) => steady.crops(step));
    const resumed = createCropSampler(images, settings);
    assert.deepEqual(resumed.crops(3), before[3]);
    assert.notDeepEqual(before[3], before[4]);
    assert.notDeepEqual(createCropSampler(images, { ...settings, seed: 4 }).crops(3), before[3]);
  });

  it('stays inside the images and leaves out those that are too small', () => {
    const sampler = createCropSampler(images, settings);
    assert.deepEqual(sampler.tooSmall, [2]);
    for (let step = 0; step < 200; step++) {
      for (const { image, x, y, turns } of sampler.crops(step)) {
        const { width, height } = images[image]!;
        assert.ok(x >= 0 && y >= 0 && x + 8 <= width && y + 8 <= height);
        assert.ok(turns >= 0 && turns < 4);
      }
    }
  });

  it('reaches every position of every image about equally often', () => {
    const sampler = createCropSampler(images, { ...settings, batch: 1 });
    const counts = new Map<string, number>();
    const draws = 60_000;
    for (let step = 0; step < draws; step++) {
      const { image, x, y } = sampler.crops(step)[0]!;
      const place = `${image}:${x},${y}`;
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    const positions = 13 * 5 + 1 + 33 * 33;
    assert.equal(counts.size, positions);
    const expected = draws / positions;
    // The draws are fixed by the seed, so this bound of six standard deviations holds always or never.
    for (const [place, count] of counts) {
      assert.ok(
        Math.abs(count - expected) < 6 * Math.sqrt(expected),
        `${place}: ${count}, expected ${expected}`,
      );
    }
  });

  it('mirrors half of the crops and turns them all four ways', () => {
    const crops = Array.from({ length: 100 }, (_, step) =>
      createCropSampler(images, settings).crops(step),
    ).flat();
    const share = (holds: (crop: (typeof crops)[number]) => boolean): number =>
      crops.filter(holds).length / crops.length;
    assert.ok(Math.abs(share(({ flip }) => flip) - 0.5) < 0.05);
    for (const turns of [0, 1, 2, 3])
      assert.ok(Math.abs(share((crop) => crop.turns === turns) - 0.25) < 0.05);
  });

  it('keeps the same places when an augmentation is switched off', () => {
    const places = (given: CropSettings) =>
      createCropSampler(images, given)
        .crops(5)
        .map(({ image, x, y }) => ({ image, x, y }));
    const plain = { ...settings, flips: false, quarterTurns: false };
    assert.deepEqual(places(plain), places(settings));
    assert.ok(
      createCropSampler(images, plain)
        .crops(5)
        .every(({ flip, turns }) => !flip && turns === 0),
    );
  });
});
