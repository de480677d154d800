/**
 * A measurement’s folder, `transfer/NAME/` in the run: made from a configuration, read again to go on. Everything that
 * belongs to a measurement is opened and closed here, whatever is measured.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writePng } from '../../datasets/images';
import { makeFolder } from '../../datasets/target-folder';
import { writeJsonAtomically } from '../../folders/atomic-write';
import { takeBuildLease } from '../../folders/build-lease';
import { LabError } from '../../folders/lab-error';
import { readJson } from '../../folders/read-json';
import {
  CURVE_FILE,
  curveResultSchema,
  PROBE_FILE,
  SHEET_FILE,
  TRANSFER_DATA_FILE,
  TRANSFER_FILE,
  TRANSFER_FOLDER,
  transferConfigurationSchema,
  type CurveResult,
  type FineTuningResult,
  type ProbeResult,
  type TransferConfiguration,
  type TransferData,
} from '../../protocol/transfer';
import type { Engine } from '../engines/engine';
import { openEngine } from '../engines/open-engine';
import { makeDegradationTask } from './data/degradation-task';
import { readLabelledImages, type LabelledImages } from './data/labelled-images';
import { contactSheet } from './data/contact-sheet';
import { splitImages } from './data/split';
import { measureCurve } from './curve';
import { fineTune, type FineTuneOptions } from './finetune/fine-tune';
import { totalStride, type Trunk } from './features/trunk';
import { discriminatorTrunk } from './methods';
import { probe, type MeasureOptions } from './probe';

export type Watching = Pick<MeasureOptions, 'signal' | 'onProgress'>;

/** The folder of a measurement, absolute. Throws a `LabError` for a name that is no plain name. */
export function measurementFolder(run: string, name: string): string {
  if (!/^[^/\\:*?"<>|]+$/.test(name) || /^\.+$/.test(name)) {
    throw new LabError(`“${name}” cannot be the name of a folder. Choose another name (--name).`);
  }
  return join(resolve(run), TRANSFER_FOLDER, name);
}

/**
 * Makes the folder of a new measurement, or finds the one that has the same configuration. Where another measurement has its
 * name, one that somebody chose (`named`) is refused with a `LabError`; any other gets a number.
 */
export async function openMeasurement(
  run: string,
  wanted: TransferConfiguration,
  named = true,
): Promise<{ folder: string; configuration: TransferConfiguration }> {
  for (let number = 1; ; number++) {
    const configuration = number === 1 ? wanted : { ...wanted, name: `${wanted.name}-${number}` };
    const folder = measurementFolder(run, configuration.name);
    const path = join(folder, TRANSFER_FILE);
    if (!existsSync(path)) {
      await makeFolder(folder, (partial) => writeJsonAtomically(join(partial, TRANSFER_FILE), configuration));
      return { folder, configuration };
    }
    const found = await readJson(path, transferConfigurationSchema);
    if (comparable(found) === comparable(configuration)) return { folder, configuration: found };
    if (named) {
      throw new LabError(
        `${folder} is another measurement already, with other settings. Give the new one another name (--name), ` +
          'or delete that folder.',
      );
    }
  }
}

function comparable({ created: _, $schema: __, ...settings }: TransferConfiguration): string {
  return JSON.stringify(settings);
}

/** What a measurement works with. */
export interface Opened {
  readonly trunk: Trunk;
  readonly images: LabelledImages;
  readonly engine: Engine;
}

/**
 * Reads the images, opens the engine, runs `work` under the folder’s lease, and closes all of it. Throws a `LabError` if
 * the run has no discriminator, the images are no data set, or another process works in the folder.
 */
export async function withMeasurement<Result>(
  run: string,
  folder: string,
  configuration: TransferConfiguration,
  { signal, onProgress }: Watching,
  work: (opened: Opened) => Promise<Result>,
): Promise<Result> {
  const release = await takeBuildLease(folder);
  try {
    const { trunk, images } = await readSubject(run, folder, configuration, { signal, onProgress });
    const engine = await openEngine(configuration.engine, configuration.engineSettings);
    try {
      return await work({ trunk, images, engine });
    } finally {
      await engine.dispose();
    }
  } finally {
    await release();
    // A measurement that never came to its images has nothing to go on from, and would be one more riddle in the run.
    if (!existsSync(join(folder, TRANSFER_DATA_FILE))) await rm(folder, { recursive: true, force: true });
  }
}

/** The trunk and the images of a measurement, which are written down for its page. */
async function readSubject(
  run: string,
  folder: string,
  configuration: TransferConfiguration,
  watching: Watching,
): Promise<Omit<Opened, 'engine'>> {
  const trunk = await discriminatorTrunk(run);
  const smallest = totalStride(trunk.network);
  if (configuration.side < smallest) {
    throw new LabError(
      `Images of ${configuration.side}×${configuration.side} pixels are too small for the discriminator, which halves ` +
        `their sides until one pixel is left of ${smallest}. Set --side to ${smallest} at least.`,
    );
  }
  const images = await readTask(configuration, smallest, watching);
  const sheet = contactSheet(images, splitImages(images, configuration.seeds[0]!).test);
  await writePng(join(folder, SHEET_FILE), sheet.picture);
  const { columns, rows } = sheet;
  const data = { ...describeData(images), sheet: { columns, images: rows } };
  await writeJsonAtomically(join(folder, TRANSFER_DATA_FILE), data);
  return { trunk, images };
}

/** The labelled images of a task, in memory. */
export function readTask(
  { task, side }: Pick<TransferConfiguration, 'task' | 'side'>,
  smallest: number,
  { signal, onProgress }: Watching,
): Promise<LabelledImages> {
  const onImage = (done: number, total: number): void => {
    onProgress?.(done, total, 'images', 'Reading images');
  };
  return task.kind === 'labels'
    ? readLabelledImages(task.images, { side, smallest, limit: task.limit, signal, onImage })
    : makeDegradationTask(task.photos, { side, crops: task.crops, seed: 0, signal, onImage });
}

function describeData({ side, classes, images, problems }: LabelledImages): TransferData {
  return {
    format: 1,
    side,
    classes: classes.map((name, label) => ({
      name,
      images: images.filter((image) => image.label === label).length,
    })),
    images: images.map(({ file, label }) => ({ file, label })),
    problems: [...problems],
  };
}

/** Measures a probe and writes `probe.json`. */
export function runProbe(
  run: string,
  folder: string,
  configuration: TransferConfiguration,
  watching: Watching,
): Promise<ProbeResult> {
  return withMeasurement(run, folder, configuration, watching, async ({ trunk, images, engine }) => {
    const result = await probe(engine, trunk, images, { seeds: configuration.seeds, ...watching });
    await writeJsonAtomically(join(folder, PROBE_FILE), result);
    return result;
  });
}

/** Measures what is missing of a curve, writing `curve.json` after every cell. */
export function runCurve(
  run: string,
  folder: string,
  configuration: TransferConfiguration,
  watching: Watching,
): Promise<CurveResult> {
  return withMeasurement(run, folder, configuration, watching, async ({ images, engine }) => {
    const path = join(folder, CURVE_FILE);
    const before = existsSync(path) ? await readJson(path, curveResultSchema) : undefined;
    const write = (curve: CurveResult): Promise<void> => writeJsonAtomically(path, curve);
    const curve = await measureCurve({
      run,
      engine,
      images,
      configuration,
      before,
      onCell: write,
      ...watching,
    });
    await write(curve);
    return curve;
  });
}

/** Fine-tunes, from where it stopped if it did, and writes `finetune.json` and the model. */
export function runFineTuning(
  run: string,
  folder: string,
  configuration: TransferConfiguration,
  { onEpoch, ...watching }: Watching & Pick<FineTuneOptions, 'onEpoch'>,
): Promise<FineTuningResult> {
  return withMeasurement(run, folder, configuration, watching, (opened) =>
    fineTune({ ...opened, configuration, folder, onEpoch, ...watching }),
  );
}
