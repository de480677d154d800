/** What is sampled during training, what is measured of it, and how its pictures keep to their budget. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataset } from '../../../src/datasets/create';
import { readImage, writePng } from '../../../src/datasets/images';
import { readDataset } from '../../../src/folders/dataset-folder';
import { listSamples } from '../../../src/folders/sample-pictures';
import { luma } from '../../../src/imaging/colour';
import { cropImage } from '../../../src/imaging/image';
import { niqe } from '../../../src/imaging/niqe/niqe';
import { meanSpectrum, varianceAbove } from '../../../src/imaging/spectrum/band-spectrum';
import type { Dataset } from '../../../src/protocol/dataset-file';
import type { ValidationLine } from '../../../src/protocol/metrics';
import { niqeModelSchema } from '../../../src/protocol/niqe-model';
import { runConfigurationSchema, type RunConfiguration } from '../../../src/protocol/run-configuration';
import { countValidations, estimateSamples, stepsToDrop } from '../../../src/training/run/sample-budget';
import { openValidator } from '../../../src/training/run/validation';
import { presetConfiguration } from '../../support/configurations';
import { drawPicture, makeMicroRun } from '../../support/micro-run';
import { makeImage } from '../../support/pictures';
import { temporaryFolders } from '../../support/temporary-folder';
import { courseOf, metricsOf, trainHere } from '../../support/train-here';

function validationsOf(run: string): ValidationLine[] {
  return metricsOf(run).filter((line) => line.kind === 'validation');
}

const cropLines = (run: string): ValidationLine[] =>
  validationsOf(run).filter(({ extent }) => extent === 'crop');

/** Of all pictures of a run. */
function bytesOf(run: string): number {
  return readdirSync(join(run, 'samples'), { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(run, 'samples', name)))
    .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
}

describe('run: samples', function () {
  this.timeout(120_000);
  const temporary = temporaryFolders();

  /** Five pictures of 384×384 at ×4, one held out; the same for all tests, which only add `niqe.json` to it. */
  let dataset = '';
  let data: Dataset;
  let held = '';
  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'srgan-lab-test-'));
    const photos = join(folder, 'photos');
    mkdirSync(photos);
    for (let seed = 0; seed < 8; seed++) {
      const noise = makeImage(384, 384, seed + 1);
      const drawn = drawPicture(384, 384, seed % 5);
      const mixed = drawn.data.map((value, at) => (2 * value + noise.data[at]!) / 3);
      await writePng(join(photos, `picture-${seed}.png`), { ...drawn, data: mixed });
    }
    dataset = join(folder, 'data');
    await createDataset({
      folder: dataset,
      from: [photos],
      scale: 4,
      validation: { share: 0.125 },
      workers: 1,
    });
    data = await readDataset(dataset);
    held = data.images.find(({ split }) => split === 'validation')!.name;
  });
  after(() => {
    rmSync(join(dataset, '..'), { recursive: true, force: true });
  });

  const newRun = async (...overrides: string[]): Promise<string> => {
    const folder = temporary();
    await makeMicroRun(folder, dataset, overrides);
    return join(folder, 'run');
  };
  const withSamples = (samples: unknown): RunConfiguration => {
    const configuration = presetConfiguration('quick');
    return runConfigurationSchema.parse({
      ...configuration,
      validation: { ...configuration.validation, samples },
    });
  };

  it('are the chosen images and crops, on the LR grid, scored and kept under their names', async () => {
    const samples = [
      { image: held },
      { image: held, name: 'corner', crop: { left: 5, top: 0, width: 60, height: 41 } },
    ];
    const run = await newRun(`validation.samples=${JSON.stringify(samples)}`, 'validation.crop=64');
    await trainHere(run);
    const [line] = cropLines(run);
    assert.deepEqual(line!.images.map(({ name }) => name).sort(), ['corner', held].sort());
    const kept = await listSamples(run);
    assert.deepEqual(kept.map(({ name }) => name).sort(), ['corner', held].sort());
    const corner = kept.find(({ name }) => name === 'corner')!;
    assert.equal(corner.sr.length, 4);
    const whole = await readImage(join(dataset, 'hr', `${held}.png`));
    assert.deepEqual(await readImage(corner.hr), cropImage(whole, 4, 0, 64, 44));
  });

  it('are refused in words where they name what is not there', async () => {
    const refused = (samples: unknown, message: RegExp): Promise<void> =>
      assert.rejects(openValidator(dataset, withSamples(samples)), { name: 'LabError', message });
    await refused([{ image: 'nothing' }], /names the image nothing, which is not among/);
    const train = data.images.find(({ split }) => split === 'train')!.name;
    await refused([{ image: train }], /not among the images that can be validated on/);
    const outside = { left: 300, top: 0, width: 100, height: 100 };
    await refused(
      [{ image: held, crop: outside }],
      /100×100 at \(300, 0\).*leaves the image, which has 384×384/,
    );
    await refused([{ image: held, crop: { ...outside, left: 0, width: 8 } }], /too small to be scored/);
    assert.throws(() => withSamples([{ image: held }, { image: held }]), /need a `name` each/);
    assert.throws(() => withSamples([{ image: held, name: '../escape' }]), /plain file name/);
  });

  it('are written anew where the references are of another crop', async () => {
    const run = await newRun();
    await trainHere(run);
    const file = join(run, 'run.srgan.json');
    const reference = (await listSamples(run))[0]!.hr;
    const before = readFileSync(reference);
    const { mtimeMs } = statSync(reference);
    const more = readFileSync(file, 'utf8').replace('"steps": 4', '"steps": 6');
    writeFileSync(file, more);
    await trainHere(run);
    assert.equal(statSync(reference).mtimeMs, mtimeMs);
    writeFileSync(file, more.replace('"steps": 6', '"steps": 8').replace('"crop": 32', '"crop": 64'));
    await trainHere(run);
    assert.notDeepEqual(readFileSync(reference), before);
    assert.equal((await readImage(reference)).width, 64);
  });

  it('are measured by NIQE and spectrum, the same whether the run was stopped or not', async () => {
    const overrides = ['validation.crop=384'];
    const straight = await newRun(...overrides);
    await trainHere(straight);
    const model = niqeModelSchema.parse(JSON.parse(readFileSync(join(dataset, 'niqe.json'), 'utf8')));
    assert.equal(model.contents, data.contents.sha256);
    assert.equal(model.images, 7);

    const pristine = { mean: Float64Array.from(model.mean), covariance: Float64Array.from(model.covariance) };
    const [sample] = await listSamples(straight);
    const [hr, bicubic, last] = await Promise.all(
      [sample!.hr, sample!.bicubic, sample!.sr.at(-1)!.path].map(readImage),
    );
    const line = cropLines(straight).at(-1)!;
    const expected = [last!, bicubic!, hr!].map((image) => Number(niqe(image, pristine)!.toFixed(4)));
    assert.deepEqual([line.niqe!.model, line.niqe!.bicubic, line.niqe!.hr], expected);
    assert.deepEqual(line.images[0]!.niqe, line.niqe);
    assert.ok(line.niqe!.hr < line.niqe!.bicubic);
    const { spectrum } = line;
    const [ofHr, ofSr] = [hr!, last!].map((image) => meanSpectrum([luma(image)])) as [
      ReturnType<typeof meanSpectrum>,
      ReturnType<typeof meanSpectrum>,
    ];
    assert.equal(spectrum!.frequencies.length, 64);
    assert.equal(spectrum!.hr.length, 64);
    const share = varianceAbove(ofSr, 0.25) / varianceAbove(ofHr, 0.25);
    assert.equal(spectrum!.fineDetail.model, Number(share.toFixed(4)));
    assert.ok(spectrum!.fineDetail.bicubic! < 0.2);
    assert.ok(
      validationsOf(straight).every(
        ({ extent, niqe: score }) => (extent === 'crop') === (score !== undefined),
      ),
    );

    const stopped = await newRun(...overrides);
    let stops = 0;
    const ending = await trainHere(stopped, (message, stop) => {
      if (message.startsWith('Validation (crop) at step 4') && stops++ === 0) stop();
    });
    assert.equal(ending.phase, 'stopped');
    await trainHere(stopped);
    assert.deepEqual(courseOf(stopped), courseOf(straight));
  });

  it('can be stopped while the pristine model is measured, and go on afterwards', async () => {
    rmSync(join(dataset, 'niqe.json'), { force: true });
    const configuration = { ...presetConfiguration('quick'), validation: { every: 4, images: 1, crop: 192 } };
    const stop = new AbortController();
    const validator = await openValidator(dataset, configuration);
    const progress = {
      signal: stop.signal,
      tell: (message: string) => {
        if (message.includes('image 3 of 7')) stop.abort(new Error('stopped'));
      },
      log: () => undefined,
    };
    await assert.rejects(validator.prepare(progress), /stopped/);
    assert.ok(!existsSync(join(dataset, 'niqe.json')));
    writeFileSync(join(dataset, 'niqe.json'), '{ "format": 1, "damaged');
    const told: string[] = [];
    const log = (message: string): void => void told.push(message);
    assert.deepEqual(await validator.prepare({ signal: AbortSignal.timeout(60_000), tell: log, log }), []);
    assert.match(told.at(-1)!, /NIQE compares with \d+ sharp blocks of 7 HR training images/);
    niqeModelSchema.parse(JSON.parse(readFileSync(join(dataset, 'niqe.json'), 'utf8')));
  });

  it('keep to their budget: steps are given up evenly, and a person is told', async () => {
    const free = await newRun('validation.every=1', 'validation.crop=64');
    await trainHere(free);
    const budget = bytesOf(free) / 2 ** 20 / 2;
    const run = await newRun('validation.every=1', 'validation.crop=64', `validation.sampleBudget=${budget}`);
    const log: string[] = [];
    await trainHere(run, (message) => log.push(message));
    const [sample] = await listSamples(run);
    const steps = sample!.sr.map(({ step }) => step);
    assert.ok(bytesOf(run) <= budget * 2 ** 20);
    assert.ok(steps.length >= 4 && steps.length < 13, steps.join());
    for (const always of [0, 8, 12]) assert.ok(steps.includes(always), steps.join());
    const warnings = metricsOf(run).filter((line) => line.kind === 'event' && line.event === 'warning');
    assert.equal(warnings.length, 1);
    assert.match(JSON.stringify(warnings[0]), /have reached their budget.*validation\.sampleBudget/);
    assert.ok(log.some((message) => message.startsWith('Pictures given up for the budget: those of step ')));
    // Training knows nothing of it.
    assert.deepEqual(courseOf(run), courseOf(free));
  });

  it('are estimated before the start from the sizes of the HR files', async () => {
    const run = await newRun('validation.every=1', 'validation.crop=384');
    const configuration = runConfigurationSchema.parse(
      JSON.parse(readFileSync(join(run, 'run.srgan.json'), 'utf8')),
    );
    const estimate = await estimateSamples(configuration, dataset, data);
    assert.equal(estimate.validations, 13);
    assert.match(estimate.message, /^Disk: pictures of 13 validations take about \d+ MB\.$/);
    await trainHere(run);
    const ratio = bytesOf(run) / estimate.bytes;
    assert.ok(ratio > 0.4 && ratio < 1.2, `${ratio}`);
    const tight = {
      ...configuration,
      validation: { ...configuration.validation, sampleBudget: estimate.bytes / 2 ** 22 },
    };
    const { message } = await estimateSamples(tight, dataset, data);
    assert.match(message, /sampleBudget keeps them to \d+ MB: about one in 4 stays, evenly spread/);
  });

  it('are counted at the start, regularly and at the ends of stages', () => {
    const configuration = presetConfiguration('quick');
    const stages = configuration.stages.map((stage, index) => ({
      ...stage,
      steps: index === 0 ? 1050 : 150,
    }));
    assert.equal(countValidations({ ...configuration, stages }), 1 + 6 + 1);
  });

  it('are given up where they lie closest together, never the first, the newest or a fixed one', () => {
    const steps = Array.from({ length: 9 }, (_, at) => ({ step: at * 100, bytes: 10 }));
    assert.deepEqual(stepsToDrop(steps, new Set(), 90, 0), []);
    assert.deepEqual(stepsToDrop(steps, new Set(), 50, 0), [100, 300, 500, 700]);
    assert.deepEqual(stepsToDrop(steps, new Set([100]), 50, 0), [200, 400, 600, 700]);
    assert.deepEqual(stepsToDrop(steps, new Set([300]), 1, 0).sort(), [100, 200, 400, 500, 600, 700]);
    // One by one as a run grows: what stays is spread evenly at any time, within a factor of two.
    let kept: { step: number; bytes: number }[] = [];
    for (let step = 0; step <= 20_000; step += 100) {
      kept.push({ step, bytes: 1 });
      const dropped = stepsToDrop(kept, new Set(), 24, 0);
      kept = kept.filter((each) => !dropped.includes(each.step));
      assert.ok(kept.length <= 24);
    }
    const gaps = kept.slice(1).map(({ step }, at) => step - kept[at]!.step);
    assert.ok(Math.max(...gaps.slice(0, -1)) <= 2 * Math.min(...gaps.slice(0, -1)), gaps.join());
  });
});
