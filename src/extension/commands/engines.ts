/** *Engine Doctor* and *Set Up Native Engine…*: what this machine can train with, and getting more of it. */
import * as vscode from 'vscode';
import { z } from 'zod';
import type { DoctorReport } from '../../protocol/engine-report';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { runWithProgress } from '../process/run-with-progress';
import { isCall } from './targets';

/** Opens the doctor's page and examines the engines. A call gets the report, and no page. */
export async function engineDoctor(lab: Lab, argument: unknown): Promise<DoctorReport | undefined> {
  requireTrust('Examining the engines');
  const examination = lab.doctor.examine();
  if (isCall(argument)) return examination;
  lab.enginesPage.show();
  try {
    return await examination;
  } catch {
    // The page tells what went wrong, and that it was stopped.
    return undefined;
  }
}

const setUpResultSchema = z.object({ reason: z.string() });

/** Makes the private Python environment with TensorFlow in it. */
export async function setUpNativeEngine(lab: Lab, argument: unknown): Promise<void> {
  requireTrust('Setting up the native engine');
  if (!isCall(argument) && !(await isWanted())) return;
  const { reason } = await runWithProgress(lab.commandLine, 'Setting up the native engine', {
    args: ['engine', 'setup'],
    result: setUpResultSchema,
  });
  if (isCall(argument)) return;
  const choice = await vscode.window.showInformationMessage(
    `The native engine is set up. ${reason}`,
    'Examine Engines',
  );
  if (choice !== undefined) await vscode.commands.executeCommand('srganLab.engineDoctor');
}

/** It downloads a lot, so it asks first. */
async function isWanted(): Promise<boolean> {
  const choice = await vscode.window.showInformationMessage(
    'Set up the native engine?',
    {
      modal: true,
      detail:
        'This makes a Python environment for the lab alone and installs TensorFlow in it: about 1.5 GB, or 6 GB where there is an NVIDIA GPU. It can be cancelled, and goes on later where it was.',
    },
    'Set Up',
  );
  return choice !== undefined;
}
