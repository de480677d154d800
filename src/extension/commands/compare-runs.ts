/** *Compare Runs…*: from several runs in the tree, from folders in the explorer, or chosen from a list. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { findFolders } from '../../folders/find-folders';
import { LabError } from '../../folders/lab-error';
import { RUN_FILE } from '../../protocol/run-configuration';
import { RemediableError } from '../errors';
import type { Lab } from '../lab';
import { isEntry, RunEntry } from '../lab/entries';
import type { LabIndex } from '../lab/lab-index';
import { Cancelled } from '../process/command-line';
import { describeRun } from '../views/descriptions';
import { activePageFolder, folderOf, isCall, parseCall } from './targets';

/** Arguments of the command, for key bindings and programs: runs, or folders with runs in them. */
const compareArguments = z.union([
  z.strictObject({ runs: z.array(z.string().min(1)).min(1) }),
  z.strictObject({ folder: z.string().min(1) }),
]);

/** Opens the page on the runs that were meant, asking where that is fewer than two. Returns their folders. */
export async function compareRuns(lab: Lab, argument: unknown, selection: unknown): Promise<string[]> {
  const runs = isCall(argument)
    ? await runsOfCall(argument)
    : await runsOfPerson(lab.index, selected(argument, selection));
  lab.comparePages.show(runs);
  return runs;
}

async function runsOfCall(argument: unknown): Promise<string[]> {
  const parsed = parseCall(compareArguments, argument);
  return runsIn('runs' in parsed ? parsed.runs : [parsed.folder]);
}

/** Everything that the command was called on; VS Code gives the selection only where there is one. */
function selected(argument: unknown, selection: unknown): unknown[] {
  if (Array.isArray(selection) && selection.length > 0) return selection;
  return argument === undefined ? [] : [argument];
}

async function runsOfPerson(index: LabIndex, targets: readonly unknown[]): Promise<string[]> {
  const folders = targets.flatMap((target) => (target instanceof vscode.Uri ? [folderOf(target)] : []));
  const entries = targets.flatMap((target) =>
    isEntry(target) && target instanceof RunEntry ? [target.folder] : [],
  );
  const runs = [...entries, ...(folders.length === 0 ? [] : await runsIn(folders))];
  if (runs.length > 1) return runs;
  const open = activePageFolder('run');
  const marked = runs.length === 0 && open !== undefined ? [open] : runs;
  return pickRuns(index, { title: 'Compare Runs', marked, least: 1 });
}

/** All runs in and below the folders, each once. Throws a `LabError` where there is none. */
export async function runsIn(folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(folders.map(findFolders));
  const runs = [...new Set(found.flatMap((each) => each.runs))];
  if (runs.length === 0)
    throw new LabError(
      `There is no run in ${folders.map((folder) => basename(folder)).join(', ')}: no folder there has a ${RUN_FILE}.`,
    );
  return runs;
}

export interface PickRunsOptions {
  readonly title: string;
  /** Runs that are checked at first. */
  readonly marked?: readonly string[];
  /** Runs that are not offered. */
  readonly except?: readonly string[];
  /** Fewer than so many are no choice. */
  readonly least: number;
}

/** Asks for runs of the workspace. Rejects with `Cancelled` if the person thinks better of it. */
export async function pickRuns(
  index: LabIndex,
  { title, marked = [], except = [], least }: PickRunsOptions,
): Promise<string[]> {
  await index.refresh();
  const runs = index.runs.filter(({ folder }) => !except.includes(folder));
  if (runs.length === 0) throw noRuns(except.length > 0);
  const choices = runs.map((run) => ({
    label: run.name,
    description: describeRun(run),
    detail: vscode.workspace.asRelativePath(run.folder),
    folder: run.folder,
    picked: marked.includes(run.folder),
  }));
  const chosen = await vscode.window.showQuickPick(choices, {
    title,
    placeHolder: 'Runs to put side by side',
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen === undefined || chosen.length < least) throw new Cancelled();
  return chosen.map(({ folder }) => folder);
}

function noRuns(others: boolean): LabError {
  return others
    ? new LabError(
        'All runs of this workspace are in the comparison already. Add a folder to compare runs of other places.',
      )
    : new RemediableError('There is no run in this workspace yet.', [
        { title: 'Start Training…', command: 'srganLab.startTraining' },
      ]);
}
