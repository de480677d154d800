/** *Stop Training* and *Resume Training*. A stop is a wish sent to the trainer, which saves a checkpoint before it ends. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { sendControlCommand } from '../../folders/control';
import { LabError } from '../../folders/lab-error';
import { readLease, tenancyOf } from '../../folders/lease-file';
import { isSameProcess, isSuspended } from '../../folders/process-identity';
import type { Lease } from '../../protocol/lease';
import { trainResultSchema } from '../../protocol/progress';
import { requireTrust, showError } from '../errors';
import type { Lab } from '../lab';
import type { Entry } from '../lab/entries';
import { openPage } from '../pages/open-page';
import { Cancelled } from '../process/command-line';
import { signalTree } from '../process/process-tree';
import { runWithProgress } from '../process/run-with-progress';
import { askToQueue } from './queue-choice';
import { isCall, targetFolder } from './targets';

/** The longest that a step, a validation and a checkpoint may take together before a person is asked what to do. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 200;
/** What a trainer that hears the second press needs to leave its last word. */
const SECOND_PRESS_MS = 1500;

/** Stops the trainer and returns the run folder when it has ended. */
export async function stopTraining(lab: Lab, argument: unknown): Promise<string> {
  requireTrust('Stopping a trainer');
  const folder = await targetFolder(lab.index, 'run', argument, {
    placeholder: 'Run to stop',
    filter: (entry) => entry.kind === 'run' && entry.running,
    none: 'No run of this workspace is training on this machine.',
  });
  const stopping = await tellToStop(folder);
  if (stopping !== undefined) await seeItStop(folder, stopping, isCall(argument));
  await lab.index.refresh();
  return folder;
}

/** A trainer that was told to stop, and will. */
interface Stopping {
  readonly lease: Lease;
  /** Why it could not be told; it can only be ended by force. */
  readonly unreachable?: string;
}

/** For a page, which sees by itself how the run goes on: resolves as soon as the trainer has been told. */
export async function stopRunFromPage(lab: Lab, folder: string): Promise<void> {
  requireTrust('Stopping a trainer');
  const stopping = await tellToStop(folder);
  if (stopping !== undefined)
    void seeItStop(folder, stopping, false).catch((error: unknown) => showError(error, lab.log));
}

/** Sends the wish to stop. Undefined where nothing runs. */
async function tellToStop(folder: string): Promise<Stopping | undefined> {
  const lease = await readLease(folder);
  const tenancy = tenancyOf(lease);
  if (tenancy === 'elsewhere')
    throw new LabError(`${basename(folder)} trains on the machine ${lease?.host ?? ''}. Stop it there.`);
  if (lease === undefined || tenancy !== 'here') return undefined;
  // It could neither hear nor save a checkpoint.
  if (isSuspended(lease.pid)) process.kill(lease.pid, 'SIGCONT');
  const reply = await sendControlCommand(lease.socket, { command: 'stop' });
  return reply.ok ? { lease } : { lease, unreachable: reply.error };
}

/** Resolves when the trainer has ended; a person is asked before it is ended by force. */
async function seeItStop(folder: string, stopping: Stopping, silent: boolean): Promise<void> {
  const { lease, unreachable } = stopping;
  if (unreachable !== undefined) {
    // It may have ended in the very moment.
    if (isSameProcess(lease.pid, lease.processStarted)) await offerForce(folder, lease, unreachable, silent);
    return;
  }
  const title = `Stopping ${basename(folder)}: the step under way is finished and a checkpoint saved`;
  const location = vscode.ProgressLocation.Window;
  const ended = await vscode.window.withProgress({ location, title }, () => hasEnded(lease));
  if (!ended) await offerForce(folder, lease, 'It is still busy after a minute.', silent);
}

async function hasEnded(lease: Lease, patience = PATIENCE_MS): Promise<boolean> {
  const deadline = performance.now() + patience;
  while (isSameProcess(lease.pid, lease.processStarted)) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return true;
}

/** The second press of Stop: ends the trainer in its step, by force where it does not hear. */
export async function endRunNow(folder: string): Promise<void> {
  requireTrust('Stopping a trainer');
  const stopping = await tellToStop(folder);
  if (stopping === undefined) return;
  const { lease } = stopping;
  if (!(await hasEnded(lease, SECOND_PRESS_MS))) signalTree(lease.pid, 'SIGKILL');
}

/** *Start Now*: a run that waits in the queue trains before its turn. Returns the run folder. */
export async function startTrainingNow(lab: Lab, argument: unknown): Promise<string> {
  const folder = await targetFolder(lab.index, 'run', argument, {
    placeholder: 'Run to start now',
    filter: isWaiting,
    none: 'No run of this workspace waits for its turn.',
  });
  await startRunNow(folder);
  await lab.index.refresh();
  return folder;
}

/** Tells a trainer that waits to train now. One that waits no longer needs no telling. */
export async function startRunNow(folder: string): Promise<void> {
  requireTrust('Training');
  const lease = await readLease(folder);
  if (lease?.phase !== 'waiting' || tenancyOf(lease) !== 'here') return;
  const reply = await sendControlCommand(lease.socket, { command: 'start' });
  if (!reply.ok) throw new LabError(`${basename(folder)} was not started. ${reply.error}`);
}

export function isWaiting(entry: Entry): boolean {
  return (
    entry.kind === 'run' &&
    'ok' in entry.content &&
    entry.content.ok.status.phase === 'waiting' &&
    entry.running
  );
}

/** Ends a trainer that cannot be talked to, if the person says so: what it did since its last checkpoint is lost. */
async function offerForce(folder: string, lease: Lease, reason: string, silent: boolean): Promise<void> {
  const message = `The trainer of ${basename(folder)} did not stop. ${reason}`;
  if (silent) throw new LabError(message);
  const force = 'End It by Force';
  const detail = 'What it learned since its last checkpoint is lost; it can be resumed from there.';
  const choice = await vscode.window.showWarningMessage(message, { modal: true, detail }, force);
  if (choice !== force) throw new Cancelled();
  if (isSameProcess(lease.pid, lease.processStarted)) signalTree(lease.pid, 'SIGKILL');
  await hasEnded(lease);
}

/** Starts a trainer that goes on from the last checkpoint, and opens the run's page. Returns the run folder. */
export async function resumeTraining(lab: Lab, argument: unknown): Promise<string> {
  requireTrust('Training');
  const folder = await targetFolder(lab.index, 'run', argument, {
    placeholder: 'Run to resume',
    filter: isResumable,
    none: 'No run of this workspace can be resumed: all of them are running or finished.',
  });
  await resumeRun(lab, folder, !isCall(argument));
  await openPage('run', folder);
  return folder;
}

/** Starts the trainer of a run again. Asks whether it waits where another run trains, unless `ask` is false. */
export async function resumeRun(lab: Lab, folder: string, ask = true): Promise<void> {
  const queueing = ask ? await askToQueue(lab) : [];
  await runWithProgress(lab.commandLine, `Resuming ${basename(folder)}`, {
    args: ['resume', folder, ...queueing, '--detach'],
    result: trainResultSchema,
  });
  await lab.index.refresh();
}

export function isResumable(entry: Entry): boolean {
  if (entry.kind !== 'run' || 'problem' in entry.content) return false;
  return ['new', 'stopped', 'failed', 'crashed'].includes(entry.content.ok.status.state);
}
