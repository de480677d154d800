import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { z } from 'zod';
import { drawOperations, type Operation } from '../../../../src/imaging/degradation/draw';
import { stageSchema, type Stage } from '../../../../src/protocol/degradation';
import { presetStages } from '../../../../src/protocol/degradation-presets';

function stages(...given: z.input<typeof stageSchema>[]): Stage[] {
  return z.array(stageSchema).parse(given);
}

/** What the stages draw for many images. */
function drawMany(given: Stage[], count = 2000): Operation[][] {
  return Array.from({ length: count }, (_, image) => drawOperations(given, { seed: 1, image }));
}

function only<Type extends Operation['type']>(
  operations: Operation[][],
  type: Type,
): Extract<Operation, { type: Type }>[] {
  return operations
    .flat()
    .filter((operation): operation is Extract<Operation, { type: Type }> => operation.type === type);
}

/** Within six standard deviations of a share. */
function assertShare(found: number, of: number, share: number): void {
  const error = 6 * Math.sqrt((share * (1 - share)) / of);
  assert.ok(Math.abs(found / of - share) < error, `${found} of ${of} instead of a share of ${share}`);
}

describe('drawing what happens to an image', () => {
  it('keeps to the ranges, and reaches both ends of those of whole numbers', () => {
    const drawn = drawMany(
      stages(
        { type: 'blur', isotropic: false, size: [3, 9], sigma: [0.5, 2], rotation: [10, 20] },
        { type: 'jpeg', quality: [60, 62] },
      ),
    );
    const blurs = only(drawn, 'blur');
    assert.deepEqual([...new Set(blurs.map(({ size }) => size))].sort(), [3, 5, 7, 9]);
    for (const { sigmaX, sigmaY, rotation } of blurs) {
      for (const sigma of [sigmaX, sigmaY]) assert.ok(sigma >= 0.5 && sigma <= 2);
      assert.ok(rotation >= 10 && rotation <= 20);
      assert.notEqual(sigmaX, sigmaY);
    }
    assert.deepEqual([...new Set(only(drawn, 'jpeg').map(({ quality }) => quality))].sort(), [60, 61, 62]);
  });

  it('an isotropic blur has one sigma, and a fixed range one value', () => {
    for (const { sigmaX, sigmaY, size } of only(
      drawMany(stages({ type: 'blur', sigma: [1.6, 1.6], size: [7, 7] }), 20),
      'blur',
    )) {
      assert.deepEqual([sigmaX, sigmaY, size], [1.6, 1.6, 7]);
    }
  });

  it('applies a stage with its probability, and chooses by weight', () => {
    const drawn = drawMany(
      stages(
        { type: 'gaussian-noise', sigma: [1, 2], probability: 0.3, greyShare: 0.4 },
        {
          type: 'choose',
          options: [
            { weight: 3, stages: [{ type: 'jpeg', quality: [50, 50] }] },
            { weight: 1, stages: [] },
          ],
        },
      ),
    );
    const noises = only(drawn, 'gaussian-noise');
    assertShare(noises.length, 2000, 0.3);
    assertShare(noises.filter(({ grey }) => grey).length, noises.length, 0.4);
    assertShare(only(drawn, 'jpeg').length, 2000, 0.75);
  });

  it('draws an exponent as often below 1 as above, where 1 is in the range', () => {
    const drawn = drawMany(stages({ type: 'blur', shape: 'plateau', sigma: [1, 1], beta: [0.5, 4] }));
    const betas = only(drawn, 'blur').map(({ beta }) => beta);
    assertShare(betas.filter((beta) => beta < 1).length, 2000, 0.5);
    assert.ok(betas.every((beta) => beta >= 0.5 && beta <= 4));
    assert.ok(betas.some((beta) => beta > 3.5));
  });

  it('`area` is the antialiased box', () => {
    const drawn = drawMany(
      stages({ type: 'resize', factor: [0.5, 1], kernels: ['area', 'bicubic'], antialias: false }),
      50,
    );
    const resizings = only(drawn, 'resize').map(({ kernel, antialias }) => `${kernel} ${antialias}`);
    assert.deepEqual([...new Set(resizings)].sort(), ['bicubic false', 'box true']);
  });

  it('depends on seed and image alone, and a stage more changes nothing before it', () => {
    const chain = presetStages('real-esrgan');
    const draw = (given: Stage[], seed: number, image: number): Operation[] =>
      drawOperations(given, { seed, image });
    assert.deepEqual(draw(chain, 4, 9), draw(chain, 4, 9));
    assert.notDeepEqual(draw(chain, 4, 9), draw(chain, 5, 9));
    assert.notDeepEqual(draw(chain, 4, 9), draw(chain, 4, 10));
    const shorter = draw(chain.slice(0, 4), 4, 9);
    assert.deepEqual(draw(chain, 4, 9).slice(0, shorter.length), shorter);
  });

  it('Real-ESRGAN’s preset has the shares that were published', () => {
    const count = 4000;
    const drawn = drawMany(presetStages('real-esrgan'), count);
    const first = drawn.map(([operation]) => operation!);
    assertShare(first.filter(({ type }) => type === 'sinc').length, count, 0.1);
    const isotropicGaussian = only([first], 'blur').filter(
      ({ shape, sigmaX, sigmaY }) => shape === 'gaussian' && sigmaX === sigmaY,
    );
    assertShare(isotropicGaussian.length, count, 0.9 * 0.45);
    const firstResize = only(
      drawn.map((operations) => [operations[1]!]),
      'resize',
    );
    assert.equal(firstResize.length, count);
    assertShare(firstResize.filter(({ factor }) => factor > 1).length, count, 0.2);
    assertShare(firstResize.filter(({ factor }) => factor < 1).length, count, 0.7);
    assert.ok(firstResize.every(({ factor }) => factor >= 0.15 && factor <= 1.5));
    for (const operations of drawn) {
      assert.equal(only([operations], 'jpeg').length, 2);
      const last = operations.findLast(({ type }) => type === 'resize');
      assert.deepEqual(last?.type === 'resize' && [last.of, last.factor], ['lr', 1]);
    }
    assertShare(drawn.filter((operations) => operations.at(-1)!.type === 'jpeg').length, count, 0.5);
  });
});
