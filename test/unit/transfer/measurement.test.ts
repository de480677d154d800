/** Whole measurements on a real run of the smallest size: every method, files that fit their schemas, going on, refusals. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readJson } from '../../../src/folders/read-json';
import {
  curveResultSchema,
  fineTuningResultSchema,
  fineTuningSchema,
  probeResultSchema,
  transferDataSchema,
  type TransferConfiguration,
} from '../../../src/protocol/transfer';
import { loadClassifier } from '../../../src/training/models/load-classifier';
import {
  openMeasurement,
  runCurve,
  runFineTuning,
  runProbe,
} from '../../../src/training/transfer/measurement';
import { makeLabelledPictures } from '../../support/labelled-pictures';
import { makeMicroRun, sharedMicroDataset } from '../../support/micro-run';
import { temporaryFolders } from '../../support/temporary-folder';
import { trainHere } from '../../support/train-here';

async function makeImages(folder: string): Promise<string> {
  const images = join(folder, 'images');
  await makeLabelledPictures(images, ['dark', 'grey', 'light']);
  return images;
}

describe('a transfer measurement', function () {
  this.timeout(120_000);
  const temporary = temporaryFolders();
  const microDataset = sharedMicroDataset();

  async function trainedRun(folder: string): Promise<string> {
    await makeMicroRun(folder, microDataset());
    const run = join(folder, 'run');
    await trainHere(run);
    return run;
  }

  function configuration(images: string, changes: Partial<TransferConfiguration>): TransferConfiguration {
    return {
      format: 1,
      name: 'trial',
      created: new Date(0).toISOString(),
      what: 'probe',
      task: { kind: 'labels', images },
      side: 16,
      seeds: [0, 1],
      labels: [],
      methods: [],
      otherRuns: [],
      dcganSteps: 3,
      fineTuning: fineTuningSchema.parse({ epochs: 3, batch: 8, epochsPerStage: 1 }),
      engine: 'embedded',
      engineSettings: {
        embedded: { threads: 1, convolutions: 'winograd-4x4', wideVectors: false },
        native: { bfloat16: false, gpuMemory: 'growth' },
      },
      ...changes,
    };
  }

  it('probes, draws curves of every method, fine-tunes; goes on where it stopped', async () => {
    const folder = temporary();
    const run = await trainedRun(folder);
    const images = await makeImages(folder);

    const probing = await openMeasurement(run, configuration(images, {}));
    await runProbe(run, probing.folder, probing.configuration, {});
    const probe = await readJson(join(probing.folder, 'probe.json'), probeResultSchema);
    // Two stages and all of them, each pooled in two ways.
    assert.equal(probe.rows.length, 6);
    assert.ok(
      probe.rows.every(({ seeds }) => seeds.length === 2 && seeds.every(({ converged }) => converged)),
    );
    assert.ok(probe.rows[probe.best]!.accuracy.mean > 2 * probe.chance);
    const data = await readJson(join(probing.folder, 'data.json'), transferDataSchema);
    assert.deepEqual(
      data.sheet?.images,
      probe.map.map(({ image }) => image),
    );
    assert.ok(existsSync(join(probing.folder, 'test-images.png')));

    const methods = ['discriminator', 'finetune', 'random', 'scratch', 'dcgan', 'generator'] as const;
    const wanted = configuration(images, {
      name: 'curve',
      what: 'curve',
      labels: [1, 2, 99],
      methods: [...methods],
    });
    const drawing = await openMeasurement(run, wanted);
    const stop = new AbortController();
    const interrupted = runCurve(run, drawing.folder, wanted, {
      signal: stop.signal,
      onProgress: (done, _total, unit) => {
        if (unit === 'cells' && done === 4) stop.abort();
      },
    });
    await assert.rejects(interrupted, { name: 'AbortError' });
    const path = join(drawing.folder, 'curve.json');
    const early = await readJson(path, curveResultSchema);
    assert.equal(early.complete, false);
    const cells = early.series.flatMap(({ points }) => points.flatMap(({ seeds }) => seeds)).length;
    // The cell that was under way was finished, or given up.
    assert.ok(cells === 4 || cells === 5, `${cells} cells`);

    const curve = await runCurve(run, drawing.folder, wanted, {});
    assert.equal(curve.complete, true);
    assert.deepEqual(
      curve.series.map(({ key, points }) => [key, points.map(({ labels }) => labels)]),
      // No class has 99 training images.
      methods.map((method) => [method, [1, 2, null]]),
    );
    assert.equal(curve.comparisons.length, 3 * (4 + 2));
    assert.equal(curve.sentences.length, 6);
    for (const { method, points } of curve.series) {
      const trainings = points.flatMap(({ seeds }) => seeds.map(({ training }) => training));
      // Three epochs of twenty steps, however few the labels.
      const steps = method === 'scratch' || method === 'finetune' ? 60 : undefined;
      assert.deepEqual(new Set(trainings.map((training) => training?.steps)), new Set([steps]));
    }
    assert.ok(existsSync(join(run, 'transfer', 'dcgan', 'state.safetensors')));
    // What is there is not measured again.
    const again = await runCurve(run, drawing.folder, wanted, {});
    assert.deepEqual(again.series, curve.series);

    const tuning = configuration(images, { name: 'tuned', what: 'finetune', seeds: [0] });
    const tuned = await openMeasurement(run, tuning);
    const halt = new AbortController();
    const stopped = runFineTuning(run, tuned.folder, tuning, {
      signal: halt.signal,
      onEpoch: ({ epoch }) => {
        if (epoch === 2) halt.abort();
      },
    });
    await assert.rejects(stopped, { name: 'AbortError' });
    const result = await runFineTuning(run, tuned.folder, tuning, {});
    assert.deepEqual(await readJson(join(tuned.folder, 'finetune.json'), fineTuningResultSchema), result);
    const lines = readFileSync(join(tuned.folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { epoch: number }).epoch),
      [1, 2, 3],
    );
    const { card, network } = await loadClassifier(tuned.folder);
    assert.deepEqual(card.classes, ['dark', 'grey', 'light']);
    assert.equal(card.score.test, result.test);
    assert.equal(network.output, 'head');
  });

  it('refuses another measurement of its name, images below the stride, and runs without a discriminator', async () => {
    const folder = temporary();
    const run = await trainedRun(folder);
    const images = await makeImages(folder);
    await openMeasurement(run, configuration(images, {}));
    await assert.rejects(openMeasurement(run, configuration(images, { side: 20 })), {
      name: 'LabError',
      message: /another measurement already/,
    });
    const numbered = await openMeasurement(run, configuration(images, { side: 20 }), false);
    assert.match(numbered.folder, /-2$/);
    assert.equal(
      (await openMeasurement(run, configuration(images, { side: 20 }), false)).folder,
      numbered.folder,
    );
    assert.match((await openMeasurement(run, configuration(images, { side: 24 }), false)).folder, /-3$/);
    await assert.rejects(openMeasurement(run, configuration(images, { name: '../out' })), {
      name: 'LabError',
      message: /cannot be the name of a folder/,
    });
    await makeMicroRun(folder, microDataset(), [], 'untrained');
    const untrained = join(folder, 'untrained');
    const { folder: own } = await openMeasurement(untrained, configuration(images, {}));
    await assert.rejects(runProbe(untrained, own, configuration(images, {}), {}), {
      name: 'LabError',
      message: /no checkpoint of its adversarial stage/,
    });
    // What never began is not left behind in the run.
    assert.ok(!existsSync(own));
  });

  it('gives no interval where the data set’s own split makes all seeds the same', async () => {
    const folder = temporary();
    const run = await trainedRun(folder);
    const images = await makeImages(folder);
    const lines = ['dark', 'grey', 'light'].flatMap((name) =>
      readdirSync(join(images, name)).map((file, i) =>
        [`images/${name}/${file}`, name, ['train', 'train', 'validation', 'test'][i % 4]].join(','),
      ),
    );
    const table = join(folder, 'labels.csv');
    writeFileSync(table, ['path,label,split', ...lines].join('\n'));
    const probing = await openMeasurement(run, configuration(table, {}));
    const { rows } = await runProbe(run, probing.folder, probing.configuration, {});
    assert.ok(rows.every(({ seeds, accuracy }) => seeds.length === 1 && accuracy.interval === null));
    const wanted = configuration(table, {
      ...{ name: 'curve', what: 'curve', labels: [1], methods: ['discriminator', 'random'] },
    });
    const drawing = await openMeasurement(run, wanted);
    const { series } = await runCurve(run, drawing.folder, wanted, {});
    const intervals = series.map(({ points }) => points.map(({ accuracy }) => accuracy.interval !== null));
    // Few labels are drawn by the seed, and so are random weights.
    assert.equal(intervals[0]!.at(-1), false);
    assert.equal(intervals[1]![0], true);
  });

  it('sets the discriminators of several runs beside each other, each with baselines of its own', async () => {
    const folder = temporary();
    const run = await trainedRun(folder);
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    const same = await trainedRun(elsewhere);
    await makeMicroRun(
      folder,
      microDataset(),
      ['discriminator={"layers":[{"channels":4,"stride":2}],"denseUnits":4}'],
      'smaller',
    );
    const smaller = join(folder, 'smaller');
    await trainHere(smaller);
    const images = await makeImages(folder);
    const wanted = configuration(images, {
      what: 'curve',
      methods: ['discriminator', 'random', 'generator'],
      otherRuns: [same, smaller],
    });
    const { folder: own } = await openMeasurement(run, wanted);
    const curve = await runCurve(run, own, wanted, {});
    assert.equal(curve.complete, true);
    const first = `${basename(folder)}/run`;
    assert.deepEqual(
      curve.series.map(({ key, runs }) => [key, runs]),
      [
        ['discriminator', [first]],
        ['discriminator elsewhere/run', ['elsewhere/run']],
        ['discriminator smaller', ['smaller']],
        // Two have the same network: with random weights it is the same.
        ['random', [first, 'elsewhere/run']],
        ['random smaller', ['smaller']],
        ['generator', [first]],
        ['generator elsewhere/run', ['elsewhere/run']],
        ['generator smaller', ['smaller']],
      ],
    );
    const pairs = curve.comparisons.map(({ subject, baseline }) => `${subject} – ${baseline}`);
    assert.deepEqual(
      new Set(pairs),
      new Set([
        'discriminator – discriminator elsewhere/run',
        'discriminator – discriminator smaller',
        'discriminator elsewhere/run – discriminator smaller',
        'discriminator – random',
        'discriminator elsewhere/run – random',
        'discriminator smaller – random smaller',
        'discriminator – generator',
        'discriminator elsewhere/run – generator elsewhere/run',
        'discriminator smaller – generator smaller',
      ]),
    );
    assert.ok(
      curve.sentences[0]!.startsWith(`D, linear probe (${first}) against D, linear probe (elsewhere/run): `),
    );
  });

  it('finds out before it measures that something a method needs is missing', async () => {
    const folder = temporary();
    const run = await trainedRun(folder);
    const images = await makeImages(folder);
    const gone = join(folder, 'gone');
    const cases: [Partial<TransferConfiguration>, RegExp][] = [
      [{ methods: ['discriminator'], otherRuns: [gone] }, /gone is neither a model nor a run/],
      [{ methods: ['discriminator'], otherRuns: [run] }, /named twice/],
      [{ methods: ['discriminator', 'vgg19'], vgg19: gone }, /gone/],
    ];
    for (const [changes, message] of cases) {
      const wanted = configuration(images, { what: 'curve', ...changes });
      const { folder: own } = await openMeasurement(run, wanted, false);
      await assert.rejects(runCurve(run, own, wanted, {}), { name: 'LabError', message });
      assert.ok(!existsSync(join(own, 'curve.json')));
    }
  });

  it('notices a damaged checkpoint of fine-tuning', async () => {
    const folder = temporary();
    const run = await trainedRun(folder);
    const wanted = configuration(await makeImages(folder), { what: 'finetune', seeds: [0] });
    const { folder: own } = await openMeasurement(run, wanted);
    await runFineTuning(run, own, wanted, {});
    const path = join(own, 'checkpoint', 'state.safetensors');
    const bytes = readFileSync(path);
    bytes.writeUInt8(255 - bytes.readUInt8(bytes.length - 5), bytes.length - 5);
    writeFileSync(path, bytes);
    await assert.rejects(runFineTuning(run, own, wanted, {}), { name: 'LabError', message: /damaged/ });
  });
});
