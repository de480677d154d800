import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import sharp from 'sharp';
import { findFeatures, strongestFeatures, type Features } from '../../../../src/imaging/features/features';
import { createImage, cropImage, type RgbImage } from '../../../../src/imaging/image';
import { deadLeaves } from '../../../support/dead-leaves';

function placed(features: Features, dx = 0, dy = 0): Map<string, number> {
  return new Map([...features.x].map((x, at) => [`${x + dx} ${features.y[at]! + dy}`, features.bits[at]!]));
}

function mirrored(image: RgbImage): RgbImage {
  const turned = createImage(image.width, image.height);
  for (let at = 0; at < image.width * image.height; at++) {
    const to = at - (at % image.width) + image.width - 1 - (at % image.width);
    turned.data.set(image.data.subarray(3 * at, 3 * at + 3), 3 * to);
  }
  return turned;
}

describe('features', () => {
  // Higher than a strip.
  const picture = deadLeaves(300, 460);
  const features = findFeatures(picture);

  it('are many, within the image', () => {
    assert.ok(features.x.length > 300, String(features.x.length));
    assert.ok(features.x.every((x) => x >= 16 && x < 284));
    assert.ok(features.y.every((y) => y >= 16 && y < 444));
  });

  it('of a crop are those of the picture, whatever strip of rows they were found in', () => {
    const all = placed(features);
    const cut = placed(findFeatures(cropImage(picture, 37, 101, 200, 301)), 37, 101);
    assert.ok(cut.size > 100);
    for (const [place, bits] of cut) assert.equal(all.get(place), bits, place);
  });

  it('say what they would be in the mirrored picture', () => {
    const turned = placed(findFeatures(mirrored(picture)));
    const same = [...features.x.keys()].filter((at) => {
      return turned.get(`${299 - features.x[at]!} ${features.y[at]!}`) === features.mirroredBits[at];
    });
    assert.ok(same.length > 0.98 * features.x.length);
  });

  it('are mostly found again after JPEG of quality 80', async () => {
    const raw = { width: 300, height: 460, channels: 3 } as const;
    const jpeg = await sharp(picture.data, { raw }).jpeg({ quality: 80 }).toBuffer();
    const data = new Uint8Array(await sharp(jpeg).raw().toBuffer());
    const again = placed(findFeatures({ ...picture, data }));
    const strongest = strongestFeatures(features, picture, 64);
    const same = strongest.filter(
      (at) => again.get(`${features.x[at]!} ${features.y[at]!}`) === features.bits[at],
    );
    assert.equal(strongest.length, 64);
    assert.ok(same.length > 20, String(same.length));
  });

  it('are chosen from all parts of the picture', () => {
    const parts = new Set(
      strongestFeatures(features, picture, 64).map(
        (at) => Math.floor(features.x[at]! / 75) + 4 * Math.floor(features.y[at]! / 115),
      ),
    );
    assert.ok(parts.size >= 14, String(parts.size));
  });

  it('do not exist in pictures without detail, nor in tiny ones', () => {
    assert.equal(findFeatures(createImage(200, 200)).x.length, 0);
    for (const [width, height] of [
      [1, 1],
      [5, 200],
      [30, 30],
    ] as const)
      assert.equal(findFeatures(deadLeaves(width, height)).x.length, 0);
  });
});
