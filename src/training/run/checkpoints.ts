/**
 * Checkpoints: everything that training needs to go on as if it had never stopped, one folder each under `checkpoints`.
 * A folder appears by a rename and so is whole; what a disk does to it later is noticed by its hash.
 */
import { createHash, type Hash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  besides,
  removePartials,
  syncFolder,
  writeFileAtomically,
  writeJsonAtomically,
} from '../../folders/atomic-write';
import { explainFileError, hasCode, LabError, systemErrorOf } from '../../folders/lab-error';
import { namesIn } from '../../folders/names-in';
import { readJson } from '../../folders/read-json';
import {
  BEST_FILE,
  CHECKPOINT_FILE,
  checkpointFileSchema,
  CHECKPOINTS_FOLDER,
  STATE_FILE,
  type CheckpointFile,
} from '../../protocol/checkpoint-file';
import type { CheckpointRule } from '../../protocol/run-configuration';
import type { NamedTensors } from '../engines/engine';
import { makeSubfolder } from './subfolder';
import { decodeSafetensors, safetensorsPieces, type TensorSource } from './safetensors';

export type CheckpointContent = Omit<CheckpointFile, 'format' | 'created' | 'sha256'>;

export interface Checkpoint extends CheckpointContent {
  readonly state: NamedTensors;
}

/** A checkpoint that could not be used, and why. */
export interface DamagedCheckpoint {
  readonly folder: string;
  readonly problem: string;
}

export function checkpointFolder(run: string, step: number): string {
  return join(run, CHECKPOINTS_FOLDER, `step-${String(step).padStart(6, '0')}`);
}

/** Writes a checkpoint, replacing one of the same step. Throws a `LabError` that names the path; nothing is then lost. */
export async function saveCheckpoint(
  run: string,
  content: CheckpointContent,
  state: TensorSource,
): Promise<void> {
  const folder = checkpointFolder(run, content.step);
  const partial = besides(folder);
  try {
    await makeSubfolder(join(run, CHECKPOINTS_FOLDER));
    await mkdir(partial);
    const hash = createHash('sha256');
    await writeFileAtomically(join(partial, STATE_FILE), hashed(safetensorsPieces(state), hash));
    const file: CheckpointFile = {
      format: 1,
      created: new Date().toISOString(),
      ...content,
      sha256: hash.digest('hex'),
    };
    await writeJsonAtomically(join(partial, CHECKPOINT_FILE), file);
    await discard(folder);
    await rename(partial, folder);
    await syncFolder(join(run, CHECKPOINTS_FOLDER));
  } catch (error) {
    // What cannot be cleaned up now is when the run is resumed.
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    // Named by its own place, not by that of the unfinished folder.
    throw explainFileError('write the checkpoint', folder, systemErrorOf(error));
  }
}

/** Removes the checkpoints that the rule does not keep, except the best one, and says in `best` which that is. */
export async function pruneCheckpoints(
  run: string,
  { keepLast, keepEvery }: Pick<CheckpointRule, 'keepLast' | 'keepEvery'>,
  bestStep: number | null,
): Promise<void> {
  const steps = await listCheckpoints(run);
  const kept = new Set(steps.slice(-keepLast));
  if (keepEvery !== undefined) {
    for (const step of steps.filter((each) => each % keepEvery === 0)) kept.add(step);
  }
  if (bestStep !== null && steps.includes(bestStep)) {
    kept.add(bestStep);
    const pointer = join(run, CHECKPOINTS_FOLDER, BEST_FILE);
    await writeFileAtomically(pointer, `step-${String(bestStep).padStart(6, '0')}\n`);
  }
  for (const step of steps) {
    if (!kept.has(step)) await discard(checkpointFolder(run, step));
  }
}

/** Steps of all checkpoint folders, ascending, whether they can be used or not. */
export async function listCheckpoints(run: string): Promise<number[]> {
  const names = await namesIn(join(run, CHECKPOINTS_FOLDER));
  return names
    .flatMap((name) => /^step-(\d{6,})$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** The step of the best checkpoint, where one was marked and is still there. */
export async function bestCheckpointStep(run: string): Promise<number | undefined> {
  try {
    const name = (await readFile(join(run, CHECKPOINTS_FOLDER, BEST_FILE), 'utf8')).trim();
    const step = Number(/^step-(\d{6,})$/.exec(name)?.[1]);
    return (await listCheckpoints(run)).find((each) => each === step);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw explainFileError('read', join(run, CHECKPOINTS_FOLDER, BEST_FILE), error);
  }
}

/** Reads the checkpoint of a step. Throws a `LabError` that says what is wrong with it. */
export async function readCheckpoint(run: string, step: number): Promise<Checkpoint> {
  const folder = checkpointFolder(run, step);
  const { sha256, ...content } = await readJson(join(folder, CHECKPOINT_FILE), checkpointFileSchema);
  const path = join(folder, STATE_FILE);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw explainFileError('read', path, error);
  }
  if (hashOf(bytes) !== sha256) {
    throw new LabError(`${path} is damaged: its hash is not the one that was written down with it.`);
  }
  if (content.step !== step) throw new LabError(`${folder} holds the checkpoint of step ${content.step}.`);
  return { ...content, state: decodeSafetensors(bytes, path) };
}

/** The newest checkpoint that can be used, if there is one, and the newer ones that cannot. */
export async function readNewestCheckpoint(
  run: string,
): Promise<{ checkpoint: Checkpoint | undefined; damaged: DamagedCheckpoint[] }> {
  const damaged: DamagedCheckpoint[] = [];
  for (const step of (await listCheckpoints(run)).reverse()) {
    try {
      return { checkpoint: await readCheckpoint(run, step), damaged };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      damaged.push({ folder: checkpointFolder(run, step), problem: error.message });
    }
  }
  return { checkpoint: undefined, damaged };
}

/** What is wrong with a run of which no checkpoint can be used: it has none yet, or `problems` says what is wrong with each. */
export function noUsableCheckpoint(run: string, problems: readonly string[]): LabError {
  return new LabError(
    problems.length === 0
      ? `The run ${run} has no checkpoint yet. Train it longer, then try again.`
      : `No checkpoint of the run ${run} can be used:\n${problems.join('\n')}`,
  );
}

/**
 * Clears the way for training on from `step`: removes what an earlier trainer left half done, and renames checkpoints
 * later than `step`, which cannot be used, to `damaged-step-…`, so that their steps can be made anew.
 */
export async function setAsideCheckpointsAfter(run: string, step: number): Promise<void> {
  const folder = join(run, CHECKPOINTS_FOLDER);
  await removePartials(folder);
  for (const later of await listCheckpoints(run)) {
    if (later <= step) continue;
    const path = checkpointFolder(run, later);
    const aside = join(folder, `damaged-${basename(path)}`);
    await rm(aside, { recursive: true, force: true });
    await rename(path, aside);
  }
}

/** Removes a folder such that a kill half-way leaves nothing that looks like a checkpoint. */
async function discard(folder: string): Promise<void> {
  const partial = besides(folder);
  try {
    await rename(folder, partial);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw explainFileError('remove', folder, error);
  }
  await rm(partial, { recursive: true, force: true });
}

/** Passes the pieces on, and adds them to the hash. */
async function* hashed(pieces: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
