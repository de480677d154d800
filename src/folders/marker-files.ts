/** The marker files of runs and models, read and written; for data sets see dataset-folder.ts. Folders are given, files are found in them. */
import { join, resolve } from 'node:path';
import { CARD_FILE, modelCardSchema, type ModelCard } from '../protocol/model-card';
import { RUN_FILE, runConfigurationSchema, type RunConfiguration } from '../protocol/run-configuration';
import { writeJsonAtomically } from './atomic-write';
import { readJson } from './read-json';

export function readRunConfiguration(folder: string): Promise<RunConfiguration> {
  return readJson(join(folder, RUN_FILE), runConfigurationSchema);
}

export function writeRunConfiguration(folder: string, configuration: RunConfiguration): Promise<void> {
  return writeJsonAtomically(join(folder, RUN_FILE), configuration);
}

export function readModelCard(folder: string): Promise<ModelCard> {
  return readJson(join(folder, CARD_FILE), modelCardSchema);
}

export function writeModelCard(folder: string, card: ModelCard): Promise<void> {
  return writeJsonAtomically(join(folder, CARD_FILE), card);
}

/** The data set of a run, absolute; its configuration may name it relative to the run's folder. */
export function datasetFolderOf(run: string, configuration: RunConfiguration): string {
  return resolve(run, configuration.dataset);
}
