/**
 * The extension's front door. Each feature is a function that takes what it needs and returns a `Disposable`; nothing is
 * started here: a trainer that is running already is found by its folder.
 */
import * as vscode from 'vscode';
import { bundlePath } from '../folders/installation';
import { registerCommands } from './commands';
import { EngineDoctor } from './engines/doctor';
import { tensorFlowHints } from './engines/tensorflow-hints';
import type { Lab } from './lab';
import { LabIndex } from './lab/lab-index';
import { StarredRuns } from './lab/starred-runs';
import { followOpenRequests } from './open-requests';
import { CompareImagesPages } from './pages/compare-images-page';
import { ComparePages } from './pages/compare-page';
import { registerDatasetPage } from './pages/dataset-page';
import { EnginesPage } from './pages/engines-page';
import { OpenPages } from './pages/open-pages';
import { registerPreviewEditor } from './pages/preview-editor';
import { registerRunPage } from './pages/run-page';
import { registerTransferPage } from './pages/transfer-page';
import { CommandLine } from './process/command-line';
import { notifyOfEndedRuns } from './run-notifications';
import { createStatusBarItem } from './views/status-bar';
import { createViews } from './views/views';

let commandLine: CommandLine | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('SRGAN Lab', { log: true });
  const index = new LabIndex(log);
  commandLine = new CommandLine(bundlePath('cli.js'), log, tensorFlowHints);
  const openPages = new OpenPages();
  const { extensionUri } = context;
  const doctor = new EngineDoctor(commandLine, context.globalState);
  const enginesPage = new EnginesPage(extensionUri, doctor, log);
  const starred = new StarredRuns(context.workspaceState);
  const comparePages = new ComparePages({ extensionUri, log, index, starred });
  const compareImagesPages = new CompareImagesPages(extensionUri, log);
  const lab: Lab = {
    extensionUri,
    log,
    index,
    commandLine,
    openPages,
    doctor,
    enginesPage,
    comparePages,
    compareImagesPages,
  };
  context.subscriptions.push(
    log,
    index,
    registerCommands(lab),
    enginesPage,
    doctor,
    comparePages,
    compareImagesPages,
    starred,
    registerRunPage(lab),
    registerDatasetPage(lab),
    registerTransferPage(lab),
    registerPreviewEditor(lab),
    createViews(index),
    createStatusBarItem(index),
    notifyOfEndedRuns(index, openPages),
    followOpenRequests(index, log),
  );
  await index.refresh();
}

/** Ends what is under way, such as a data set half made; trainers go on without us. */
export async function deactivate(): Promise<void> {
  await commandLine?.dispose();
}
