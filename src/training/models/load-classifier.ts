/** A fine-tuned classifier, from the folder of its fine-tuning (`RUN/transfer/NAME`) or of its model. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../folders/lab-error';
import { readJson } from '../../folders/read-json';
import { CLASSIFIER_FILE, classifierCardSchema, type ClassifierCard } from '../../protocol/classifier-card';
import { CARD_FILE } from '../../protocol/model-card';
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
  readonly weights: NamedTensors;
}

/** Throws a `LabError` if there is none or its weights do not fit. */
export async function loadClassifier(folder: string): Promise<LoadedClassifier> {
  const model = [folder, join(folder, MODEL_FOLDER)].find((each) => existsSync(join(each, CLASSIFIER_FILE)));
  if (model === undefined) {
    throw new LabError(
      `${folder} holds no classifier. A fine-tuned one is made by \`srgan-lab transfer finetune\`, in ` +
        'RUN/transfer/NAME; name that folder.',
    );
  }
  const card = await readJson(join(model, CARD_FILE), classifierCardSchema);
  const last = card.trunk.at(-1)!;
  // The patch and the dense layers belong to the part of the discriminator that is not there.
  const trunk = trunkNetwork(discriminatorNetwork({ layers: card.trunk, denseUnits: 1 }, card.side));
  const network = classifierNetwork(trunk, last.channels, card.classes.length);
  const path = join(model, CLASSIFIER_FILE);
  return { card, network, weights: fittingWeights(await readSafetensors(path), network, path) };
}
