/**
 * What is exported and run by the consumers: networks of a run that trained here, and a generator by others, each with a
 * piece of a real photograph and what our own engine makes of it.
 */
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readImage } from '../../../../src/datasets/images';
import { cropImage } from '../../../../src/imaging/image';
import type { ClassifierCard } from '../../../../src/protocol/classifier-card';
import type { ExportablePart, ExportFormat } from '../../../../src/protocol/exported-model';
import type { HostTensor } from '../../../../src/training/engines/engine';
import { openEngine } from '../../../../src/training/engines/open-engine';
import { exportModel } from '../../../../src/training/export/export-model';
import { loadExportSource } from '../../../../src/training/export/export-source';
import { importModel } from '../../../../src/training/import/import-model';
import { loadDiscriminator } from '../../../../src/training/models/load-discriminator';
import { classifierNetwork, classifierWeights } from '../../../../src/training/networks/classifier';
import { discriminatorNetwork } from '../../../../src/training/networks/discriminator';
import { writeModelFolder } from '../../../../src/training/run/model';
import { trunkOf } from '../../../../src/training/transfer/features/trunk';
import { makeMicroDataset, makeMicroRun } from '../../../support/micro-run';
import { runNetwork } from '../../../support/run-network';
import { trainHere } from '../../../support/train-here';

const photograph = join(__dirname, '..', '..', '..', '..', 'media', 'samples', 'tulips.png');

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
    ['classifier', await makeClassifier(folder, run), 'classifier', 33, 28],
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

/** A classifier on the run's discriminator as it is before its first step of fine-tuning. */
async function makeClassifier(folder: string, run: string): Promise<string> {
  const { discriminator, weights, description } = await loadDiscriminator(run);
  const trunk = trunkOf(description, discriminatorNetwork(discriminator, discriminator.patch), weights);
  const classes = ['one', 'two', 'three'];
  const network = classifierNetwork(trunk.network, discriminator.layers.at(-1)!.channels, classes.length);
  const card: ClassifierCard = {
    format: 1,
    name: 'classifier',
    created: new Date().toISOString(),
    kind: 'classifier',
    classes,
    trunk: discriminator.layers,
    side: 24,
    trainedOn: 'nothing yet',
    from: description,
    score: { validation: 0, test: 0, images: 0 },
  };
  const model = join(folder, 'classifier');
  await writeModelFolder(model, card, classifierWeights(network, trunk, 1));
  return model;
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
