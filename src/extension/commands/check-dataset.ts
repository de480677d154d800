/** *Check Dataset…*: reads every picture of a data set and compares it with what the data set says of it. */
import * as vscode from 'vscode';
import { checkDatasetResultSchema, type CheckDatasetResult } from '../../protocol/progress';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { openPage } from '../pages/open-page';
import { runWithProgress } from '../process/run-with-progress';
import { countOf } from '../../protocol/quantities';
import { isCall, targetFolder } from './targets';

/** Checks a data set and tells the outcome. Returns it, too. */
export async function checkDataset(lab: Lab, argument: unknown): Promise<CheckDatasetResult> {
  requireTrust('Checking a data set');
  const folder = await targetFolder(lab.index, 'dataset', argument, {
    placeholder: 'Data set to check',
    none: 'There is no data set in this workspace yet.',
    remedy: { title: 'Create Dataset…', command: 'srganLab.createDataset' },
  });
  const result = await runCheck(lab, folder);
  if (!isCall(argument)) void tell(lab, folder, result);
  return result;
}

export function runCheck(lab: Lab, folder: string): Promise<CheckDatasetResult> {
  return runWithProgress(lab.commandLine, 'Checking the data set', {
    args: ['dataset', 'check', folder],
    result: checkDatasetResultSchema,
    // Bad news is a result, too.
    acceptedCodes: [0, 1],
  });
}

async function tell(lab: Lab, folder: string, { ok, checked, problems }: CheckDatasetResult): Promise<void> {
  const name = vscode.workspace.asRelativePath(folder);
  if (ok) {
    void vscode.window.showInformationMessage(`${name} is in order: ${countOf(checked, 'image')} checked.`);
    return;
  }
  for (const { file, problem } of problems) lab.log.warn(`${file}: ${problem}`);
  const first = problems[0];
  const message = `${name} has ${countOf(problems.length, 'problem')}. ${first === undefined ? '' : `${first.file}: ${first.problem}`}`;
  const choice = await vscode.window.showWarningMessage(message, 'Open Page', 'Show All');
  if (choice === 'Open Page') await openPage('dataset', folder);
  if (choice === 'Show All') lab.log.show();
}
