/**
 * Generators of others. What the lab exported says itself which network it is; of files by others, SRResNet generators in
 * PyTorch's layout are known by the names of their tensors.
 */
import { LabError } from '../../folders/lab-error';
import { generatorNetwork } from '../networks/generator';
import type { ForeignWeights } from './foreign-weights';
import type { ImportedGenerator } from './imported-generator';
import { describedAs, readOwnExport } from './own-export';
import { recogniseSrganNames } from './srgan-names';
import { describeFile } from './what-it-holds';

/** Throws a `LabError` if the file holds no generator that is known, or its weights do not fit. */
export async function importGenerator(file: ForeignWeights): Promise<ImportedGenerator> {
  if (file.description !== undefined) {
    const { scale, generator } = describedAs(file, 'generator');
    const network = generatorNetwork(generator, scale);
    return { scale, generator, weights: await readOwnExport(file, { network }) };
  }
  if (file.format === 'safetensors') {
    const recognised = await recogniseSrganNames(file);
    if (recognised !== undefined) return recognised;
  }
  throw new LabError(
    `${file.path} holds no generator that is known${describeFile(file)}. Known are those that srgan-lab exported, and SRResNet in ` +
      'PyTorch’s layout with the names of leftthomas/SRGAN (block1.0.weight …). docs/models.md says more.',
  );
}
