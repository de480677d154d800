/** Tables of scores of pictures: what is there gets a column, and papers' figures stand below a benchmark. */
import assert from 'node:assert/strict';
import { metricsTable } from '../../../src/protocol/metrics-table';
import type { MetricsResult } from '../../../src/protocol/progress';

const names = ['baby', 'bird', 'butterfly', 'head', 'woman'];

function result(images: MetricsResult['images'], unmatched: string[] = []): MetricsResult {
  return { protocol: 'on Y', border: 4, images, mean: { psnr: 30, ssim: 0.9, msSsim: null }, unmatched };
}

describe('metrics table', () => {
  const set5 = names.map((name) => ({ name, psnr: 30, ssim: 0.9, msSsim: null }));
  const task = { protocol: 'y', scale: 4 };

  it('has the published figures below a benchmark whose scale is said', () => {
    assert.match(metricsTable(result(set5), task, 'markdown'), /Published for Set5[^]*\| EDSR +\| 32\.46/);
    assert.doesNotMatch(metricsTable(result(set5), { ...task, scale: undefined }, 'text'), /Published/);
    assert.doesNotMatch(metricsTable(result(set5, ['more.png']), task, 'text'), /Published/);
  });

  it('has columns of what was measured, and exact figures in CSV', () => {
    const images = [
      { name: 'a', psnr: null, ssim: 1, msSsim: null, vggDistance: 0 },
      { name: 'b, c', psnr: 1 / 3, ssim: 0.5, msSsim: null, vggDistance: 0.125 },
    ];
    assert.equal(
      metricsTable(result(images), task, 'csv'),
      'image,psnr,ssim,vgg-distance\na,inf,1,0\n"b, c",0.3333333333333333,0.5,0.125',
    );
    const text = metricsTable(result(images, ['left.png']), task, 'text');
    assert.match(text, /^a +equal +1\.0000 +0\.0000$/m);
    assert.match(text, /^mean of 2 +30\.0000/m);
    assert.match(text, /not counted: left\.png$/);
  });
});
