/** *Engine Doctor* and *Set Up Native Engine…*: what this machine can train with, and getting more of it. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { doctorReportSchema, type DoctorReport } from '../../protocol/engine-report';
import { doctorText } from '../engines/doctor-text';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { runWithProgress } from '../process/run-with-progress';
import { engineSettingOptions } from '../settings';
import { isCall } from './targets';

const SCHEME = 'srgan-lab-doctor';
const reportUri = vscode.Uri.from({ scheme: SCHEME, path: '/Engine Doctor.md' });

let text = '';
const changed = new vscode.EventEmitter<vscode.Uri>();

/** Serves the newest report as a document that the Markdown preview shows. */
export function provideDoctorDocument(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: () => text,
  });
}

/** Tries and measures every engine, and shows the report. Returns it, too. */
export async function engineDoctor(lab: Lab, argument: unknown): Promise<DoctorReport> {
  requireTrust('Examining the engines');
  const report = await runWithProgress(lab.commandLine, 'Examining the engines', {
    args: ['engine', 'doctor', ...engineSettingOptions()],
    result: doctorReportSchema,
  });
  text = doctorText(report);
  changed.fire(reportUri);
  if (!isCall(argument)) await vscode.commands.executeCommand('markdown.showPreview', reportUri);
  return report;
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
