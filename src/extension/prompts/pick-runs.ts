/** Asks for runs of the workspace, several at once. */
import * as vscode from 'vscode';
import { LabError } from '../../folders/lab-error';
import { RemediableError } from '../errors';
import type { LabIndex } from '../lab/lab-index';
import { describeRun } from '../views/descriptions';
import { pickSome } from './pick';

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
  const options = {
    title,
    placeHolder: 'Runs to put side by side',
    matchOnDescription: true,
    matchOnDetail: true,
  };
  const chosen = await pickSome(choices, options, least);
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
