/**
 * The commands of the extension, one line each. Called by a person, a command shows its errors; called with an object of
 * arguments, by a program or a key binding, it throws them.
 */
import * as vscode from 'vscode';
import type { CommandId } from './command-ids';
import { checkDataset } from './commands/check-dataset';
import { compareImages, compareWithHead } from './commands/compare-images';
import { compareRuns } from './commands/compare-runs';
import { createDataset, createSampleDataset } from './commands/create-dataset';
import { analyseDataset, repairDataset, updateDataset } from './commands/dataset-commands';
import { evaluateModels } from './commands/evaluate';
import { evaluateCheckpoints } from './commands/evaluate-checkpoints';
import { engineDoctor, setUpNativeEngine } from './commands/engines';
import { exportModel } from './commands/export-model';
import {
  copyPath,
  openConfiguration,
  openDataset,
  openPageOf,
  openRun,
  openRunLog,
  revealFolder,
} from './commands/open-commands';
import { openPreview } from './commands/open-preview';
import { startTraining } from './commands/start-training';
import { resumeTraining, startTrainingNow, stopTraining } from './commands/stop-training';
import { isCall } from './commands/targets';
import { putDiscriminatorToWork } from './commands/transfer';
import { upscaleImage } from './commands/upscale';
import { showError } from './errors';
import type { Lab } from './lab';

/** `argument` is what the command was called on; `selection` is everything that was selected with it. */
type Handler = (argument: unknown, selection: unknown) => unknown;

function handlers(lab: Lab): Record<CommandId, Handler> {
  return {
    'srganLab.createDataset': (argument, selection) => createDataset(lab, argument, selection),
    'srganLab.createDatasetFromFolder': (argument, selection) => createDataset(lab, argument, selection),
    'srganLab.createSampleDataset': () => createSampleDataset(lab),
    'srganLab.startTraining': (argument) => startTraining(lab, argument),
    'srganLab.stopTraining': (argument) => stopTraining(lab, argument),
    'srganLab.startTrainingNow': (argument) => startTrainingNow(lab, argument),
    'srganLab.resumeTraining': (argument) => resumeTraining(lab, argument),
    'srganLab.openRun': (argument) => openRun(lab, argument),
    'srganLab.openDataset': (argument) => openDataset(lab, argument),
    'srganLab.openPage': (argument) => openPageOf(argument),
    'srganLab.compareRuns': (argument, selection) => compareRuns(lab, argument, selection),
    'srganLab.openConfiguration': (argument) => openConfiguration(argument),
    'srganLab.openRunLog': (argument) => openRunLog(lab, argument),
    'srganLab.checkDataset': (argument) => checkDataset(lab, argument),
    'srganLab.updateDataset': (argument) => updateDataset(lab, argument),
    'srganLab.analyseDataset': (argument) => analyseDataset(lab, argument),
    'srganLab.repairDataset': (argument) => repairDataset(lab, argument),
    'srganLab.upscaleImage': (argument, selection) => upscaleImage(lab, argument, selection),
    'srganLab.evaluateModels': (argument) => evaluateModels(lab, argument),
    'srganLab.evaluateCheckpoints': (argument) => evaluateCheckpoints(lab, argument),
    'srganLab.transferDiscriminator': (argument) => putDiscriminatorToWork(lab, argument),
    'srganLab.openPreview': (argument, selection) => openPreview(argument, selection),
    'srganLab.compareImages': (argument, selection) => compareImages(lab, argument, selection),
    'srganLab.compareWithHead': (argument) => compareWithHead(lab, argument),
    'srganLab.exportModel': (argument) => exportModel(lab, argument),
    'srganLab.engineDoctor': (argument) => engineDoctor(lab, argument),
    'srganLab.setUpNativeEngine': (argument) => setUpNativeEngine(lab, argument),
    'srganLab.revealFolder': (argument) => revealFolder(argument),
    'srganLab.copyPath': (argument) => copyPath(argument),
    'srganLab.showLog': () => {
      lab.log.show();
    },
    'srganLab.refresh': () => lab.index.refresh(),
  };
}

export function registerCommands(lab: Lab): vscode.Disposable {
  const registrations = Object.entries(handlers(lab)).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (argument: unknown, selection: unknown) => {
      try {
        return await handler(argument, selection);
      } catch (error) {
        if (isCall(argument)) throw error;
        // Not awaited: the message may stay on the screen for as long as the person likes.
        void showError(error, lab.log);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}
