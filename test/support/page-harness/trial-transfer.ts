/**
 * Made-up measurements for looking at the transfer page: a probe, a curve of all methods and a fine-tuning, with pieces of
 * real photographs as test images. Figures are of the size that real ones have; nothing here is drawn by chance.
 */
import { join } from 'node:path';
import sharp from 'sharp';
import { defaultEngineSettings } from '../../../src/protocol/engine-settings';
import {
  fineTuningSchema,
  methodWords,
  transferMethods,
  type CurveResult,
  type EpochLine,
  type Estimate,
  type Mistake,
  type ProbeResult,
  type TransferConfiguration,
  type TransferData,
} from '../../../src/protocol/transfer';
import type { TransferSnapshot } from '../../../src/protocol/transfer-page';
import { compareSeries, describeComparisons } from '../../../src/training/transfer/compare-methods';

const SIDE = 48;
const COLUMNS = 8;
const TESTS = 60;
const CLASSES = ['0', '1', '2', '3', '4', 'a class with a long name', '6', '7', '8', '9'];
const SHEET = 'transfer-test-images.png';

/** A number in [0, 1) for a place, the same every time, with no pattern that the eye would find. */
const scattered = (place: number): number => (place * 0.618_033_988_75 + 0.37 * (place % 7)) % 1;

const estimate = (mean: number, half: number): Estimate => ({ mean, interval: [mean - half, mean + half] });
const labelOf = (image: number): number => image % CLASSES.length;

/** @param files where the pictures are written */
export async function trialTransfers(
  photos: readonly string[],
  files: string,
): Promise<Record<'probe' | 'curve' | 'finetune' | 'measuring', TransferSnapshot>> {
  await writeSheet(photos, join(files, SHEET));
  const measuring = snapshotOf('curve', {});
  return {
    probe: snapshotOf('probe', { probe: trialProbe() }),
    curve: snapshotOf('curve', { curve: trialCurve() }),
    finetune: snapshotOf('finetune', { ...trialFineTuning() }),
    measuring: { ...measuring, running: true, data: null, sheet: null },
  };
}

function snapshotOf(
  what: TransferConfiguration['what'],
  results: Partial<TransferSnapshot>,
): TransferSnapshot {
  return {
    runName: 'photos-quick',
    configuration: {
      format: 1,
      name: `${what}-signs`,
      created: '2026-03-01T12:00:00.000Z',
      what,
      task: { kind: 'labels', images: '/home/somebody/signs' },
      side: SIDE,
      seeds: [0, 1, 2],
      labels: what === 'curve' ? [1, 5, 20] : [],
      methods: what === 'curve' ? [...transferMethods] : [],
      otherRuns: [],
      dcganSteps: 4000,
      fineTuning: fineTuningSchema.parse({}),
      engine: 'auto',
      engineSettings: defaultEngineSettings,
    },
    running: false,
    data: trialData(),
    probe: null,
    curve: null,
    fineTuning: null,
    epochs: [],
    sheet: `files/${SHEET}`,
    ...results,
  };
}

function trialData(): TransferData {
  const tests = Array.from({ length: TESTS }, (_, image) => image);
  return {
    format: 1,
    side: SIDE,
    classes: CLASSES.map((name) => ({ name, images: TESTS / CLASSES.length })),
    images: tests.map((image) => ({
      file: `${CLASSES[labelOf(image)]!}/IMG_${1000 + image}.JPG`,
      label: labelOf(image),
    })),
    problems: [
      { file: '3/IMG_2044.JPG', reason: 'It is a copy of 3/IMG_1003.JPG.' },
      {
        file: 'notes.png',
        reason: 'It has no label: it lies beside the class folders, not in one. Move it into its class.',
      },
    ],
    sheet: { columns: COLUMNS, images: tests },
  };
}

/** Pieces of the photographs, side by side. */
async function writeSheet(photos: readonly string[], path: string): Promise<void> {
  const rows = Math.ceil(TESTS / COLUMNS);
  const pictures = await Promise.all(
    photos.map((photo) =>
      sharp(photo)
        .resize(COLUMNS * SIDE, rows * SIDE, { fit: 'cover' })
        .removeAlpha()
        .png()
        .toBuffer(),
    ),
  );
  const pieces = Array.from({ length: TESTS }, async (_, index) => {
    const [left, top] = [(index % COLUMNS) * SIDE, Math.floor(index / COLUMNS) * SIDE];
    const input = await sharp(pictures[index % pictures.length])
      .extract({ left, top, width: SIDE, height: SIDE })
      .toBuffer();
    return { input, left, top };
  });
  const background = { r: 0, g: 0, b: 0 };
  await sharp({ create: { width: COLUMNS * SIDE, height: rows * SIDE, channels: 3, background } })
    .composite(await Promise.all(pieces))
    .png()
    .toFile(path);
}

function trialProbe(): ProbeResult {
  const stages = ['conv1', 'conv2', 'conv3', 'conv4', 'conv5', 'conv6', 'all stages'];
  const rows = stages.flatMap((stage, index) =>
    (['grid', 'average'] as const).map((pooling) => {
      const mean = pooling === 'grid' ? 0.79 - 0.02 * index : 0.57 - 0.08 * index + 0.012 * index ** 2;
      return {
        stage,
        pooling,
        features: 512 * (index + 1),
        accuracy: estimate(mean, 0.03 + 0.02 * scattered(index)),
        validation: estimate(mean + 0.01, 0.04),
        seeds: [],
      };
    }),
  );
  return {
    format: 1,
    network: 'the discriminator of the checkpoint at step 4,000 of photos-quick',
    engine: 'embedded (cpu)',
    chance: 0.1,
    images: { train: 360, validation: 120, test: TESTS },
    rows,
    best: 0,
    confusion: trialConfusion(),
    mistakes: trialMistakes(),
    map: Array.from({ length: TESTS }, (_, image) => ({
      image,
      x: 4 * Math.cos(labelOf(image)) + 2 * scattered(image),
      y: 4 * Math.sin(2 * labelOf(image)) + 2 * scattered(image + 500),
    })),
    seconds: 41,
  };
}

function trialConfusion(): number[][] {
  return CLASSES.map((_, label) =>
    CLASSES.map((_, answer) =>
      label === answer ? 14 : Math.max(0, Math.floor(4 * scattered(10 * label + answer)) - 2),
    ),
  );
}

function trialMistakes(): Mistake[] {
  return Array.from({ length: 18 }, (_, index) => ({
    image: 3 * index,
    label: labelOf(3 * index),
    prediction: labelOf(3 * index + 4),
    share: 0.98 - 0.03 * index,
  }));
}

/** Every method, the verdict by the code that gives it for real. */
function trialCurve(): CurveResult {
  const images = Array.from({ length: TESTS }, (_, image) => image);
  const truth = images.map(labelOf);
  const tests = [0, 1, 2].map((seed) => ({ seed, images }));
  const series = transferMethods.map((method, index) => ({
    key: method,
    method,
    description: methodWords[method],
    points: [1, 5, 20, null].map((labels, place) => {
      const right = 0.2 + 0.15 * place + 0.035 * index;
      const seeds = tests.map(({ seed }) => {
        const predictions = truth.map((label, image) =>
          scattered(image + 61 * seed) < right ? label : (label + 1) % CLASSES.length,
        );
        const accuracy = predictions.filter((answer, image) => answer === truth[image]).length / TESTS;
        return { seed, accuracy, validation: accuracy, predictions };
      });
      const mean = seeds.reduce((sum, { accuracy }) => sum + accuracy, 0) / seeds.length;
      return { labels, images: 10 * (labels ?? 36), accuracy: estimate(mean, 0.04), seeds };
    }),
  }));
  const comparisons = compareSeries(series, tests, truth);
  const sentences = describeComparisons(comparisons, series);
  return {
    ...{ format: 1, complete: true, engine: 'embedded (cpu)', chance: 0.1, seconds: 900 },
    ...{ tests, series, comparisons, sentences },
  };
}

function trialFineTuning(): Pick<TransferSnapshot, 'epochs' | 'fineTuning'> {
  const epochs = Array.from({ length: 64 }, (_, index): EpochLine => {
    const learned = 1 - Math.exp(-index / 12);
    return {
      kind: 'epoch',
      time: 1_772_366_400_000 + 2000 * index,
      epoch: index + 1,
      steps: 20,
      frozen: Math.max(0, 6 - Math.floor(index / 2)),
      loss: 2.3 * (1 - 0.97 * learned),
      accuracy: 0.1 + 0.89 * learned,
      validation: {
        loss: 2.3 * (1 - 0.85 * learned),
        accuracy: 0.1 + 0.8 * learned + 0.02 * scattered(index),
      },
      best: index === 50,
      seconds: 2,
    };
  });
  const fineTuning = {
    ...{
      format: 1 as const,
      network: 'the discriminator of photos-quick',
      engine: 'embedded (cpu)',
      chance: 0.1,
    },
    images: { train: 360, validation: 120, test: TESTS },
    ...{ epochs: 64, bestEpoch: 51, validation: 0.9, test: 0.883, seconds: 128 },
    ...{ confusion: trialConfusion(), mistakes: trialMistakes() },
  };
  return { epochs, fineTuning };
}
