/**
 * Telling a person that something went wrong: the error's own words, a button for what can be done about it, and the stack in
 * the log if it is a bug of ours.
 */
import * as vscode from 'vscode';
import { LabError, messageOf } from '../folders/lab-error';
import type { CommandId } from './command-ids';
import { Cancelled, type Log } from './process/command-line';

/** A button on an error message: a command with its arguments. */
export interface Remedy {
  readonly title: string;
  readonly command: CommandId | 'workbench.trust.manage' | 'vscode.openFolder';
  readonly arguments?: readonly unknown[];
}

/** An error that a click can do something about. */
export class RemediableError extends LabError {
  constructor(
    message: string,
    readonly remedies: readonly Remedy[],
  ) {
    super(message);
  }
}

/** Shows the error, and does what the person chooses. A cancellation is no error: they know. */
export async function showError(error: unknown, log: Log): Promise<void> {
  if (error instanceof Cancelled) return;
  const showLog: Remedy = { title: 'Show Log', command: 'srganLab.showLog' };
  let message = messageOf(error);
  let remedies: readonly Remedy[] = [showLog];
  if (error instanceof RemediableError) {
    remedies = error.remedies;
  } else if (!(error instanceof LabError)) {
    log.warn(error instanceof Error ? (error.stack ?? message) : message);
    message = `This is a bug in SRGAN Lab: ${message}`;
  }
  const choice = await vscode.window.showErrorMessage(message, ...remedies.map(({ title }) => title));
  const remedy = remedies.find(({ title }) => title === choice);
  if (remedy !== undefined) await vscode.commands.executeCommand(remedy.command, ...(remedy.arguments ?? []));
}

/** Throws unless the person has said that they trust this workspace. `action` begins the sentence: `Training`, `Upscaling`. */
export function requireTrust(action: string): void {
  if (vscode.workspace.isTrusted) return;
  throw new RemediableError(
    `${action} starts processes on files of this workspace, which is in Restricted Mode. Trust the workspace first, if you know where it comes from.`,
    [{ title: 'Manage Workspace Trust', command: 'workbench.trust.manage' }],
  );
}
