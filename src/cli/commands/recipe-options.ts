/** Options by which a command is told what a data set is made from. */
import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { defaultValidation, type RecipeOptions } from '../../datasets/build/recipe';
import { explainFileError, LabError } from '../../folders/lab-error';
import type { DatasetRecipe, ValidationRule } from '../../protocol/dataset-file';
import type { Scale } from '../../protocol/run-configuration';
import { integerIn, scaleOption, share } from '../arguments';
import { addDegradationOptions, degradationFrom, type DegradationOptions } from './degradation-options';

export interface RecipeCommandOptions extends DegradationOptions {
  from?: string[];
  include?: string[];
  exclude?: string[];
  scale?: Scale;
  subImages?: number;
  step?: number;
  threshold?: number;
  wholeImages?: true;
  validation?: number;
  validationFolder?: string[];
  validationList?: string;
  name?: string;
}

/** For the end of a command's help. */
export const recipeHelp = `
Patterns are globs on the path below a source folder, whatever the case: '*.jpg' and 'portraits' are names in any folder,
'holiday/**' is a folder of the source.
The images held out for validation are a share of all, drawn by content and seed; or those in folders that fit a pattern;
or those of a list, one path below a source folder a line.`;

/** Declares them; what is not said has a default in a new data set and stays in one that is there. */
export function addRecipeOptions(command: Command, isNew: boolean): Command {
  const pixels = integerIn(1, 65536);
  command
    .addOption(
      new Option(
        '--from <folder...>',
        'folders of HR images, searched with their sub-folders',
      ).makeOptionMandatory(isNew),
    )
    .option('--include <glob...>', 'take only files that match one of these')
    .option('--exclude <glob...>', 'leave out files and folders that match one of these')
    .addOption(isNew ? scaleOption().default(4) : scaleOption())
    .option('--sub-images <size>', 'cut HR into sub-images of so many pixels a side', pixels)
    .option('--step <pixels>', 'from one sub-image to the next (default: their size)', pixels)
    .option(
      '--threshold <pixels>',
      'cut a last one at the border if more than this is left over (default: 0)',
      integerIn(0, 65536),
    );
  if (!isNew) command.option('--whole-images', 'no longer cut into sub-images');
  const byShare = isNew ? ` (default: ${defaultValidation.share})` : '';
  command
    .addOption(
      new Option('--validation <share>', `share of the images held out for validation${byShare}`)
        .argParser(share)
        .conflicts(['validationFolder', 'validationList']),
    )
    .addOption(
      new Option('--validation-folder <glob...>', 'hold out the images of folders that match').conflicts(
        'validationList',
      ),
    )
    .option('--validation-list <file>', 'hold out the images that a text file lists')
    .option(
      '--seed <number>',
      `decides which are held out, and what a degradation draws${isNew ? ' (default: 0)' : ''}`,
      integerIn(0, 0xffffffff),
    );
  return addDegradationOptions(command).option(
    '--name <text>',
    `name of the data set${isNew ? ' (default: that of its folder)' : ''}`,
  );
}

/**
 * What the options say of a data set; `before` is the recipe of one that is there. Throws a `LabError` for a file that
 * cannot be read and for options that do not go together.
 */
export async function recipeOptionsFrom(
  options: RecipeCommandOptions,
  before?: DatasetRecipe,
): Promise<RecipeOptions> {
  const { name, from, include, exclude, scale } = options;
  return {
    ...{ name, from, include, exclude, scale },
    degradation: saysDegradation(options) ? await degradationFrom(options, before?.degradation) : undefined,
    subImages: subImagesFrom(options, before),
    validation: await validationFrom(options, before),
  };
}

function saysDegradation({
  degradation,
  kernel,
  convention,
  antialias,
  seed,
}: RecipeCommandOptions): boolean {
  return [degradation, kernel, convention, seed].some((option) => option !== undefined) || !antialias;
}

function subImagesFrom(
  { subImages: size, step, threshold, wholeImages }: RecipeCommandOptions,
  before?: DatasetRecipe,
): RecipeOptions['subImages'] {
  if (wholeImages) return null;
  const cut = size ?? before?.subImages?.size;
  if (size === undefined && step === undefined && threshold === undefined) return undefined;
  if (cut === undefined)
    throw new LabError('--step and --threshold need --sub-images, the size of the sub-images.');
  return {
    size: cut,
    step: step ?? (size === undefined ? before?.subImages?.step : undefined),
    threshold: threshold ?? before?.subImages?.threshold,
  };
}

async function validationFrom(
  { validation: share, validationFolder, validationList, seed }: RecipeCommandOptions,
  before?: DatasetRecipe,
): Promise<RecipeOptions['validation']> {
  if (validationFolder !== undefined) return { by: 'folder', folders: validationFolder };
  if (validationList !== undefined) return { by: 'list', sources: await readSourceList(validationList) };
  if (share === undefined && seed === undefined) return undefined;
  const rule = before?.validation;
  // A seed alone says nothing of a rule that draws nothing.
  if (share === undefined && rule !== undefined && rule.by !== 'image') return undefined;
  const old: Partial<Extract<ValidationRule, { by: 'image' }>> = rule?.by === 'image' ? rule : {};
  return { ...old, by: 'image', ...(share !== undefined && { share }), ...(seed !== undefined && { seed }) };
}

/** Lines of a text file, without empty ones; separators of Windows are taken for those of everywhere. */
export async function readSourceList(path: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw explainFileError('read', path, error);
  }
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/\\/g, '/').replace(/^\.\//, ''))
    .filter(Boolean);
  if (lines.length === 0) throw new LabError(`${path} lists nothing. Write one path a line into it.`);
  return lines;
}
