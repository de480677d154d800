import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { computeContributions, type AxisResizing } from '../../../src/imaging/contributions';
import { imresizeSamples } from '../../../src/imaging/imresize';
import { kernels } from '../../../src/imaging/kernels';
import { openResamplingKernels, type ResamplingKernels } from '../../../src/imaging/resampling-kernels';
import { plainResamplingKernels } from '../../../src/imaging/resampling-passes';
import { lehmer } from '../../support/lehmer';

const [width, height] = [37, 23];

function axis(inputLength: number, scale: number): AxisResizing {
  const outputLength = Math.ceil(inputLength * scale);
  return { inputLength, outputLength, scale, kernel: kernels.bicubic, antialias: true, border: 'symmetric' };
}

/** Every row of both passes, of an image of random numbers from −50 to 300. */
function runPasses(
  passes: ResamplingKernels,
  plan: { columns: ReturnType<typeof computeContributions>; rows: ReturnType<typeof computeContributions> },
  channels: number,
  peak: number | undefined,
): number[] {
  const random = lehmer(channels);
  const input = Array.from({ length: height }, () => {
    const row = passes.row(width * channels);
    for (let i = 0; i < row.length; i++) row[i] = random(350_000) / 1000 - 50;
    return row;
  });
  const between = passes.row(width * channels);
  const output = passes.row((plan.columns.starts.length - 1) * channels);
  return Array.from({ length: plan.rows.starts.length - 1 }, (_, y) => {
    passes.combineRows(plan.rows, y, (index) => input[index]!, between, peak);
    passes.combineColumns(between, output);
    return [...between, ...output];
  }).flat();
}

describe('resampling in WebAssembly', () => {
  for (const channels of [1, 2, 3, 4]) {
    it(`gives the bits of the plain loops, ${channels} channels`, () => {
      for (const scale of [1 / 4, 0.7, 1, 3.1]) {
        const plan = {
          columns: computeContributions(axis(width, scale)),
          rows: computeContributions(axis(height, scale)),
        };
        for (const peak of [undefined, 255, 65535]) {
          const fast = openResamplingKernels(plan, channels, 40 * width * channels);
          assert.ok(fast !== undefined);
          const expected = runPasses(plainResamplingKernels(plan, channels), plan, channels, peak);
          assert.deepEqual(runPasses(fast, plan, channels, peak), expected, `×${scale}, peak ${peak}`);
        }
      }
    });
  }

  it('divides every whole sample by the largest one as a division does', () => {
    const plan = { columns: computeContributions(axis(4, 1)), rows: computeContributions(axis(4, 1)) };
    for (const peak of [255, 65535] as const) {
      const passes = openResamplingKernels(plan, 1, 2 ** 17);
      assert.ok(passes !== undefined);
      const row = passes.row(peak + 1);
      for (let sample = 0; sample <= peak; sample++) row[sample] = sample;
      passes.divide(row, peak);
      assert.ok(row.every((value, sample) => value === sample / peak));
    }
  });

  it('leaves many channels and huge images to the plain loops', () => {
    const plan = { columns: computeContributions(axis(4, 1)), rows: computeContributions(axis(4, 1)) };
    assert.equal(openResamplingKernels(plan, 5, 100), undefined);
    assert.equal(openResamplingKernels(plan, 3, 2 ** 28), undefined);
    const five = { width: 3, height: 2, channels: 5, data: Uint8Array.from({ length: 30 }, (_, i) => 8 * i) };
    assert.deepEqual(imresizeSamples(five, 1), five);
  });

  it('takes images of any size after each other', () => {
    const flat = (side: number) => ({
      width: side,
      height: 3,
      channels: 3,
      data: new Uint8Array(9 * side).fill(99),
    });
    for (const side of [5, 100_000, 7]) {
      const { data } = imresizeSamples(flat(side), { width: 11, height: 2 });
      assert.ok(data.every((value) => value === 99));
    }
  });
});
