/** What was made of sources, packed: it comes back as it was, and a collection of any size takes few bytes an image. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { PackedImages } from '../../../src/datasets/build/packed-images';
import { hashOf } from '../../../src/datasets/hash';
import type { MadeImage } from '../../../src/datasets/make-images';

function image(index: number, more: Partial<MadeImage> = {}): MadeImage {
  return {
    name: `a photograph ${index}`,
    ...{ width: 96 + index, height: 100, sourceWidth: 97 + index, sourceHeight: 101 },
    sha256: hashOf(`source ${index}`),
    hrSha256: hashOf(`hr ${index}`),
    lrSha256: hashOf(`lr ${index}`),
    notes: [`cut from ${97 + (index % 3)}×101 at the right and bottom to a multiple of 4`],
    measures: {
      sharpness: 0.1 + index / 3,
      ...{ noise: 1 / 7, blockiness: 0, flatness: 1, fingerprint: '00f0123456789abc' },
    },
    ...more,
  };
}

describe('packed images', () => {
  it('come back as they were, in any order', () => {
    const packed = new PackedImages();
    const { measures: _, ...unmeasured } = image(2, { notes: ['grey', 'grey'] });
    const sources: MadeImage[][] = [
      [image(0)],
      [image(1, { name: '写真 é', crop: { left: 0, top: 0 } }), image(1, { crop: { left: 48, top: 96 } })],
      [unmeasured],
      [],
      [
        image(3, {
          pair: {
            ...{ lrRoot: 1, lrSource: 'x4/3.png', lrSourceSha256: hashOf('3'), shift: [0.25, -1 / 3] },
            ...{ kernel: 'bicubic', convention: 'double', psnr: null, exact: true },
          },
        }),
      ],
    ];
    const numbers = sources.map((images) => packed.add(images));
    assert.deepEqual(numbers, [0, 1, 2, 3, 4]);
    assert.equal(packed.length, 5);
    for (const number of numbers.toReversed()) assert.deepEqual(packed.get(number), sources[number]);
  });

  it('have room for a source of very many sub-images, and for those after it', () => {
    const packed = new PackedImages();
    const many = Array.from({ length: 8000 }, (_, index) => image(index));
    assert.deepEqual([packed.add([image(1)]), packed.add(many), packed.add([image(2)])], [0, 1, 2]);
    assert.deepEqual(packed.get(1), many);
    assert.deepEqual([packed.get(0), packed.get(2)], [[image(1)], [image(2)]]);
  });
});
