import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { luma, type Plane } from '../../../../src/imaging/colour';
import { createImage, type RgbImage } from '../../../../src/imaging/image';
import { measureShift } from '../../../../src/imaging/pairs/measure-shift';
import { cubicKernel, resampleWithOffset } from '../../../../src/imaging/pairs/offset-resampling';
import { pillowResize, type PillowFilter } from '../../../../src/imaging/pairs/pillow-resampling';
import { recogniseKernel } from '../../../../src/imaging/pairs/recognise-kernel';
import { imresize } from '../../../../src/imaging/imresize';
import { deadLeaves } from '../../../support/dead-leaves';

describe('Pillow’s resampling', () => {
  const image = createImage(16, 16);
  for (let at = 0; at < 256; at++) {
    const [x, y] = [at % 16, Math.floor(at / 16)];
    image.data.fill((x * 37 + y * 61 + ((x * y) % 11) * 9) % 256, 3 * at, 3 * at + 3);
  }

  // Pillow 13.0 on the same 16×16 image, resized to 5×4.
  const published: Record<PillowFilter, number[]> = {
    bicubic: [
      126, 136, 118, 104, 117, 131, 120, 139, 107, 105, 137, 135, 153, 143, 130, 120, 118, 125, 138, 146,
    ],
    bilinear: [
      127, 133, 120, 106, 113, 130, 121, 136, 111, 107, 136, 135, 148, 141, 130, 121, 121, 126, 138, 145,
    ],
    box: [121, 128, 121, 97, 130, 128, 106, 135, 114, 92, 162, 124, 156, 137, 137, 115, 124, 129, 133, 147],
    hamming: [
      128, 133, 124, 96, 118, 132, 106, 139, 107, 104, 149, 134, 150, 148, 130, 118, 128, 122, 140, 141,
    ],
    lanczos: [
      127, 135, 116, 104, 118, 130, 122, 142, 104, 105, 134, 136, 154, 143, 130, 123, 113, 124, 140, 147,
    ],
  };
  for (const [filter, expected] of Object.entries(published) as [PillowFilter, number[]][]) {
    it(`is told to the last bit: ${filter}`, () => {
      const { data } = pillowResize(image, 5, 4, filter);
      assert.deepEqual(
        expected.map((_, at) => data[3 * at]),
        expected,
      );
    });
  }
});

describe('the shift of LR against HR', () => {
  const hr = deadLeaves(400, 320);
  const plane = luma(hr);

  function shiftedBy(shift: readonly [number, number], a: number, antialias = true): Plane {
    const size = { width: 100, height: 80 };
    const kernel = cubicKernel(a);
    const made = resampleWithOffset(plane, { ...size, scale: 4, shift, kernel, radius: 2, antialias });
    return { ...made, data: made.data.map(Math.round) };
  }

  for (const shift of [
    [0, 0],
    [0.02, -0.03],
    [0.25, 0.37],
    [-1.5, 2.25],
    [5.3, -4.1],
  ] as const) {
    it(`is measured to 0.02 LR pixels: ${shift.join(', ')}`, () => {
      for (const a of [-0.5, -0.75]) {
        const [dx, dy] = measureShift(plane, shiftedBy(shift, a), 4);
        assert.ok(Math.hypot(dx - shift[0], dy - shift[1]) < 0.02, `${dx}, ${dy}`);
      }
    });
  }

  it('is none where nothing can be told', () => {
    const grey = luma(createImage(400, 320));
    assert.deepEqual(measureShift(grey, luma(createImage(100, 80)), 4), [0, 0]);
  });

  it('does not hide the kernel', () => {
    const made = shiftedBy([0.4, 0.1], -0.5);
    const lr: RgbImage = {
      width: 100,
      height: 80,
      data: Uint8Array.from({ length: 24000 }, (_, at) => made.data[Math.floor(at / 3)]!),
    };
    const grey: RgbImage = {
      ...hr,
      data: Uint8Array.from(hr.data, (_, at) => Math.round(plane.data[Math.floor(at / 3)]!)),
    };
    const found = recogniseKernel(grey, lr, 4, measureShift(luma(grey), luma(lr), 4));
    assert.equal(found.kernel, 'bicubic');
    assert.equal(found.exact, false);
    assert.ok(found.psnr! > 45, String(found.psnr));
  });
});

describe('the kernel of LR', () => {
  const hr = deadLeaves(240, 180, 2);

  it('is recognised with its convention, where it is one of imresize’s', () => {
    for (const kernel of ['bicubic', 'bilinear', 'box', 'lanczos2', 'lanczos3'] as const) {
      for (const convention of ['double', 'uint8-symmetric', 'uint8-clamped'] as const) {
        const lr = imresize(hr, 1 / 3, { kernel, convention });
        const found = recogniseKernel(hr, lr, 3, [0, 0]);
        assert.deepEqual([found.kernel, found.exact, found.psnr], [kernel, true, null]);
        // Short kernels do not reach far enough over the border for conventions to differ.
        assert.deepEqual(imresize(hr, 1 / 3, { kernel, convention: found.convention! }), lr);
        if (kernel === 'bicubic') assert.equal(found.convention, convention);
      }
    }
    const plain = imresize(hr, 0.25, { kernel: 'bicubic', antialias: false, convention: 'double' });
    assert.equal(recogniseKernel(hr, plain, 4, [0, 0]).kernel, 'bicubic-no-antialias');
  });

  it('is recognised where it is Pillow’s, or none at all', () => {
    const pillow = pillowResize(hr, 60, 45, 'lanczos');
    assert.deepEqual(recogniseKernel(hr, pillow, 4, [0, 0]), {
      kernel: 'pillow-lanczos',
      exact: true,
      psnr: null,
    });
    const kept = createImage(60, 45);
    for (let at = 0; at < 60 * 45; at++) {
      const from = (4 * Math.floor(at / 60) * 240 + 4 * (at % 60)) * 3;
      kept.data.set(hr.data.subarray(from, from + 3), 3 * at);
    }
    const found = recogniseKernel(hr, kept, 4, measureShift(luma(hr), luma(kept), 4));
    assert.deepEqual(found, { kernel: 'decimation', exact: true, psnr: null });
  });
});
