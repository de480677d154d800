/**
 * The model that a finished run leaves in `model/`: the generator's weights, the discriminator's where there was an
 * adversarial stage, and a card that says what they are.
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { besides, syncFolder, writeFileAtomically } from '../../folders/atomic-write';
import { explainFileError } from '../../folders/lab-error';
import { writeModelCard } from '../../folders/marker-files';
import { CLASSIFIER_FILE } from '../../protocol/classifier-card';
import type { ValidationLine } from '../../protocol/metrics';
import type { AnyModelCard, ModelCard } from '../../protocol/model-card';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { NamedTensors } from '../engines/engine';
import { encodeSafetensors } from './safetensors';

export const MODEL_FOLDER = 'model';
export const GENERATOR_FILE = 'generator.safetensors';
export const DISCRIMINATOR_FILE = 'discriminator.safetensors';
export const CONTENT_FILE = 'content.safetensors';

/** The file of each network. */
const files = {
  generator: GENERATOR_FILE,
  discriminator: DISCRIMINATOR_FILE,
  content: CONTENT_FILE,
  classifier: CLASSIFIER_FILE,
};

/** What there is to say of a run's networks; `score` is the generator's last validation on whole images. */
export function cardOfRun(
  { name, scale, generator, discriminator, data }: RunConfiguration,
  {
    score,
    ...training
  }: Required<Pick<ModelCard, 'trainedOn' | 'stage' | 'steps'>> & { score: ValidationLine | undefined },
): ModelCard {
  return {
    format: 1,
    name,
    created: new Date().toISOString(),
    kind: 'generator',
    scale,
    generator,
    ...(training.stage === 'adversarial' && { discriminator: { ...discriminator, patch: data.patch } }),
    ...training,
    ...(score && { score: { model: score.model, bicubic: score.bicubic, images: score.images.length } }),
  };
}

/** Whether a tensor of a run belongs to the model that its card describes: weights, without the optimiser's state. */
export function belongsToModel({ discriminator }: ModelCard, name: string): boolean {
  return name.startsWith('generator/') || (discriminator !== undefined && name.startsWith('discriminator/'));
}

/** Replaces the run's model. `weights` are the tensors of the networks that the card describes. */
export function writeModel(run: string, card: ModelCard, weights: NamedTensors): Promise<void> {
  return writeModelFolder(join(run, MODEL_FOLDER), card, weights);
}

/** Makes or replaces a model: the tensors of each network in a file of its own, `generator/…` in `generator.safetensors`. */
export async function writeModelFolder(
  folder: string,
  card: AnyModelCard,
  weights: NamedTensors,
): Promise<void> {
  const partial = besides(folder);
  try {
    await mkdir(partial);
    for (const [network, file] of Object.entries(files)) {
      const own = Object.entries(weights).filter(([name]) => name.startsWith(`${network}/`));
      if (own.length === 0) continue;
      const bytes = encodeSafetensors(Object.fromEntries(own), { format: 'srgan-lab' });
      await writeFileAtomically(join(partial, file), bytes);
    }
    await writeModelCard(partial, card);
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    await syncFolder(dirname(folder));
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw explainFileError('write the model', folder, error);
  }
}
