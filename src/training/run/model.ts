/** The model that a finished run leaves in `model/`: the generator's weights, and a card that says what they are. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { besides, syncFolder, writeFileAtomically } from '../../folders/atomic-write';
import { explainFileError } from '../../folders/lab-error';
import { writeModelCard } from '../../folders/marker-files';
import type { ValidationLine } from '../../protocol/metrics';
import type { ModelCard } from '../../protocol/model-card';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { NamedTensors } from '../engines/engine';
import { encodeSafetensors } from './safetensors';

export const MODEL_FOLDER = 'model';
export const GENERATOR_FILE = 'generator.safetensors';

/** What there is to say of a run's generator; `score` is its last validation on whole images. */
export function generatorCard(
  { name, scale, generator }: RunConfiguration,
  {
    score,
    ...training
  }: Pick<ModelCard, 'trainedOn' | 'stage' | 'steps'> & { score: ValidationLine | undefined },
): ModelCard {
  return {
    format: 1,
    name,
    created: new Date().toISOString(),
    kind: 'generator',
    scale,
    generator,
    ...training,
    ...(score && { score: { model: score.model, bicubic: score.bicubic, images: score.images.length } }),
  };
}

/** Replaces the run's model. `weights` are the tensors of the generator alone. */
export async function writeModel(run: string, card: ModelCard, weights: NamedTensors): Promise<void> {
  const folder = join(run, MODEL_FOLDER);
  const partial = besides(folder);
  try {
    await mkdir(partial);
    await writeFileAtomically(
      join(partial, GENERATOR_FILE),
      encodeSafetensors(weights, { format: 'srgan-lab' }),
    );
    await writeModelCard(partial, card);
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
    await syncFolder(run);
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw explainFileError('write the model', folder, error);
  }
}
