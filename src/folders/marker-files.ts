/** The marker files of runs and models, read and written; for data sets see dataset-folder.ts. Folders are given, files are found in them. */
import { join, resolve } from 'node:path';
import { anyModelCardSchema, CARD_FILE, type AnyModelCard, type ModelCard } from '../protocol/model-card';
import { RUN_FILE, runConfigurationSchema, type RunConfiguration } from '../protocol/run-configuration';
import { writeJsonAtomically } from './atomic-write';
import { LabError } from './lab-error';
import { readJson } from './read-json';

export function readRunConfiguration(folder: string): Promise<RunConfiguration> {
  return readJson(join(folder, RUN_FILE), runConfigurationSchema);
}

export function writeRunConfiguration(folder: string, configuration: RunConfiguration): Promise<void> {
  return writeJsonAtomically(join(folder, RUN_FILE), configuration);
}

/** The card of a generator. Throws a `LabError` if there is none, or if it is that of another network. */
export async function readModelCard(folder: string): Promise<ModelCard> {
  const card = await readAnyModelCard(folder);
  if (card.kind === 'generator') return card;
  const other = card.kind === 'content' ? 'content network' : card.kind;
  throw new LabError(
    `The model ${folder} is a ${other}, which makes no images. Name the model of a generator.`,
  );
}

export function readAnyModelCard(folder: string): Promise<AnyModelCard> {
  return readJson(join(folder, CARD_FILE), anyModelCardSchema);
}

export function writeModelCard(folder: string, card: AnyModelCard): Promise<void> {
  return writeJsonAtomically(join(folder, CARD_FILE), card);
}

/** The data set of a run, absolute; its configuration may name it relative to the run's folder. */
export function datasetFolderOf(run: string, configuration: RunConfiguration): string {
  return resolve(run, configuration.dataset);
}
