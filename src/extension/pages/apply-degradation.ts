/** *Apply…* of the degradation editor: makes all LR images anew, in this data set or in a new one, once a person agrees. */
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { readDatasetFile } from '../../folders/dataset-folder';
import type { DatasetFile } from '../../protocol/dataset-file';
import type { Degradation } from '../../protocol/degradation';
import { degradationInWords } from '../../protocol/degradation-words';
import { createDatasetResultSchema } from '../../protocol/progress';
import { countOf } from '../../protocol/quantities';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { Cancelled } from '../process/command-line';
import { runWithProgress } from '../process/run-with-progress';
import { problemWithNewFolder, uniqueName } from '../prompts/folder-names';
import type { DatasetWorks } from './dataset-work';
import { openPage } from './open-page';
import { withScratchFile } from './scratch-file';

const REWRITE = 'Make LR Anew';
const NEW = 'New Data Set…';

/** False if the person thought better of it. */
export async function applyDegradation(
  lab: Lab,
  works: DatasetWorks,
  folder: string,
  degradation: Degradation,
): Promise<boolean> {
  requireTrust('Making LR images');
  const file = await readDatasetFile(folder);
  const choice = await vscode.window.showWarningMessage(
    `Make LR of “${file.name}” by ${degradationInWords(degradation)}?`,
    { modal: true, detail: consequences(file) },
    REWRITE,
    NEW,
  );
  if (choice === undefined) return false;
  const target = choice === NEW ? await askForFolder(folder) : folder;
  if (target === undefined) return false;
  try {
    await withScratchFile('degradation.json', JSON.stringify(degradation), async (path) => {
      if (choice === REWRITE) await rewrite(works, folder, path);
      else await makeNew(lab, file, target, path);
    });
    return true;
  } catch (error) {
    if (error instanceof Cancelled) return false;
    throw error;
  } finally {
    void lab.index.refresh();
  }
}

function consequences({ contents }: DatasetFile): string {
  const images =
    contents === undefined ? 'All LR images' : countOf(contents.train + contents.validation, 'LR image');
  return (
    `${images} will be written anew; HR images, split and sources stay. ` +
    'Runs that were trained on this data set keep their results, and go on with the new images if they are resumed.'
  );
}

async function askForFolder(folder: string): Promise<string | undefined> {
  const parent = dirname(folder);
  const name = await vscode.window.showInputBox({
    title: 'New Data Set',
    ignoreFocusOut: true,
    prompt: `Name of the data set: a folder in ${vscode.workspace.asRelativePath(parent)}`,
    value: uniqueName(parent, basename(folder)),
    validateInput: (answer) => problemWithNewFolder(parent, answer),
  });
  return name === undefined ? undefined : join(parent, name);
}

async function rewrite(works: DatasetWorks, folder: string, degradation: string): Promise<void> {
  await works.run(folder, 'Making the LR images', {
    args: ['dataset', 'update', folder, '--degradation', degradation],
    result: z.looseObject({}),
  });
}

async function makeNew(lab: Lab, file: DatasetFile, target: string, degradation: string): Promise<void> {
  const create = (...validation: string[]): Promise<unknown> =>
    runWithProgress(lab.commandLine, `Creating the data set ${basename(target)}`, {
      args: [
        ...['dataset', 'create', target],
        ...recipeArguments(file),
        ...validation,
        ...['--degradation', degradation],
      ],
      result: createDatasetResultSchema,
    });
  const { validation } = file;
  if (validation.by === 'list') {
    await withScratchFile('validation.txt', `${validation.sources.join('\n')}\n`, (path) =>
      create('--validation-list', path),
    );
  } else await create();
  await openPage('dataset', target);
}

/** The options of `dataset create` that say what this data set says, but for its degradation. */
export function recipeArguments({
  roots,
  include,
  exclude,
  scale,
  subImages,
  validation,
}: Pick<DatasetFile, 'roots' | 'include' | 'exclude' | 'scale' | 'subImages' | 'validation'>): string[] {
  const several = (option: string, values: readonly string[]): string[] =>
    values.length === 0 ? [] : [option, ...values];
  return [
    ...several('--from', roots),
    ...several('--include', include),
    ...several('--exclude', exclude),
    ...['--scale', String(scale)],
    ...(subImages === undefined
      ? []
      : [
          ...['--sub-images', String(subImages.size)],
          ...['--step', String(subImages.step)],
          ...['--threshold', String(subImages.threshold)],
        ]),
    ...(validation.by === 'image'
      ? ['--validation', String(validation.share), '--seed', String(validation.seed)]
      : []),
    ...(validation.by === 'folder' ? several('--validation-folder', validation.folders) : []),
  ];
}
