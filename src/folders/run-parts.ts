/** What lies in a run folder, for whoever wants to open one of its files: listed a folder at a time, when it is asked for. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BEST_FILE, CHECKPOINT_FILE, CHECKPOINTS_FOLDER } from '../protocol/checkpoint-file';
import { LOG_FILE } from '../protocol/lease';
import { METRICS_FILE } from '../protocol/metrics';
import { CARD_FILE } from '../protocol/model-card';
import { formatCount } from '../protocol/quantities';

export interface RunPart {
  readonly kind: 'folder' | 'picture' | 'checkpoint' | 'model' | 'text';
  readonly label: string;
  readonly description?: string;
  /** The file that stands for it; of a folder, the folder. */
  readonly path: string;
  /** Of a folder: what is in it. */
  readonly list?: () => Promise<RunPart[]>;
}

/** The parts of a run that there are already. */
export async function listRunParts(run: string): Promise<RunPart[]> {
  const names = new Set(await namesIn(run));
  const parts: RunPart[] = [];
  const samples = join(run, 'samples');
  if (names.has('samples')) {
    parts.push({ kind: 'folder', label: 'Pictures', path: samples, list: () => listPictureFolders(samples) });
  }
  const checkpoints = join(run, CHECKPOINTS_FOLDER);
  if (names.has(CHECKPOINTS_FOLDER)) {
    const list = (): Promise<RunPart[]> => listCheckpointParts(checkpoints);
    parts.push({ kind: 'folder', label: 'Checkpoints', path: checkpoints, list });
  }
  if (names.has('model')) parts.push({ kind: 'model', label: 'Model', path: join(run, 'model', CARD_FILE) });
  if (names.has(METRICS_FILE)) parts.push({ kind: 'text', label: 'Record', path: join(run, METRICS_FILE) });
  if (names.has(LOG_FILE)) parts.push({ kind: 'text', label: 'Log', path: join(run, LOG_FILE) });
  return parts;
}

const STEP_FOLDER = /^step-(\d{6,})$/;

/** Steps in the names of folders, the newest first. */
function stepsIn(names: readonly string[]): { name: string; step: number }[] {
  return names
    .flatMap((name) => {
      const step = STEP_FOLDER.exec(name)?.[1];
      return step === undefined ? [] : [{ name, step: Number(step) }];
    })
    .sort((a, b) => b.step - a.step);
}

async function listPictureFolders(samples: string): Promise<RunPart[]> {
  const names = await namesIn(samples);
  const part = (label: string, name: string): RunPart => {
    const path = join(samples, name);
    return { kind: 'folder', label, path, list: () => listPictures(path) };
  };
  return [
    ...stepsIn(names).map(({ name, step }) => part(`Step ${formatCount(step)}`, name)),
    ...(names.includes('reference') ? [part('HR and bicubic', 'reference')] : []),
  ];
}

async function listPictures(folder: string): Promise<RunPart[]> {
  const names = (await namesIn(folder)).filter((name) => name.endsWith('.png') && !name.startsWith('.'));
  return names.sort().map((name) => ({
    kind: 'picture',
    label: name.slice(0, -'.png'.length),
    path: join(folder, name),
  }));
}

async function listCheckpointParts(folder: string): Promise<RunPart[]> {
  const best = await readFile(join(folder, BEST_FILE), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
  return stepsIn(await namesIn(folder)).map(({ name, step }) => ({
    kind: 'checkpoint',
    label: `Step ${formatCount(step)}`,
    ...(name === best && { description: 'best' }),
    path: join(folder, name, CHECKPOINT_FILE),
  }));
}

/** Nothing where a folder has gone meanwhile. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
