import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  divideByRole,
  matchNames,
  scaleInPath,
  type NameRules,
} from '../../../../src/datasets/pairs/match-names';

function matched(hr: readonly string[], lr: readonly string[], rules?: NameRules): string[] {
  return matchNames(hr, lr, rules).pairs.map((pair) => `${hr[pair.hr]} ${lr[pair.lr]}`);
}

describe('matching pairs by name', () => {
  it('knows the names that published data sets have', () => {
    for (const [hr, lr] of [
      ['0801.png', '0801.png'],
      ['0801.png', '0801.jpg'],
      ['0801.png', '0801x4.png'],
      ['0801.png', 'X4/0801x4.png'],
      ['DIV2K_train_HR/0801.png', 'DIV2K_train_LR_bicubic/X4/0801x4.png'],
      ['img_001_SRF_4_HR.png', 'img_001_SRF_4_LR.png'],
      ['HR/baby.png', 'LR_bicubic/X4/babyx4.png'],
      ['baby_GT.bmp', 'baby_LR_bicubic_x4.bmp'],
      ['train/hr/a.png', 'train/lr/a.png'],
      ['a b.png', 'a b-x4.png'],
      ['Été.png', 'Été_LR.png'],
      ['Canon/Train/4/cam_001_HR.png', 'Canon/Train/4/cam_001_LR4.png'],
    ] as const) {
      const known = !lr.includes('LR4');
      assert.deepEqual(matched([hr], [lr]), known ? [`${hr} ${lr}`] : [], lr);
    }
    assert.deepEqual(
      matched(['cam_001_HR.png'], ['cam_001_LR4.png'], { hrSuffix: '_HR', lrSuffix: '_LR4' }),
      ['cam_001_HR.png cam_001_LR4.png'],
    );
  });

  it('does not take a name apart that only looks like it', () => {
    assert.deepEqual(matched(['box2d.png', 'x4.png', 'matrix.png'], ['box2d.png', 'x4.png', 'matrix.png']), [
      'box2d.png box2d.png',
      'x4.png x4.png',
      'matrix.png matrix.png',
    ]);
  });

  it('keeps folders that mean something apart', () => {
    assert.deepEqual(matched(['cats/1.png', 'dogs/1.png'], ['x2/cats/1x2.png', 'x2/dogs/1x2.png']), [
      'cats/1.png x2/cats/1x2.png',
      'dogs/1.png x2/dogs/1x2.png',
    ]);
    assert.deepEqual(matched(['cats/1.png'], ['dogs/1.png']), []);
  });

  it('says why an image has no counterpart, and that a name is not enough', () => {
    const hr = ['a.png', 'b.png', 'c.png'];
    const lr = ['X2/bx2.png', 'X4/bx4.png', 'X4/dx4.png', 'X4/cx4.png'];
    const { pairs, unmatchedHr, unmatchedLr } = matchNames(hr, lr);
    assert.deepEqual(pairs, [{ hr: 2, lr: 3 }]);
    assert.match(unmatchedHr[0]!.reason, /No LR image/);
    assert.match(unmatchedHr[1]!.reason, /b\.png, X2\/bx2\.png, X4\/bx4\.png/);
    assert.deepEqual(
      unmatchedLr.map(({ index }) => index),
      [0, 1, 2],
    );
    assert.deepEqual(matched(hr, lr, { scale: 2 }), ['b.png X2/bx2.png']);
    assert.deepEqual(matched(hr, lr, { lrSuffix: 'x4' }), ['b.png X4/bx4.png', 'c.png X4/cx4.png']);
  });

  it('divides a folder that holds both', () => {
    const paths = [
      'a_HR.png',
      'a_LR.png',
      'b.png',
      'b_x4.png',
      'c/HR/1.png',
      'c/LR/1.png',
      'img_SRF_2_HR.png',
    ];
    assert.deepEqual(divideByRole(paths), { hr: [0, 2, 4, 6], lr: [1, 3, 5] });
  });

  it('reads the scale where a path tells one', () => {
    assert.equal(scaleInPath('X4/0801x4.png'), 4);
    assert.equal(scaleInPath('img_001_SRF_2_LR.png'), 2);
    assert.equal(scaleInPath('x2/ax4.png'), undefined);
    assert.equal(scaleInPath('box2d.png'), undefined);
  });
});
