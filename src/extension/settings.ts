/** The settings of the extension, read when they are needed so that a change takes effect at once. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { convolutionMethods, defaultEngineSettings } from '../protocol/engine-settings';
import { pictureFormats, type PictureFormat } from '../protocol/picture-formats';
import { engineChoices, type EngineChoice } from '../protocol/run-configuration';
import { RemediableError } from './errors';

function setting(name: string, scope?: vscode.Uri): unknown {
  return vscode.workspace.getConfiguration('srganLab', scope).get(name);
}

/** The engine of new runs. A value that settings.json should not hold counts as `auto`. */
export function defaultEngine(): EngineChoice {
  const value = setting('engine');
  return engineChoices.find((choice) => choice === value) ?? 'auto';
}

/**
 * How the engines compute, as options of the command line. What is not changed is left out, and so is what settings.json
 * should not hold.
 */
export function engineSettingOptions(): string[] {
  const [threads, gpuMemory] = [setting('embedded.threads'), setting('native.gpuMemory')];
  const convolutions = convolutionMethods.find(
    (method) =>
      method === setting('embedded.convolutions') && method !== defaultEngineSettings.embedded.convolutions,
  );
  return [
    ...(Number.isInteger(threads) ? ['--threads', String(threads)] : []),
    ...(convolutions === undefined ? [] : ['--convolutions', convolutions]),
    ...(setting('embedded.wideVectors') === 'on' ? ['--wide-vectors'] : []),
    ...(setting('embedded.wideVectors') === 'off' ? ['--no-wide-vectors'] : []),
    ...(setting('native.bfloat16') === true ? ['--bfloat16'] : []),
    ...(Number.isInteger(gpuMemory) ? ['--gpu-memory', String(gpuMemory)] : []),
  ];
}

/** The format of enlarged pictures. A value that settings.json should not hold counts as `png`. */
export function upscaleFormat(): PictureFormat {
  return pictureFormats.find((format) => format === setting('upscale.format')) ?? 'png';
}

export function notifiesWhenRunEnds(): boolean {
  return setting('notifyWhenRunEnds') !== false;
}

/**
 * The workspace folder that new things are made in: the one that holds `near`, else the first. Throws where no folder is
 * open.
 */
export function workspaceRoot(near?: string): vscode.Uri {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const holder = near === undefined ? undefined : vscode.workspace.getWorkspaceFolder(vscode.Uri.file(near));
  const root = holder?.uri ?? folders[0]?.uri;
  if (root !== undefined) return root;
  throw new RemediableError('Open a folder first: data sets and runs are kept as folders in it.', [
    { title: 'Open Folder', command: 'vscode.openFolder' },
  ]);
}

/** Where new data sets or runs are made, absolute. */
export function newFolderParent(kind: 'datasets' | 'runs', near?: string): string {
  const root = workspaceRoot(near);
  const value = setting(`${kind}Folder`, root);
  return join(root.fsPath, typeof value === 'string' && value.trim() !== '' ? value : kind);
}
