/** Discriminators, which only the lab's own exports hold: others differ in their layers, and none is known by its names. */
import { LabError } from '../../folders/lab-error';
import type { TrainedDiscriminator } from '../../protocol/model-card';
import type { NamedTensors } from '../engines/engine';
import { discriminatorNetwork } from '../networks/discriminator';
import type { ForeignWeights } from './foreign-weights';
import { describedAs, readOwnExport } from './own-export';
import { describeFile } from './what-it-holds';

export interface ImportedDiscriminator {
  readonly discriminator: TrainedDiscriminator;
  readonly weights: NamedTensors;
}

/** Throws a `LabError` if the file holds none, or its weights do not fit. */
export async function importDiscriminator(file: ForeignWeights): Promise<ImportedDiscriminator> {
  if (file.description === undefined) {
    throw new LabError(
      `${file.path} holds no discriminator that is known${describeFile(file)}. Known are those that srgan-lab exported ` +
        '(--what discriminator).',
    );
  }
  const { discriminator } = describedAs(file, 'discriminator');
  const network = discriminatorNetwork(discriminator, discriminator.patch);
  return { discriminator, weights: await readOwnExport(file, { network, side: discriminator.patch }) };
}
