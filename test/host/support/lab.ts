/** What the tests inside VS Code share: the extension, the workspace, pages as tabs, and waiting for what will happen. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { CommandId } from '../../../src/extension/command-ids';

/** The extension, active. */
export async function extensionUnderTest(): Promise<vscode.Extension<unknown>> {
  const extension = vscode.extensions.getExtension('srgan-lab.srgan-lab');
  assert.ok(extension);
  await extension.activate();
  return extension;
}

export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return folder.uri.fsPath;
}

/** A fresh folder in the workspace, with some of the sample photographs in it. The workspace goes with the test run. */
export async function photographs(names: readonly string[]): Promise<string> {
  const samples = join((await extensionUnderTest()).extensionPath, 'media', 'samples');
  const folder = mkdtempSync(join(workspaceFolder(), 'photographs '));
  for (const name of names) cpSync(join(samples, name), join(folder, name));
  return folder;
}

/** A fresh folder in the workspace. */
export function freshFolder(prefix: string): string {
  mkdirSync(workspaceFolder(), { recursive: true });
  return mkdtempSync(join(workspaceFolder(), prefix));
}

/** Resolves when VS Code watches the workspace: it begins to a while after the start, and tests do not wait for its next look. */
export async function watching(): Promise<void> {
  const file = join(workspaceFolder(), `probe-${Date.now()}.txt`);
  let seen = false;
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(workspaceFolder(), basename(file)),
  );
  watcher.onDidChange(() => (seen = true));
  await until(async () => {
    writeFileSync(file, String(Math.random()));
    await new Promise((resolve) => setTimeout(resolve, 200));
    return seen;
  });
  watcher.dispose();
  rmSync(file);
}

/** Runs a command of the lab. */
export async function execute(command: CommandId, argument?: unknown): Promise<unknown> {
  return vscode.commands.executeCommand(command, argument);
}

/** As `execute`, where the answer is a folder. */
export async function executeForFolder(command: CommandId, argument?: unknown): Promise<string> {
  const folder = await execute(command, argument);
  assert.ok(typeof folder === 'string', `${command} returned ${JSON.stringify(folder)}`);
  return folder;
}

/** Folders whose pages of this kind are open, in the order of their tabs. */
export function openPages(kind: 'run' | 'dataset' | 'transfer'): string[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .flatMap(({ input }) =>
      input instanceof vscode.TabInputCustom && input.viewType === `srganLab.${kind}`
        ? [dirname(input.uri.fsPath)]
        : [],
    );
}

export async function closeAllEditors(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Resolves to the first answer that is not undefined; the test's own timeout is the limit. */
export async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await look();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Resolves when the condition holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await eventually(async () => ((await condition()) ? true : undefined));
}
