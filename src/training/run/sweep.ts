/**
 * A sweep: one run for each combination of the values that settings are given. All of its runs are composed and checked
 * before the first folder is made.
 */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder } from '../../datasets/target-folder';
import { LabError } from '../../folders/lab-error';
import { writeRunConfiguration } from '../../folders/marker-files';
import type { RunConfiguration } from '../../protocol/run-configuration';
import { composeConfiguration, type NewRun } from './create-run';

/** More than anybody can look at; most likely a slip. */
const MOST_RUNS = 500;

/** A setting and the values that it takes. */
interface Axis {
  readonly path: string;
  /** As they stand behind `=` in `--set`. */
  readonly values: readonly string[];
}

/**
 * Reads `key=value,value,…`, or `key=[…]` with a JSON array, for values that hold commas. Throws a `LabError` if it is
 * neither.
 */
export function parseAxis(text: string): Axis {
  const equals = text.indexOf('=');
  const [path, list] = [text.slice(0, equals), text.slice(equals + 1)];
  const values = list.startsWith('[')
    ? valuesOfArray(text, list)
    : list.split(',').map((value) => value.trim());
  if (equals < 1 || values.length === 0 || values.includes('')) {
    throw new LabError(
      `--vary ${text} is not of the form key=value,value, for example --vary seed=0,1,2 or --vary lossWeights.content=0.006,0.02.`,
    );
  }
  const twice = values.find((value, index) => values.indexOf(value) < index);
  if (twice !== undefined) throw new LabError(`--vary ${text} has the value ${twice} twice.`);
  return { path, values };
}

function valuesOfArray(text: string, list: string): string[] {
  try {
    return (JSON.parse(list) as unknown[]).map((value) => JSON.stringify(value));
  } catch (error) {
    throw new LabError(`--vary ${text}: what begins with [ has to be an array in JSON.`, { cause: error });
  }
}

interface Variant {
  readonly name: string;
  readonly overrides: readonly string[];
}

/** Every combination, the last axis changing fastest, named by the values that differ: `content-0.006_seed-1`. */
export function variantsOf(axes: readonly Axis[]): Variant[] {
  const paths = axes.map(({ path }) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) < index);
  if (twice !== undefined) throw new LabError(`${twice} is varied twice. Give all its values at once.`);
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > MOST_RUNS) {
    throw new LabError(`That makes ${count} runs; a sweep has ${MOST_RUNS} at the most. Give fewer values.`);
  }
  let variants: Variant[] = [{ name: '', overrides: [] }];
  for (const { path, values } of axes) {
    const label = labelOf(path, paths);
    variants = variants.flatMap(({ name, overrides }) =>
      values.map((value, index) => ({
        name: [...(name === '' ? [] : [name]), `${label}-${asName(value, index)}`].join('_'),
        overrides: [...overrides, `${path}=${value}`],
      })),
    );
  }
  return variants;
}

/** The last part of a path where that is enough to tell it from the others. */
function labelOf(path: string, paths: readonly string[]): string {
  const last = (each: string): string => each.split('.').at(-1)!;
  const shared = paths.filter((each) => last(each) === last(path)).length > 1 || /^\d+$/.test(last(path));
  return shared ? path : last(path);
}

/** A value as a part of a folder's name; one that cannot be is told by its place. */
function asName(value: string, index: number): string {
  return /^[\w.+-]{1,40}$/.test(value) ? value : String(index + 1);
}

export interface SweepOptions extends Omit<NewRun, 'folder'> {
  /** The folder of the whole sweep, with a folder for each run; must be missing or empty. */
  readonly folder: string;
  /** `key=value,value`, each. */
  readonly vary: readonly string[];
}

/**
 * Makes the folders of all runs of a sweep and returns them. Throws a `LabError` if a setting or a value is not allowed or
 * the folder is taken; then nothing was made.
 */
export async function createSweep({
  folder,
  vary,
  overrides = [],
  ...options
}: SweepOptions): Promise<string[]> {
  const target = resolve(folder);
  const variants = variantsOf(vary.map(parseAxis));
  const composed: { name: string; configuration: RunConfiguration }[] = [];
  for (const { name, overrides: values } of variants) {
    const configuration = await composeConfiguration(join(target, name), {
      ...options,
      overrides: [...overrides, ...values],
    });
    composed.push({ name, configuration });
  }
  await makeFolder(target, async (partial) => {
    for (const { name, configuration } of composed) {
      await mkdir(join(partial, name));
      await writeRunConfiguration(join(partial, name), configuration);
    }
  });
  return composed.map(({ name }) => join(target, name));
}
