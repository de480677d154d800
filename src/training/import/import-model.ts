/** Importing: a network of another framework becomes a model folder, whole or not at all. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { explainFileError, LabError } from '../../folders/lab-error';
import { CARD_FILE, type AnyModelCard } from '../../protocol/model-card';
import type { ImportKind, ImportResult } from '../../protocol/exported-model';
import type { NamedTensors } from '../engines/engine';
import { writeModelFolder } from '../run/model';
import type { ForeignWeights } from './foreign-weights';
import { importContent } from './import-content';
import { importDiscriminator } from './import-discriminator';
import { importGenerator } from './import-generator';
import { withForeignWeights } from './open-weights';

export interface ImportOptions {
  /** File or folder. */
  readonly source: string;
  readonly as: ImportKind;
  /** Folder of the model to make. */
  readonly out: string;
  /** Of the model; the folder's if it is not given. */
  readonly name?: string | undefined;
  readonly licence?: string | undefined;
  /** Whether a model in `out` may be replaced. */
  readonly overwrite?: boolean | undefined;
}

/** Throws a `LabError` where the file is damaged, of another kind, or does not fit; nothing is written then. */
export async function importModel(options: ImportOptions): Promise<ImportResult> {
  const { source, as, out, overwrite = false } = options;
  refuseTakenFolder(out, overwrite);
  const { card, weights, what } = await withForeignWeights(source, (file) => read(file, options));
  try {
    await mkdir(dirname(out), { recursive: true });
  } catch (error) {
    throw explainFileError('make the folder', dirname(out), error);
  }
  await writeModelFolder(out, card, weights);
  return { folder: out, as, name: card.name, what };
}

interface Imported {
  readonly card: AnyModelCard;
  readonly weights: NamedTensors;
  /** The network in words. */
  readonly what: string;
}

async function read(file: ForeignWeights, options: ImportOptions): Promise<Imported> {
  const { source, as, out, name = basename(out), licence } = options;
  const general = {
    format: 1 as const,
    name,
    created: new Date().toISOString(),
    importedFrom: basename(source),
    ...(licence !== undefined && { licence }),
  };
  if (as === 'content') {
    const { layers, weights } = await importContent(file);
    return {
      card: { ...general, kind: 'content', network: 'vgg19', layers: [...layers], trainedOn: 'ImageNet' },
      weights,
      what: `VGG19 up to ${layers.at(-1) ?? ''}`,
    };
  }
  if (as === 'discriminator') {
    const { discriminator, weights } = await importDiscriminator(file);
    const { layers, patch } = discriminator;
    return {
      card: { ...general, kind: 'discriminator', discriminator, trainedOn: 'unknown' },
      weights,
      what: `a discriminator of ${layers.length} convolutions, for patches of ${patch}×${patch}`,
    };
  }
  const { scale, generator, weights } = await importGenerator(file);
  return {
    card: { ...general, kind: 'generator', scale, generator, trainedOn: 'unknown' },
    weights,
    what: `a ×${scale} generator of ${generator.blocks} blocks and ${generator.channels} channels`,
  };
}

function refuseTakenFolder(out: string, overwrite: boolean): void {
  if (!existsSync(out) || readdirSync(out).length === 0) return;
  const model = existsSync(join(out, CARD_FILE));
  if (model && overwrite) return;
  throw new LabError(
    model
      ? `${out} is a model already. Add --overwrite to replace it, or choose another folder with --out.`
      : `${out} has something else in it. Choose a new folder with --out.`,
  );
}
