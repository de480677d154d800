/** The evaluations of a run’s checkpoints, in its folder `evaluations`: a file each. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkpointEvaluationSchema,
  EVALUATIONS_FOLDER,
  type CheckpointEvaluation,
} from '../protocol/checkpoint-evaluation';
import { writeJsonAtomically } from './atomic-write';
import { explainFileError, hasCode, LabError } from './lab-error';
import { readJson } from './read-json';

const ENDING = '.json';

export function evaluationFile(run: string, name: string): string {
  return join(run, EVALUATIONS_FOLDER, name + ENDING);
}

/** All that can be read, the oldest first. A damaged file is passed over: whoever evaluates again makes another. */
export async function readEvaluations(run: string): Promise<CheckpointEvaluation[]> {
  const read = (await evaluationNames(run)).map(async (name) => {
    try {
      return [{ ...(await readJson(evaluationFile(run, name), checkpointEvaluationSchema)), name }];
    } catch (error) {
      if (error instanceof LabError) return [];
      throw error;
    }
  });
  return (await Promise.all(read)).flat().sort((a, b) => a.created.localeCompare(b.created));
}

/** Changes whenever one of the files does: names, sizes and times. */
export async function evaluationsState(run: string): Promise<string> {
  const states = (await evaluationNames(run)).map(async (name) => {
    try {
      const { size, mtimeMs } = await stat(evaluationFile(run, name));
      return `${name} ${size} ${mtimeMs}`;
    } catch {
      // Gone in this moment; the next look tells.
      return '';
    }
  });
  return (await Promise.all(states)).join('\n');
}

/** Names of the files, without their extension. */
export async function evaluationNames(run: string): Promise<string[]> {
  try {
    const files = await readdir(join(run, EVALUATIONS_FOLDER));
    return files
      .filter((file) => file.endsWith(ENDING) && !file.startsWith('.'))
      .map((file) => file.slice(0, -ENDING.length))
      .sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw explainFileError('read', join(run, EVALUATIONS_FOLDER), error);
  }
}

/** Writes the file in one step. Throws a `LabError` that names it. */
export async function writeEvaluation(run: string, evaluation: CheckpointEvaluation): Promise<void> {
  const folder = join(run, EVALUATIONS_FOLDER);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw explainFileError('make the folder', folder, error);
  }
  await writeJsonAtomically(evaluationFile(run, evaluation.name), evaluation);
}
