import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Raster } from '../../../src/imaging/image';
import { conventions, imresizeReal, imresizeSamples, type ResizeTarget } from '../../../src/imaging/imresize';
import { kernelNames } from '../../../src/imaging/kernels';
import { resamplePlane } from '../../support/imresize-reference';
import { lehmer } from '../../support/lehmer';

/** Rows of one channel. */
function plane({ width, height, channels, data }: Raster<ArrayLike<number>>, channel: number): number[][] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => data[(y * width + x) * channels + channel]!),
  );
}

/** The factors that MATLAB derives from a target. */
function factors(image: { width: number; height: number }, target: ResizeTarget): { x: number; y: number } {
  if (typeof target === 'number') return { x: target, y: target };
  const x = 'width' in target ? target.width / image.width : target.height / image.height;
  return { x, y: 'height' in target ? target.height / image.height : x };
}

const factorsTried = [1 / 2, 1 / 3, 2 / 3, 3 / 4, 0.9, 1.1, 4 / 3, 2, 3.7, 1 / 7];

/** Images from 1×1 up, of 1 to 4 channels, with a target each: a factor, a size, or one side. */
function* trials(
  seed: number,
  count: number,
): Generator<{ image: Raster<Uint16Array>; target: ResizeTarget }> {
  const random = lehmer(seed);
  for (let trial = 0; trial < count; trial++) {
    const [width, height, channels] = [1 + random(23), 1 + random(23), 1 + random(4)];
    const data = Uint16Array.from({ length: width * height * channels }, () => random(65536));
    const targets: ResizeTarget[] = [
      factorsTried[random(factorsTried.length)]!,
      { width: 1 + random(40), height: 1 + random(40) },
      trial % 2 === 0 ? { width: 1 + random(40) } : { height: 1 + random(40) },
    ];
    yield { image: { width, height, channels, data }, target: targets[trial % 3]! };
  }
}

function describeTrial({ width, height, channels }: Raster<unknown>, target: ResizeTarget): string {
  return `${width}×${height}×${channels} to ${JSON.stringify(target)}`;
}

/** Whether the last bit of a sum decides how it is rounded; the definition and the real one may differ there. */
function isHalfWay(value: number): boolean {
  return Math.abs(value - Math.floor(value) - 0.5) < 1e-7;
}

describe('imresize against its definition', () => {
  for (const kernel of kernelNames) {
    for (const antialias of [true, false]) {
      it(`${kernel}, ${antialias ? 'antialiased' : 'not antialiased'}: real numbers, any size and scale`, () => {
        for (const { image, target } of trials(kernel.length + Number(antialias), 60)) {
          const real = { ...image, data: Float64Array.from(image.data, (value) => value / 65535) };
          const actual = imresizeReal(real, target, { kernel, antialias });
          for (let channel = 0; channel < image.channels; channel++) {
            const expected = resamplePlane(plane(real, channel), actual, factors(image, target), {
              kernel,
              antialias,
              border: 'symmetric',
            }).flat();
            for (const [i, value] of plane(actual, channel).flat().entries()) {
              assert.ok(Math.abs(value - expected[i]!) < 1e-11, describeTrial(image, target));
            }
          }
        }
      });
    }
  }

  for (const convention of conventions) {
    for (const bits of [8, 16]) {
      it(`${convention}, ${bits} bits: each pass rounds to the nearest`, () => {
        const peak = 2 ** bits - 1;
        const round = (value: number): number => Math.min(peak, Math.max(0, Math.floor(value + 0.5)));
        let compared = 0;
        for (const { image, target } of trials(bits, 60)) {
          const samples =
            bits === 8 ? { ...image, data: Uint8Array.from(image.data, (value) => value >> 8) } : image;
          // Every combination of kernel and antialiasing comes round.
          const kernel = kernelNames[image.width % kernelNames.length]!;
          const antialias = image.height % 2 === 0;
          const actual = imresizeSamples<Uint8Array | Uint16Array>(samples, target, {
            kernel,
            antialias,
            convention,
          });
          const border = convention === 'uint8-clamped' ? 'clamped' : 'symmetric';
          const scale = factors(image, target);
          for (let channel = 0; channel < image.channels; channel++) {
            let rows = plane(samples, channel);
            let undecided = false;
            for (const pass of scale.y <= scale.x ? ['y', 'x'] : ['x', 'y']) {
              const [width, height] =
                pass === 'x' ? [actual.width, rows.length] : [rows[0]!.length, actual.height];
              const factor = pass === 'x' ? { x: scale.x, y: 1 } : { x: 1, y: scale.y };
              rows = resamplePlane(rows, { width, height }, factor, { kernel, antialias, border });
              if (convention === 'double') continue;
              undecided ||= rows.flat().some(isHalfWay);
              rows = rows.map((row) => row.map(round));
            }
            undecided ||= rows.flat().some(isHalfWay);
            if (undecided) continue;
            compared++;
            const expected = rows.flat().map(round);
            assert.deepEqual(plane(actual, channel).flat(), expected, describeTrial(image, target));
          }
        }
        assert.ok(compared > 40, `${compared} planes were compared`);
      });
    }
  }
});
