/**
 * What is exported and run by the consumers: networks of a run that trained here, and a generator by others, each with a
 * piece of a real photograph and what our own engine makes of it.
 */
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readImage } from '../../../../src/datasets/images';
import { cropImage } from '../../../../src/imaging/image';
import type { ExportablePart, ExportFormat } from '../../../../src/protocol/exported-model';
import { transferConfigurationSchema } from '../../../../src/protocol/transfer';
import type { HostTensor } from '../../../../src/training/engines/engine';
import { openEngine } from '../../../../src/training/engines/open-engine';
import { exportModel } from '../../../../src/training/export/export-model';
import { loadExportSource } from '../../../../src/training/export/export-source';
import { importModel } from '../../../../src/training/import/import-model';
import { openMeasurement, runFineTuning } from '../../../../src/training/transfer/measurement';
import { makeLabelledPictures } from '../../../support/labelled-pictures';
import { makeMicroDataset, makeMicroRun } from '../../../support/micro-run';
import { runNetwork } from '../../../support/run-network';
import { trainHere } from '../../../support/train-here';

const photograph = join(__dirname, '..', '..', '..', '..', 'media', 'samples', 'tulips.png');

/** Of the fine-tuned classifier, from dark to light: in natural order, which is not that of their letters. */
export const classifierClasses = ['2', '9', '10'] as const;

/** The darkest class and the lightest, each with a picture of it. */
export function labelledPictures(folder: string): [name: string, picture: string][] {
  return [classifierClasses[0], classifierClasses[2]].map((name) => [
    name,
    join(folder, 'labelled', name, '0.png'),
  ]);
}

export interface Subject {
  readonly name: string;
  /** Folder of the model or run. */
  readonly source: string;
  readonly part: ExportablePart;
  /** [height, width, 3] in [0, 1]. */
  readonly image: HostTensor;
  /** The image as raw float32. */
  readonly imageFile: string;
  /** What our own engine makes of it, without the axis of the batch. */
  readonly expected: HostTensor;
}

/** @param foreign file of a generator by others, where it is at hand */
export async function makeSubjects(folder: string, foreign: string | undefined): Promise<Subject[]> {
  const dataset = await makeMicroDataset(folder);
  await makeMicroRun(folder, dataset);
  const run = join(folder, 'run');
  await trainHere(run);
  const subjects: [name: string, source: string, part: ExportablePart, height: number, width: number][] = [
    ['generator, bicubic skip', run, 'generator', 37, 50],
    ['discriminator', run, 'discriminator', 24, 24],
    ['discriminator trunk', run, 'trunk', 41, 30],
    ['classifier', await fineTuneClassifier(folder, run), 'classifier', 33, 28],
  ];
  if (foreign !== undefined) {
    const theirs = join(folder, 'theirs');
    await importModel({ source: foreign, as: 'generator', out: theirs });
    subjects.push(['SRGAN by others, ×4', theirs, 'generator', 26, 40]);
  }
  const made: Subject[] = [];
  for (const [name, source, part, height, width] of subjects) {
    made.push(await makeSubject(folder, { name, source, part }, height, width));
  }
  return made;
}

/** What `transfer finetune` leaves after a few steps. */
async function fineTuneClassifier(folder: string, run: string): Promise<string> {
  const images = join(folder, 'labelled');
  await makeLabelledPictures(images, classifierClasses);
  const wanted = transferConfigurationSchema.parse({
    format: 1,
    name: 'classifier',
    created: new Date(0).toISOString(),
    what: 'finetune',
    task: { kind: 'labels', images },
    side: 24,
    seeds: [0],
    labels: [],
    methods: [],
    dcganSteps: 1,
    fineTuning: { epochs: 8, epochsPerStage: 1, trunkRate: 1e-3, headRate: 1e-2 },
    engine: 'embedded',
  });
  const { folder: measured } = await openMeasurement(run, wanted);
  await runFineTuning(run, measured, wanted, {});
  return measured;
}

async function makeSubject(
  folder: string,
  { name, source, part }: Pick<Subject, 'name' | 'source' | 'part'>,
  height: number,
  width: number,
): Promise<Subject> {
  const { data } = cropImage(await readImage(photograph), 300, 200, width, height);
  const image = { shape: [height, width, 3], data: Float32Array.from(data, (value) => value / 255) };
  const imageFile = join(folder, `${name}.f32`);
  await writeFile(imageFile, Buffer.from(image.data.buffer));
  const { exportable } = await loadExportSource(source, part);
  const engine = await openEngine('embedded');
  try {
    const batch = { ...image, shape: [1, ...image.shape] };
    const result = await runNetwork(engine, exportable.network, exportable.weights, batch);
    const expected = { ...result, shape: result.shape.slice(1) };
    return { name, source, part, image, imageFile, expected };
  } finally {
    await engine.dispose();
  }
}

/** Exports all subjects in a format, each into a folder of its own; returns these. */
export async function exportSubjects(
  subjects: readonly Subject[],
  format: ExportFormat,
  folder: string,
): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const folders: string[] = [];
  for (const [index, { source, part }] of subjects.entries()) {
    const out = join(folder, String(index));
    await exportModel({ source, what: part, format, out });
    folders.push(out);
  }
  return folders;
}
