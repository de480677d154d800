/** A fine-tuning in its folder: goes on from its checkpoint, keeps a record of every epoch, ends with a model. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { besides, writeFileAtomically, writeJsonAtomically } from '../../../folders/atomic-write';
import { readJsonLines } from '../../../folders/json-lines';
import { explainFileError } from '../../../folders/lab-error';
import { CLASSIFIER_FILE, type ClassifierCard } from '../../../protocol/classifier-card';
import { CARD_FILE } from '../../../protocol/model-card';
import {
  EPOCHS_FILE,
  epochLineSchema,
  FINE_TUNING_FILE,
  type EpochLine,
  type FineTuningResult,
  type TransferConfiguration,
} from '../../../protocol/transfer';
import type { Engine, NamedTensors } from '../../engines/engine';
import { encodeSafetensors } from '../../run/safetensors';
import { MODEL_FOLDER } from '../../run/model';
import { confusionOf, mistakesOf } from '../answers';
import type { LabelledImages } from '../data/labelled-images';
import { splitImages } from '../data/split';
import type { Trunk } from '../features/trunk';
import { startOfClassifier } from '../methods';
import { chanceOf, type MeasureOptions } from '../probe';
import { accuracyOf } from '../regression/choose';
import { likeliest } from '../regression/logistic';
import { readTraining, saveTraining } from './checkpoint';
import { sharesOf } from './judge';
import { fromScratch } from './schedule';
import { trainClassifier, type ClassifierTask } from './train-classifier';

export interface FineTuneOptions extends Pick<MeasureOptions, 'signal' | 'onProgress'> {
  readonly engine: Engine;
  readonly trunk: Trunk;
  readonly images: LabelledImages;
  readonly configuration: TransferConfiguration;
  readonly folder: string;
  /** Told every epoch as it is written down. */
  readonly onEpoch?: ((line: EpochLine) => void) | undefined;
}

/** Trains to the end, or on from where it stopped. Throws a `LabError` if it cannot, or the signal’s reason. */
export async function fineTune(options: FineTuneOptions): Promise<FineTuningResult> {
  const { engine, trunk, images, configuration, folder, signal, onProgress, onEpoch } = options;
  const seed = configuration.seeds[0]!;
  const parts = splitImages(images, seed);
  const fromTrunk = configuration.fineTuning.from === 'discriminator';
  const settings = fromTrunk ? configuration.fineTuning : fromScratch(configuration.fineTuning);
  const { network, weights } = startOfClassifier(trunk, images.classes.length, fromTrunk, seed);
  const { train, validation } = parts;
  const task: ClassifierTask = { network, stages: trunk.stages, images, train, validation, settings, seed };

  const from = await readTraining(folder);
  const record = await openRecord(folder, from?.position.epoch ?? 0);
  try {
    const trained = await trainClassifier(engine, task, weights, {
      signal,
      from,
      onEpoch: async (report, state) => {
        // The line first: a checkpoint is never ahead of the record, and a record that is ahead is cut.
        const line: EpochLine = { kind: 'epoch', time: Date.now(), ...report };
        await record.append(line);
        await saveTraining(folder, await state());
        onEpoch?.(line);
        onProgress?.(report.epoch, settings.epochs, 'epochs', 'Fine-tuning');
      },
    });
    const shares = await sharesOf(engine, task, trained.weights, parts.test);
    const labels = images.images.map(({ label }) => label);
    const predictions = likeliest(shares, images.classes.length);
    const test = accuracyOf(
      predictions,
      parts.test.map((row) => labels[row]!),
    );
    const result: FineTuningResult = {
      format: 1,
      network: fromTrunk ? trunk.description : 'the network of the discriminator, from scratch',
      engine: `${engine.description.name} (${engine.description.device})`,
      chance: chanceOf(images),
      images: { train: train.length, validation: validation.length, test: parts.test.length },
      epochs: trained.epochs,
      bestEpoch: trained.best.epoch,
      validation: trained.best.accuracy,
      test,
      confusion: confusionOf([{ rows: parts.test, predictions }], labels, images.classes.length),
      mistakes: mistakesOf({ rows: parts.test, predictions, shares }, labels, images.classes.length),
      seconds: record.seconds(),
    };
    await writeClassifier(folder, cardOf(options, result), trained.weights);
    await writeJsonAtomically(join(folder, FINE_TUNING_FILE), result);
    return result;
  } finally {
    await record.close();
  }
}

interface EpochRecord {
  append(line: EpochLine): Promise<void>;
  /** Of all epochs that are written down. */
  seconds(): number;
  close(): Promise<void>;
}

/** Opens the record for the epoch after `epoch`; later lines, which will be made again, are cut off. */
async function openRecord(folder: string, epoch: number): Promise<EpochRecord> {
  const path = join(folder, EPOCHS_FILE);
  try {
    const { lines } = await readJsonLines(path, epochLineSchema);
    const kept = lines.filter((line) => line.epoch <= epoch);
    await writeFileAtomically(path, kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const file = await open(path, 'a');
    let seconds = kept.reduce((sum, line) => sum + line.seconds, 0);
    return {
      append: async (line) => {
        seconds += line.seconds;
        try {
          await file.appendFile(`${JSON.stringify(line)}\n`);
        } catch (error) {
          throw explainFileError('write', path, error);
        }
      },
      seconds: () => seconds,
      close: () => file.close(),
    };
  } catch (error) {
    throw explainFileError('open', path, error);
  }
}

function cardOf({ configuration, trunk, images }: FineTuneOptions, result: FineTuningResult): ClassifierCard {
  const { task } = configuration;
  return {
    format: 1,
    name: configuration.name,
    created: new Date().toISOString(),
    kind: 'classifier',
    classes: [...images.classes],
    trunk: trunk.network.nodes.flatMap((node) =>
      node.type === 'convolution'
        ? [{ channels: node.outputChannels, stride: node.stride === 2 ? (2 as const) : (1 as const) }]
        : [],
    ),
    side: images.side,
    trainedOn: task.kind === 'labels' ? task.images : `degradations of ${task.photos}`,
    from: result.network,
    score: { validation: result.validation, test: result.test, images: result.images.test },
  };
}

async function writeClassifier(folder: string, card: ClassifierCard, weights: NamedTensors): Promise<void> {
  const model = join(folder, MODEL_FOLDER);
  const partial = besides(model);
  try {
    await mkdir(partial);
    await writeFileAtomically(
      join(partial, CLASSIFIER_FILE),
      encodeSafetensors(weights, { format: 'srgan-lab' }),
    );
    await writeJsonAtomically(join(partial, CARD_FILE), card);
    await rm(model, { recursive: true, force: true });
    await rename(partial, model);
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw explainFileError('write the model', model, error);
  }
}
