/** Choosing a generator of this workspace: the finished models, and runs that have a checkpoint to take the weights from. */
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { RemediableError } from '../errors';
import type { Lab } from '../lab';
import { describeModel, describeRun } from '../views/descriptions';
import { pickOne, pickSome } from './pick';

interface ModelChoice extends vscode.QuickPickItem {
  readonly folder: string;
}

/** Folder of the one that the person picks. Throws `Cancelled`, or an error with what to do where there is none. */
export async function pickModel(lab: Lab, placeHolder: string): Promise<string> {
  return (await pickOne(await modelChoices(lab), { placeHolder })).folder;
}

/** Folders of those that the person ticks, at least one. Throws likewise. */
export async function pickModels(lab: Lab, placeHolder: string): Promise<string[]> {
  const choices = await pickSome(await modelChoices(lab), { placeHolder });
  return choices.map(({ folder }) => folder);
}

async function modelChoices(lab: Lab): Promise<ModelChoice[]> {
  await lab.index.refresh();
  const models = lab.index.models.filter(({ content }) => 'ok' in content && content.ok.kind === 'generator');
  const covered = new Set(models.map(({ folder }) => dirname(folder)));
  const runs = lab.index.runs.filter(
    ({ folder, content }) => !covered.has(folder) && 'ok' in content && content.ok.status.step > 0,
  );
  const choices = [
    ...models.map((entry) => ({ entry, description: describeModel(entry), icon: 'package' })),
    ...runs.map((entry) => ({ entry, description: describeRun(entry), icon: 'beaker' })),
  ].map(({ entry, description, icon }) => ({
    label: `$(${icon}) ${entry.name}`,
    description,
    detail: vscode.workspace.asRelativePath(entry.folder),
    folder: entry.folder,
  }));
  if (choices.length === 0) {
    throw new RemediableError('There is no model in this workspace yet: a training run makes one.', [
      { title: 'Start Training…', command: 'srganLab.startTraining' },
    ]);
  }
  return choices;
}
