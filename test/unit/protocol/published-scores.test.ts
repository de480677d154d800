import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { benchmarkNames, publishedScores, recogniseBenchmark } from '../../../src/protocol/published-scores';

describe('published figures', () => {
  it('stand under the protocol that they were measured with, at ×4 only', () => {
    const [set5] = benchmarkNames;
    const bicubic = (protocol: string): number | undefined =>
      publishedScores(set5, protocol, 4).find(({ method }) => method === 'bicubic')?.ssim;
    assert.deepEqual([bicubic('srgan'), bicubic('y'), bicubic('rgb')], [0.8211, 0.8104, undefined]);
    assert.deepEqual(publishedScores(set5, 'y', 2), []);
    for (const name of benchmarkNames) {
      for (const { psnr, ssim, source } of publishedScores(name, 'srgan', 4)) {
        assert.ok(psnr > 20 && psnr < 40 && ssim > 0.6 && ssim < 1 && /\d{4}/.test(source));
      }
    }
  });

  it('belong to a benchmark only where the names of all its images are there', () => {
    const set5 = ['baby', 'bird', 'butterfly', 'head', 'woman'];
    assert.equal(recogniseBenchmark(set5), 'Set5');
    assert.equal(recogniseBenchmark(set5.map((name) => `${name.toUpperCase()}_GT`)), 'Set5');
    assert.equal(recogniseBenchmark(set5.map((name) => `${name}x4`)), 'Set5');
    assert.equal(recogniseBenchmark(set5.slice(1)), null);
    assert.equal(recogniseBenchmark([...set5, 'cat']), null);
    const numbered = (count: number): string[] =>
      Array.from({ length: count }, (_, index) => `img_${String(index + 1).padStart(3, '0')}_SRF_4_HR`);
    assert.equal(recogniseBenchmark(numbered(14)), 'Set14');
    assert.equal(recogniseBenchmark(numbered(6)), null);
    assert.equal(
      recogniseBenchmark(Array.from({ length: 100 }, (_, index) => String(100_007 + index))),
      'BSD100',
    );
    assert.equal(recogniseBenchmark([]), null);
  });
});
