/** Commands that show what is there: pages, files, folders, logs. They start no process and work in Restricted Mode. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { LabError } from '../../folders/lab-error';
import type { Lab } from '../lab';
import { isEntry, markerFiles, type EntryKind } from '../lab/entries';
import { openAsText, openPage, type PageKind } from '../pages/open-page';
import { activePageFolder, folderOf, givenFolder, targetFolder } from './targets';

export async function openRun(lab: Lab, argument: unknown): Promise<string> {
  const folder = await targetFolder(lab.index, 'run', argument, {
    placeholder: 'Run to open',
    none: 'There is no run in this workspace yet.',
    remedy: { title: 'Start Training…', command: 'srganLab.startTraining' },
  });
  await openPage('run', folder);
  return folder;
}

export async function openDataset(lab: Lab, argument: unknown): Promise<string> {
  const folder = await targetFolder(lab.index, 'dataset', argument, {
    placeholder: 'Data set to open',
    none: 'There is no data set in this workspace yet.',
    remedy: { title: 'Create Dataset…', command: 'srganLab.createDataset' },
  });
  await openPage('dataset', folder);
  return folder;
}

/** From a marker file, in the explorer or as text in front, to its page. */
export async function openPageOf(argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const kind = uri === undefined ? undefined : kindOf(uri);
  if (uri === undefined || kind === undefined || kind === 'model')
    throw new LabError(`Only ${markerFiles.run} and ${markerFiles.dataset} have a page.`);
  await openPage(kind, folderOf(uri));
}

/** From a page or a tree to the marker file as text. */
export async function openConfiguration(argument: unknown): Promise<void> {
  const target = markerOf(argument) ?? activePage();
  if (target === undefined) throw new LabError('Choose a data set, a run or a model first.');
  await openAsText(target.kind, target.folder);
}

export async function openRunLog(lab: Lab, argument: unknown): Promise<void> {
  const folder = await targetFolder(lab.index, 'run', argument, {
    placeholder: 'Run whose log is opened',
    none: 'There is no run in this workspace yet.',
  });
  await showRunLog(folder);
}

/** The trainer's own log, at its end. */
export async function showRunLog(folder: string): Promise<void> {
  const uri = vscode.Uri.file(join(folder, 'log.txt'));
  try {
    await vscode.workspace.fs.stat(uri);
  } catch {
    throw new LabError(`${uri.fsPath} is not there: no trainer has written a log in this run yet.`);
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const end = document.lineAt(document.lineCount - 1).range.end;
  await vscode.window.showTextDocument(document, { preview: true, selection: new vscode.Range(end, end) });
}

/** Shows the folder in the explorer if it lies in the workspace, else in the system's file manager. */
export async function revealFolder(argument: unknown): Promise<void> {
  const target = markerOf(argument) ?? activePage();
  const folder = target?.folder ?? givenFolder(argument);
  if (folder === undefined) throw new LabError('Choose a data set, a run or a model first.');
  const marker = vscode.Uri.file(target === undefined ? folder : join(folder, markerFiles[target.kind]));
  const inWorkspace = vscode.workspace.getWorkspaceFolder(marker) !== undefined;
  // The marker rather than the folder, so that the explorer opens the folder to show it.
  await vscode.commands.executeCommand(inWorkspace ? 'revealInExplorer' : 'revealFileInOS', marker);
}

export async function copyPath(argument: unknown): Promise<string> {
  const folder = givenFolder(argument) ?? activePage()?.folder;
  if (folder === undefined) throw new LabError('Choose a data set, a run or a model first.');
  await vscode.env.clipboard.writeText(folder);
  return folder;
}

interface Marker {
  readonly kind: EntryKind;
  readonly folder: string;
}

function markerOf(argument: unknown): Marker | undefined {
  if (isEntry(argument)) return argument;
  if (!(argument instanceof vscode.Uri)) return undefined;
  const kind = kindOf(argument);
  return kind === undefined ? undefined : { kind, folder: folderOf(argument) };
}

function kindOf(uri: vscode.Uri): EntryKind | undefined {
  const kinds: readonly EntryKind[] = ['dataset', 'run', 'model'];
  return kinds.find((kind) => uri.path.endsWith(`/${markerFiles[kind]}`));
}

function activePage(): Marker | undefined {
  const kinds: readonly PageKind[] = ['run', 'dataset'];
  for (const kind of kinds) {
    const folder = activePageFolder(kind);
    if (folder !== undefined) return { kind, folder };
  }
  return undefined;
}
