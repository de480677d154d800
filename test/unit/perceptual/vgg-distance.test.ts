/**
 * The feature distance on ImageNet's VGG19: against PyTorch, in windows against whole, and as a measure of what is done to a
 * photograph. Needs the weights of `shared/data`; what needs none is tested on a VGG19 of drawn numbers.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readImage } from '../../../src/datasets/images';
import { addGaussianNoise } from '../../../src/imaging/degradation/noise';
import { gaussianKernel } from '../../../src/imaging/degradation/blur-kernel';
import { filterImage } from '../../../src/imaging/degradation/filter';
import { toBytes, toFloat } from '../../../src/imaging/degradation/float-image';
import { cropImage, type RgbImage } from '../../../src/imaging/image';
import { randomStream } from '../../../src/random/random-stream';
import type { Engine } from '../../../src/training/engines/engine';
import { openEngine } from '../../../src/training/engines/open-engine';
import { NativeEngine } from '../../../src/training/engines/native/native-engine';
import { contentNetwork } from '../../../src/training/networks/content';
import { initialise } from '../../../src/training/networks/initialise';
import { loadVggFeatures, type VggFeatures } from '../../../src/training/perceptual/load-vgg';
import { openVggDistance, type VggDistanceOptions } from '../../../src/training/perceptual/vgg-distance';
import { drawPicture, makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { peersFolder, realPyTorch } from '../../support/pytorch';
import { sharedData } from '../../support/shared-data';
import { temporaryFolders } from '../../support/temporary-folder';
import { realTensorFlow } from '../engines-native/support/real-tensorflow';

const run = promisify(execFile);

function blurred(image: RgbImage, sigma: number): RgbImage {
  const kernel = gaussianKernel({
    shape: 'gaussian',
    size: 21,
    sigmaX: sigma,
    sigmaY: sigma,
    rotation: 0,
    beta: 1,
  });
  return toBytes(filterImage(toFloat(image), kernel));
}

function noisy(image: RgbImage, sigma: number): RgbImage {
  return toBytes(
    addGaussianNoise(toFloat(image), sigma, { grey: false, random: randomStream(1, 'vgg distance') }),
  );
}

/** As deep as the parts of VGG19 that runs compare, with drawn weights. */
function drawnVgg(): VggFeatures {
  const network = contentNetwork({ network: 'random-vgg', layer: 'conv3_4', width: 0.125, seed: 3 });
  return {
    model: 'drawn',
    layers: ['conv1_2', 'conv2_2', 'conv3_4'],
    network,
    weights: initialise(network, 3),
  };
}

async function distance(
  engine: Engine,
  vgg: VggFeatures,
  [a, b]: readonly [RgbImage, RgbImage],
  options: VggDistanceOptions = {},
): Promise<number | null> {
  const measure = await openVggDistance(engine, vgg, options);
  try {
    return await measure.between(a, b);
  } finally {
    measure.dispose();
  }
}

describe('feature distance', function () {
  this.timeout(240_000);
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();
  let engine: Engine;
  before(async () => {
    engine = await openEngine('embedded');
  });
  after(() => engine.dispose());

  it('is the same in windows as whole, at odd sizes, too', async () => {
    for (const [width, height] of [
      [150, 131],
      [97, 203],
    ] as const) {
      const a = drawPicture(width, height, 2);
      const pair = [a, noisy(a, 12)] as const;
      const whole = await distance(engine, drawnVgg(), pair);
      const inWindows = await distance(engine, drawnVgg(), pair, { window: 84 });
      assert.ok(Math.abs(whole! - inWindows!) < 1e-6, `${whole} whole, ${inWindows} in windows`);
      assert.ok(whole! > 1e-3, `${whole}`);
    }
  });

  it('is 0 for equal pictures and the same either way round, also where HR’s features are kept', async () => {
    const measure = await openVggDistance(engine, drawnVgg());
    try {
      const [a, b] = [drawPicture(90, 70, 1), drawPicture(90, 70, 4)];
      const there = await measure.between(a, b);
      assert.equal(await measure.between(b, a), there);
      assert.equal(await measure.between(a, b), there);
      assert.equal(await measure.between(b, b), 0);
      assert.equal(await measure.between(a, a), 0);
    } finally {
      measure.dispose();
    }
  });

  it('has none for pictures smaller than a pixel of the deepest layer, and refuses two sizes', async () => {
    const measure = await openVggDistance(engine, drawnVgg());
    try {
      assert.equal(await measure.between(drawPicture(3, 40, 1), drawPicture(3, 40, 2)), null);
      await assert.rejects(measure.between(drawPicture(30, 40, 1), drawPicture(40, 30, 1)), RangeError);
    } finally {
      measure.dispose();
    }
  });

  it('says what is no VGG19', async () => {
    const folder = temporary();
    await assert.rejects(loadVggFeatures(folder), { name: 'LabError', message: /no imported VGG19/ });
    await makeMicroRun(folder, microDataset());
    await assert.rejects(loadVggFeatures(join(folder, 'run')), { message: /has random weights/ });
  });

  it('takes the imported weights of a run, as deep as they reach', async function () {
    const weights = sharedData(this, 'vgg19-block1to3');
    const folder = temporary();
    await makeMicroRun(folder, microDataset(), [
      'content.network=vgg19',
      'content.width=1',
      `content.weights=${weights}`,
    ]);
    const { layers, model } = await loadVggFeatures(join(folder, 'run'));
    assert.deepEqual([layers, model], [['conv1_2', 'conv2_2', 'conv3_4'], weights]);
  });

  /** A part of a photograph, and what was done to it. */
  async function photograph(test: Mocha.Context): Promise<RgbImage> {
    return cropImage(await readImage(sharedData(test, 'kodak', 'kodim08.png')), 120, 140, 203, 170);
  }

  it('is what PyTorch computes in double precision from the same weights', async function () {
    const weights = sharedData(this, 'vgg19-block1to3');
    const hr = await photograph(this);
    const { python } = await realPyTorch(this);
    const vgg = await loadVggFeatures(weights);
    for (const sr of [blurred(hr, 1.5), noisy(hr, 10)]) {
      const folder = temporary();
      writeFileSync(join(folder, 'a.rgb'), sr.data);
      writeFileSync(join(folder, 'b.rgb'), hr.data);
      const { layers } = vgg;
      const { width, height } = hr;
      writeFileSync(join(folder, 'case.json'), JSON.stringify({ model: weights, layers, width, height }));
      const { stdout } = await run(python, [join(peersFolder, 'vgg_distance.py'), folder]);
      const expected = Number(stdout);
      const whole = await distance(engine, vgg, [sr, hr]);
      const inWindows = await distance(engine, vgg, [sr, hr], { window: 112 });
      assert.ok(expected > 0.05, stdout);
      assert.ok(Math.abs(whole! - expected) < 1e-6, `${whole}, in PyTorch ${expected}`);
      assert.ok(Math.abs(inWindows! - expected) < 1e-6, `${inWindows} in windows, in PyTorch ${expected}`);
    }
  });

  it('grows with blur and with noise', async function () {
    const vgg = await loadVggFeatures(sharedData(this, 'vgg19-block1to3'));
    const hr = await photograph(this);
    const measure = await openVggDistance(engine, vgg);
    try {
      for (const [what, strengths] of [
        [blurred, [0.5, 1, 2, 4]],
        [noisy, [2, 5, 10, 25, 50]],
      ] as const) {
        const distances: number[] = [];
        for (const strength of strengths) distances.push((await measure.between(what(hr, strength), hr))!);
        assert.deepEqual(
          distances,
          distances.toSorted((a, b) => a - b),
          what.name,
        );
        assert.equal(new Set(distances).size, strengths.length);
      }
    } finally {
      measure.dispose();
    }
  });

  it('is the same on TensorFlow', async function () {
    const library = await realTensorFlow(this);
    const native = new NativeEngine(library);
    try {
      const a = drawPicture(150, 131, 2);
      const pair = [a, blurred(a, 1)] as const;
      const expected = await distance(engine, drawnVgg(), pair);
      const actual = await distance(native, drawnVgg(), pair);
      assert.ok(Math.abs(actual! - expected!) < 1e-6, `${actual}, embedded ${expected}`);
    } finally {
      await native.dispose();
    }
  });
});
