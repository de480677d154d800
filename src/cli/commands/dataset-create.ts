/** `srgan-lab dataset create`, `update` and `leave-out`: the commands that make and change data sets. */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { createDataset, updateDataset, type DatasetResult } from '../../datasets/create';
import { leaveOut } from '../../datasets/leave-out';
import { readDatasetFile } from '../../folders/dataset-folder';
import { IMAGES_FILE } from '../../protocol/dataset-file';
import type { CreateDatasetResult } from '../../protocol/progress';
import { countOf, formatCount, formatDuration } from '../../protocol/quantities';
import type { Scale } from '../../protocol/run-configuration';
import { integerIn } from '../arguments';
import { execute, type Outcome } from '../output';
import { degradationHelp } from './degradation-options';
import {
  addRecipeOptions,
  readSourceList,
  recipeHelp,
  recipeOptionsFrom,
  type RecipeCommandOptions,
} from './recipe-options';

interface BuildCommandOptions extends RecipeCommandOptions {
  workers?: number;
}

export function registerCreate(dataset: Command): void {
  const command = dataset
    .command('create')
    .summary('make a data set from folders of photographs')
    .description(
      'Make a data set of HR/LR pairs from folders of photographs. Interrupted, it goes on when it is run again.',
    )
    .argument('<out>', 'folder to make; missing, empty, or begun with the same options');
  addWorkers(addRecipeOptions(command, true))
    .addHelpText(
      'after',
      `${recipeHelp}
${degradationHelp}

Examples:
  $ srgan-lab dataset create photos-x4 --from ~/Photos --scale 4
  $ srgan-lab dataset create both-x2 --from ~/Photos ~/Scans --scale 2 --validation 0.2 --seed 7
  $ srgan-lab dataset create div2k-x4 --from ~/DIV2K --sub-images 480 --step 240 --validation-folder '*valid*'
  $ srgan-lab dataset create real-x4 --from ~/Photos --exclude '*.gif' drafts --degradation real-esrgan
  $ srgan-lab dataset create photos-x4 --from ~/Photos --json > result.json`,
    )
    .action(
      async (out: string, options: BuildCommandOptions & { from: string[]; scale: Scale }, self: Command) => {
        await execute(self, async ({ progress, signal }) => {
          const { from, scale, workers } = options;
          const started = performance.now();
          const recipe = await recipeOptionsFrom(options);
          const made = await createDataset(
            { ...recipe, folder: out, from, scale, workers },
            { onProgress: progress.report, signal },
          );
          return outcomeOf(made, started);
        });
      },
    );
}

export function registerUpdate(dataset: Command): void {
  const command = dataset
    .command('update')
    .summary('bring a data set up to date, or go on with one that was interrupted')
    .description(
      'Bring a data set up to date with its sources, and with what the options change; go on where that was interrupted. ' +
        'Only what has changed, by content, is made again.',
    )
    .argument('<folder>', 'folder of the data set');
  addWorkers(addRecipeOptions(command, false))
    .addHelpText(
      'after',
      `${recipeHelp}
${degradationHelp}

Examples:
  $ srgan-lab dataset update photos-x4
  $ srgan-lab dataset update photos-x4 --from ~/Photos ~/Holiday
  $ srgan-lab dataset update photos-x4 --degradation real-esrgan --seed 3`,
    )
    .action(async (folder: string, options: BuildCommandOptions, self: Command) => {
      await execute(self, async ({ progress, signal }) => {
        const started = performance.now();
        const recipe = await recipeOptionsFrom(options, await readDatasetFile(resolve(folder)));
        const { workers } = options;
        const made = await updateDataset(
          folder,
          { ...recipe, workers },
          { onProgress: progress.report, signal },
        );
        return outcomeOf(made, started);
      });
    });
}

interface LeaveOutOptions {
  undo?: true;
  list?: string;
  workers?: number;
}

export function registerLeaveOut(dataset: Command): void {
  const command = dataset
    .command('leave-out')
    .summary('take images out of a data set, or put them back')
    .description('Take images out of a data set, or put them back. Their sources are not touched.')
    .argument('<folder>', 'folder of the data set')
    .argument('[name...]', 'names of images, or paths of sources below their folder')
    .option('--list <file>', 'a text file with more of them, one a line')
    .option('--undo', 'put them back; without names all that were taken out');
  addWorkers(command)
    .addHelpText(
      'after',
      `
A sub-image is taken out alone; a source with all that was made of it.

Examples:
  $ srgan-lab dataset leave-out photos-x4 blurred-1 holiday/IMG_7.jpg
  $ srgan-lab dataset leave-out photos-x4 --undo`,
    )
    .action(async (folder: string, names: string[], options: LeaveOutOptions, self: Command) => {
      await execute(self, async ({ progress, signal }) => {
        const started = performance.now();
        const { undo = false, list, workers } = options;
        const all = [...names, ...(list === undefined ? [] : await readSourceList(list))];
        const made = await leaveOut(folder, all, { undo }, { workers, onProgress: progress.report, signal });
        return outcomeOf(made, started);
      });
    });
}

function addWorkers(command: Command): Command {
  return command.option('--workers <number>', 'worker processes (default: one a core)', integerIn(1, 256));
}

/** Files left out that are told one by one; all of them are in the list of images and in the JSON. */
const MOST_TOLD = 100;
/** Names for validation that are told. */
const MOST_UNMATCHED = 10;

function outcomeOf({ folder, file, changes, unmatched }: DatasetResult, started: number): Outcome {
  const { name, roots, contents, omitted } = file;
  const result: CreateDatasetResult = {
    folder,
    name,
    images: { train: contents.train, validation: contents.validation },
    omitted: omitted.map(({ root, source, reason }) => ({ file: join(roots[root]!, source), reason })),
    unmatched: [...unmatched],
    changes,
    seconds: (performance.now() - started) / 1000,
  };
  return { result, text: describe(result) };
}

function describe({ folder, images, omitted, unmatched, changes, seconds }: CreateDatasetResult): string {
  const { made, kept, renamed, removed } = changes;
  const isNew = kept === 0 && removed === 0;
  const lines = [
    `${isNew ? 'Made' : 'Updated'} ${folder} in ${formatDuration(seconds)}: ` +
      `${countOf(images.train, 'image')} to train on, ${formatCount(images.validation)} for validation.`,
  ];
  if (!isNew) {
    const under = renamed > 0 ? ` (${formatCount(renamed)} under another name)` : '';
    lines.push(
      made + renamed + removed === 0
        ? 'No image had to be made or removed.'
        : `${countOf(made, 'image')} made, ${formatCount(kept)} kept${under}, ${formatCount(removed)} removed.`,
    );
  }
  if (images.validation === 0) lines.push('Without validation images a run cannot tell how well it does.');
  if (unmatched.length > 0) {
    const shown = unmatched.slice(0, MOST_UNMATCHED).join(', ');
    const more = unmatched.length - MOST_UNMATCHED;
    const others = more > 0 ? ` and ${formatCount(more)} more` : '';
    lines.push(`Named for validation, but not among the sources: ${shown}${others}.`);
  }
  if (omitted.length > 0) lines.push(`Left out ${formatCount(omitted.length)}:`);
  const told = omitted.length > MOST_TOLD ? omitted.slice(0, MOST_TOLD - 1) : omitted;
  for (const { file, reason } of told) lines.push(`  ${file}: ${reason}`);
  if (told.length < omitted.length)
    lines.push(`  and ${formatCount(omitted.length - told.length)} more, at the end of ${IMAGES_FILE}`);
  return lines.join('\n');
}
