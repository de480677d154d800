/** Whose discriminators a curve measures: the run that it belongs to, and the others that it was asked to set beside it. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LabError } from '../../folders/lab-error';
import { readAnyModelCard } from '../../folders/marker-files';
import { CARD_FILE } from '../../protocol/model-card';
import type { TransferMethod } from '../../protocol/transfer';
import { loadDiscriminator } from '../models/load-discriminator';

export interface Subject {
  readonly folder: string;
  /** Its folder’s, with as much of the path as tells it from the others. */
  readonly name: string;
  /** Two that are equal have the same discriminator, but for its weights. */
  readonly network: string;
  /** Methods that need what it has not. */
  readonly lacks: readonly TransferMethod[];
}

/** What a folder cannot give: a model knows no HR patches, and may have no generator. */
export async function lackedMethods(folder: string): Promise<readonly TransferMethod[]> {
  if (!existsSync(join(folder, CARD_FILE))) return [];
  const { kind } = await readAnyModelCard(folder);
  return kind === 'generator' ? ['dcgan'] : ['dcgan', 'generator'];
}

/** The run and the others, in this order. Throws a `LabError` if one of them has no discriminator, or is named twice. */
export async function subjectsOf(run: string, others: readonly string[]): Promise<Subject[]> {
  const folders = [run, ...others].map((folder) => resolve(folder));
  const twice = folders.find((folder, index) => folders.indexOf(folder) < index);
  if (twice !== undefined) {
    throw new LabError(
      `${twice} is to be compared with itself: it is named twice. Take one of the two out (--with).`,
    );
  }
  const names = distinctNames(folders);
  return Promise.all(
    folders.map(async (folder, index) => {
      const { discriminator } = await loadDiscriminator(folder);
      return {
        folder,
        name: names[index]!,
        network: JSON.stringify(discriminator),
        lacks: await lackedMethods(folder),
      };
    }),
  );
}

/** `first` and `second`; `a/run` and `b/run` where the last part is the same. */
export function distinctNames(folders: readonly string[]): string[] {
  return folders.map((folder) => {
    let [name, above] = [basename(folder), dirname(folder)];
    const ends = (other: string): boolean => other === name || other.endsWith(`/${name}`);
    const slashed = folders.map((each) => each.replaceAll('\\', '/'));
    while (slashed.filter(ends).length > 1 && basename(above) !== '') {
      name = `${basename(above)}/${name}`;
      above = dirname(above);
    }
    return name;
  });
}
