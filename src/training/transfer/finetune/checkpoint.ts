/**
 * Where a fine-tuning goes on: position and tensors after an epoch, in `checkpoint/`. A folder is made beside and renamed,
 * so that it is there whole or not at all; a damaged one is noticed by its hash.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { besides, syncFolder, writeFileAtomically, writeJsonAtomically } from '../../../folders/atomic-write';
import { explainFileError, hasCode, LabError } from '../../../folders/lab-error';
import { readJson } from '../../../folders/read-json';
import type { HostTensor } from '../../engines/engine';
import { decodeSafetensors, encodeSafetensors } from '../../run/safetensors';
import type { TrainingState } from './train-classifier';

const FOLDER = 'checkpoint';
const POSITION_FILE = 'position.json';
const TENSORS_FILE = 'state.safetensors';
/** Before the names of the best epoch’s weights. */
const BEST = 'best/';

const positionSchema = z.object({
  format: z.literal(1),
  epoch: z.int().min(0),
  updates: z.int().min(0),
  best: z.object({ epoch: z.int(), accuracy: z.number(), loss: z.number() }).nullable(),
  sha256: z.string(),
});

/** Replaces the checkpoint. Throws a `LabError` that names it; the one before is then still there. */
export async function saveTraining(measurement: string, state: TrainingState): Promise<void> {
  const folder = join(measurement, FOLDER);
  const partial = besides(folder);
  try {
    await mkdir(partial);
    const best = Object.entries(state.best).map(([name, tensor]) => [BEST + name, tensor] as const);
    const bytes = encodeSafetensors(
      { ...state.tensors, ...Object.fromEntries(best) },
      { format: 'srgan-lab' },
    );
    await writeFileAtomically(join(partial, TENSORS_FILE), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await writeJsonAtomically(join(partial, POSITION_FILE), { format: 1, ...state.position, sha256 });
    const before = besides(folder);
    await rename(folder, before).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
    await rename(partial, folder);
    await syncFolder(measurement);
    await rm(before, { recursive: true, force: true });
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw explainFileError('write the checkpoint', folder, error);
  }
}

/** The checkpoint, where there is one. Throws a `LabError` if it is damaged. */
export async function readTraining(measurement: string): Promise<TrainingState | undefined> {
  const folder = join(measurement, FOLDER);
  const path = join(folder, TENSORS_FILE);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw explainFileError('read', path, error);
  }
  const { sha256, format: _, ...position } = await readJson(join(folder, POSITION_FILE), positionSchema);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new LabError(
      `${path} is damaged: its hash is not the one that was written down with it. Delete ${folder} to begin anew.`,
    );
  }
  const tensors: Record<string, HostTensor> = {};
  const best: Record<string, HostTensor> = {};
  for (const [name, tensor] of Object.entries(decodeSafetensors(bytes, path))) {
    if (name.startsWith(BEST)) best[name.slice(BEST.length)] = tensor;
    else tensors[name] = tensor;
  }
  return { position, tensors, best };
}
