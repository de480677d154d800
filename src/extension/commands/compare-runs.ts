/** *Compare Runs…*: from several runs in the tree, from folders in the explorer, or chosen from a list. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { findRuns } from '../../folders/find-folders';
import type { Lab } from '../lab';
import { isEntry, RunEntry } from '../lab/entries';
import type { LabIndex } from '../lab/lab-index';
import { pickRuns } from '../prompts/pick-runs';
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
  return findRuns('runs' in parsed ? parsed.runs : [parsed.folder]);
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
  const runs = [...entries, ...(folders.length === 0 ? [] : await findRuns(folders))];
  if (runs.length > 1) return runs;
  const open = activePageFolder('run');
  const marked = runs.length === 0 && open !== undefined ? [open] : runs;
  return pickRuns(index, { title: 'Compare Runs', marked, least: 1 });
}
