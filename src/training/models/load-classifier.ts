/** Finding a fine-tuned classifier: in its model folder, in the folder of its fine-tuning, or in a run that has one. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { explainFileError, LabError } from '../../folders/lab-error';
import { readAnyModelCard } from '../../folders/marker-files';
import { CLASSIFIER_FILE, type ClassifierCard } from '../../protocol/classifier-card';
import { CARD_FILE } from '../../protocol/model-card';
import { TRANSFER_FOLDER } from '../../protocol/transfer';
import type { NamedTensors } from '../engines/engine';
import { classifierNetwork } from '../networks/classifier';
import { discriminatorNetwork } from '../networks/discriminator';
import type { Network } from '../networks/network';
import { MODEL_FOLDER } from '../run/model';
import { readSafetensors } from '../run/safetensors';
import { trunkNetwork } from '../transfer/features/trunk';
import { fittingWeights } from './fitting-weights';

export interface LoadedClassifier {
  readonly card: ClassifierCard;
  /** From RGB [n, h, w, 3] in [0, 1] to logits [n, classes]; any size of image. */
  readonly network: Network;
  /** The tensors of the classifier, `classifier/…`, running averages included. */
  readonly weights: NamedTensors;
}

/** Throws a `LabError` if there is none, there are several, or its weights do not fit. */
export async function loadClassifier(folder: string): Promise<LoadedClassifier> {
  const model = await findModel(folder);
  const card = await readAnyModelCard(model);
  if (card.kind !== 'classifier')
    throw new LabError(`The model ${model} is a ${card.kind}, and no classifier.`);
  const network = networkOf(card);
  const path = join(model, CLASSIFIER_FILE);
  return { card, network, weights: fittingWeights(await readSafetensors(path), network, path) };
}

function networkOf({ trunk: layers, side, classes }: ClassifierCard): Network {
  // The patch and the dense layers belong to the part of the discriminator that is not there.
  const trunk = trunkNetwork(discriminatorNetwork({ layers, denseUnits: 1 }, side));
  return classifierNetwork(trunk, layers.at(-1)!.channels, classes.length);
}

async function findModel(folder: string): Promise<string> {
  const near = [folder, join(folder, MODEL_FOLDER)];
  const direct = near.find(
    (each) => existsSync(join(each, CLASSIFIER_FILE)) && existsSync(join(each, CARD_FILE)),
  );
  if (direct !== undefined) return direct;
  const models = (await namesIn(join(folder, TRANSFER_FOLDER)))
    .map((name) => join(folder, TRANSFER_FOLDER, name, MODEL_FOLDER))
    .filter((each) => existsSync(join(each, CLASSIFIER_FILE)));
  const [only, ...others] = models;
  if (only === undefined) {
    throw new LabError(
      `${folder} holds no classifier. \`srgan-lab transfer finetune\` makes one; name its folder when it has ended.`,
    );
  }
  if (others.length === 0) return only;
  const names = models.map((each) => relative(folder, join(each, '..'))).join(', ');
  throw new LabError(`${folder} holds ${models.length} classifiers: ${names}. Name the folder of one.`);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return existsSync(folder) ? (await readdir(folder)).sort() : [];
  } catch (error) {
    throw explainFileError('read', folder, error);
  }
}
