/** What is exported, and what there is to say of it: a network out of a model, a run or a checkpoint. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { datasetFolderOf, readAnyModelCard, readRunConfiguration } from '../../folders/marker-files';
import type { ExportCard, ExportablePart, NetworkDescription } from '../../protocol/exported-model';
import { CARD_FILE, type DiscriminatorCard, type ModelCard } from '../../protocol/model-card';
import { countOf, formatCount } from '../../protocol/quantities';
import { loadClassifier } from '../models/load-classifier';
import { loadDiscriminator } from '../models/load-discriminator';
import { discriminatorNetwork } from '../networks/discriminator';
import { generatorNetwork } from '../networks/generator';
import { MODEL_FOLDER } from '../run/model';
import { loadGenerator } from '../upscale/load-generator';
import { trunkNetwork } from '../transfer/features/trunk';
import type { Exportable } from './exportable';

export interface ExportSource {
  readonly exportable: Exportable;
  /** By which `import` builds the network again. */
  readonly description?: NetworkDescription;
  readonly about: Pick<ExportCard, 'name' | 'trainedOn' | 'training' | 'score'> & {
    /** Where the model came with one. */
    readonly licence?: string;
  };
  readonly output: ExportCard['output'];
  /** What is done to an image before; by default nothing but bringing it to [0, 1]. */
  readonly preprocessing?: string;
}

/** Loads the part of a model or a run. Throws a `LabError` if there is none or its weights do not fit. */
export async function loadExportSource(folder: string, what: ExportablePart): Promise<ExportSource> {
  switch (what) {
    case 'generator': {
      const { scale, generator, weights, description } = await loadGenerator(folder);
      return {
        exportable: { network: generatorNetwork(generator, scale), weights },
        description: { what, scale, generator },
        about: await aboutModel(folder, description),
        output: { meaning: `SR, ${scale} times as large, RGB in [0, 1] but not clamped to it.` },
      };
    }
    case 'discriminator': {
      const { discriminator, weights, description } = await loadDiscriminator(folder);
      const network = discriminatorNetwork(discriminator, discriminator.patch);
      const { score: _, ...about } = await aboutModel(folder, description);
      return {
        exportable: { network, weights, side: discriminator.patch },
        description: { what, discriminator },
        about,
        output: { meaning: 'A logit: its sigmoid is the probability that the patch is a photograph’s.' },
      };
    }
    case 'trunk': {
      const { discriminator, weights, description } = await loadDiscriminator(folder);
      const network = trunkNetwork(discriminatorNetwork(discriminator, discriminator.patch));
      const { score: _, ...about } = await aboutModel(folder, description);
      return {
        exportable: { network, weights },
        description: { what, discriminator },
        about,
        output: { meaning: 'Feature maps after the activation of the discriminator’s last convolution.' },
      };
    }
    case 'classifier': {
      const { card, network, weights } = await loadClassifier(folder);
      const { name, classes, trunk, side, trainedOn, from, score } = card;
      const accuracy = `${(100 * score.test).toFixed(1)} % of ${countOf(score.images, 'test image')} were right`;
      return {
        exportable: { network, weights },
        description: { what, trunk, side, classes },
        about: { name, trainedOn, training: `Fine-tuned from ${from}; ${accuracy}.` },
        output: { meaning: `A logit for each of ${classes.length} classes.`, classes },
        preprocessing:
          `It was trained on squares of ${side} pixels: the shorter side is resized to that (bicubic, antialiased), and ` +
          'the centre square taken. Then the 8-bit image is divided by 255.',
      };
    }
  }
}

async function aboutModel(folder: string, loaded: string): Promise<ExportSource['about']> {
  const model = [folder, join(folder, MODEL_FOLDER)].find((each) => existsSync(join(each, CARD_FILE)));
  const card = model === undefined ? undefined : await readAnyModelCard(model);
  if (loaded.startsWith('the model')) {
    if (card?.kind === 'generator') return aboutGenerator(card);
    if (card?.kind === 'discriminator') return aboutDiscriminator(card);
  }
  const configuration = await readRunConfiguration(folder);
  const { name, scale } = configuration;
  return {
    name,
    trainedOn: basename(datasetFolderOf(folder, configuration)),
    training: `SRGAN (Ledig et al. 2017) at ×${scale}; ${loaded}.`,
  };
}

function aboutGenerator(card: ModelCard): ExportSource['about'] {
  const { name, trainedOn, scale, steps, stage, score, importedFrom, licence } = card;
  const adversarial = stage === 'adversarial' ? 'the last of them adversarial' : 'of the pixel loss alone';
  const trained =
    steps === undefined
      ? `imported from ${importedFrom ?? 'elsewhere'}`
      : `${formatCount(steps)} steps, ${adversarial}`;
  return {
    name,
    trainedOn,
    training: `SRGAN (Ledig et al. 2017) at ×${scale}: ${trained}.`,
    ...(licence !== undefined && { licence }),
    ...(score !== undefined && { score }),
  };
}

function aboutDiscriminator({
  name,
  trainedOn,
  importedFrom,
  licence,
}: DiscriminatorCard): ExportSource['about'] {
  return {
    name,
    trainedOn,
    training: `Discriminator of an SRGAN (Ledig et al. 2017), imported from ${importedFrom ?? 'elsewhere'}.`,
    ...(licence !== undefined && { licence }),
  };
}
