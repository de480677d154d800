/** *Update*, *Analyse* and *Repair Dataset*: what the page's buttons do, for the palette, key bindings and programs. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { z } from 'zod';
import { analyseDatasetResultSchema } from '../../protocol/dataset-analysis';
import { createDatasetResultSchema, repairDatasetResultSchema } from '../../protocol/progress';
import { countOf } from '../../protocol/quantities';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { openPage } from '../pages/open-page';
import { runWithProgress } from '../process/run-with-progress';
import { isCall, targetFolder } from './targets';

interface DatasetCommand<T> {
  /** Begins a sentence: `Updating`. */
  doing: string;
  name: 'update' | 'analyse' | 'repair';
  placeholder: string;
  result: z.ZodType<T>;
  /** What came of it, in a sentence without the name of the data set. */
  describe: (result: T) => string;
  acceptedCodes?: readonly number[];
}

/** Brings a data set up to date with its sources, or goes on with one that was interrupted. Returns what was done. */
export function updateDataset(lab: Lab, argument: unknown): Promise<unknown> {
  return run(lab, argument, {
    doing: 'Updating',
    name: 'update',
    placeholder: 'Data set to update',
    result: createDatasetResultSchema,
    describe: ({ changes: { made, kept, removed } }) =>
      `${countOf(made, 'image')} made, ${kept} kept, ${removed} removed`,
  });
}

/** Looks for duplicates and problems. Returns how many were found. */
export function analyseDataset(lab: Lab, argument: unknown): Promise<unknown> {
  return run(lab, argument, {
    doing: 'Analysing',
    name: 'analyse',
    placeholder: 'Data set to analyse',
    result: analyseDatasetResultSchema,
    describe: ({ duplicates: { identical, reEncoded, crop }, problems }) => {
      const worst = Object.values(problems).reduce((sum, count) => sum + count, 0);
      return `${countOf(identical + reEncoded + crop, 'group')} of duplicates, ${countOf(worst, 'other problem')}`;
    },
  });
}

/** Makes missing and damaged files again. Returns what was mended and what could not be. */
export function repairDataset(lab: Lab, argument: unknown): Promise<unknown> {
  return run(lab, argument, {
    doing: 'Repairing',
    name: 'repair',
    placeholder: 'Data set to repair',
    result: repairDatasetResultSchema,
    // What could not be mended is a result, too.
    acceptedCodes: [0, 1],
    describe: ({ repaired, problems }) =>
      `${countOf(repaired.length, 'file')} mended, ${problems.length === 0 ? 'none is damaged' : `${problems.length} could not be`}`,
  });
}

async function run<T>(lab: Lab, argument: unknown, command: DatasetCommand<T>): Promise<T> {
  const { doing, name, placeholder, result, describe, acceptedCodes = [0] } = command;
  requireTrust(`${doing} a data set`);
  const folder = await targetFolder(lab.index, 'dataset', argument, {
    placeholder,
    none: 'There is no data set in this workspace yet.',
    remedy: { title: 'Create Dataset…', command: 'srganLab.createDataset' },
  });
  const outcome = await runWithProgress(lab.commandLine, `${doing} the data set ${basename(folder)}`, {
    args: ['dataset', name, folder],
    result,
    acceptedCodes,
  });
  await lab.index.refresh();
  if (!isCall(argument)) {
    await openPage('dataset', folder);
    void vscode.window.showInformationMessage(`${basename(folder)}: ${describe(outcome)}.`);
  }
  return outcome;
}
