/**
 * Makes a data set from folders of photographs: scan, one HR/LR pair an image on worker threads, split, and the file
 * that tells it all. The folder appears when it is complete. The same photographs and options give the same bytes,
 * but for the time in `created`.
 */
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { syncFolder } from '../folders/atomic-write';
import { bundlePath } from '../folders/installation';
import { explainFileError, LabError } from '../folders/lab-error';
import { writeDataset } from '../folders/dataset-folder';
import { parseValue } from '../folders/read-json';
import {
  datasetFileSchema,
  type Dataset,
  type DatasetContents,
  type Omission,
} from '../protocol/dataset-file';
import type { DegradationChoice } from '../protocol/degradation';
import type { Scale } from '../protocol/run-configuration';
import { completeDegradation } from './degrade';
import { readableFormatsInWords } from './image-files';
import { uniqueNames } from './names';
import type { LeftOut, Pair, PairJob } from './pair';
import { compareNaturally, scanFolders, type Candidate, type ScanResult } from './scan';
import { splitImages, type SplitOptions } from './split';
import { assertFree, makeFolder } from './target-folder';
import { createEstimate, type WorkOptions } from './work';
import { runOnWorkers } from './worker-pool';

export interface CreateDatasetOptions {
  /** The folder to make; must be missing or empty. */
  folder: string;
  /** Folders of HR images, searched with all their sub-folders. */
  from: readonly string[];
  scale: Scale;
  /** Default: the name of the folder. */
  name?: string | undefined;
  /** Default: a tenth, seed 0. */
  validation?: Partial<SplitOptions> | undefined;
  /** Default: MATLAB's bicubic of an 8-bit image. */
  degradation?: DegradationChoice | undefined;
  /** Worker threads; default one a core. The result does not depend on it. */
  workers?: number | undefined;
}

export const defaultSplit: SplitOptions = { share: 0.1, seed: 0 };

/**
 * Makes the data set. Throws a `LabError` if there is no usable image or the folder cannot be made, and the signal's
 * reason if it aborts; nothing is then left behind. An image that cannot be used is listed in `omitted`.
 */
export async function createDataset(
  options: CreateDatasetOptions,
  { onProgress, signal }: WorkOptions = {},
): Promise<{ folder: string; file: Dataset }> {
  const folder = resolve(options.folder);
  const roots = options.from.map((root) => resolve(root));
  const header = parseValue(
    datasetFileSchema.omit({ contents: true }),
    {
      format: 2,
      name: options.name ?? basename(folder),
      created: new Date().toISOString(),
      roots,
      scale: options.scale,
      degradation: completeDegradation(options.degradation),
      validation: { by: 'image', ...defaultSplit, ...options.validation },
    },
    'The new data set',
  );
  await assertFree(folder);
  onProgress?.({ done: 0, total: 0, unit: 'images', secondsLeft: null, message: 'Looking for images' });
  const scan = await scanFolders(roots, {}, signal);
  if (scan.candidates.length === 0) throw nothingUsable(roots, scan, scan.omitted);

  const names = uniqueNames(scan.candidates.map(({ source }) => source));
  const file = await makeFolder(folder, async (partial) => {
    await makeSubfolders(partial);
    const { scale, degradation } = header;
    const jobs = scan.candidates.map(({ path }, index): PairJob => {
      return { source: path, folder: partial, name: names[index]!, scale, degradation };
    });
    const estimate = createEstimate(jobs.length, 'images', 'Making the data set');
    const outcomes = await runOnWorkers<Pair | LeftOut>(bundlePath('dataset-worker.js'), jobs, {
      count: options.workers ?? availableParallelism(),
      signal,
      onDone: (done) => onProgress?.(estimate(done)),
    });
    const gathered = gather(scan, names, outcomes, { ...defaultSplit, ...options.validation });
    if (gathered.images.length === 0) throw nothingUsable(roots, scan, gathered.omitted);
    await syncFolder(join(partial, 'hr'));
    await syncFolder(join(partial, 'lr'));
    const file = await writeDataset(partial, header, [...gathered.images, ...gathered.omitted]);
    return { ...file, contents: file.contents!, ...gathered };
  });
  return { folder, file };
}

async function makeSubfolders(folder: string): Promise<void> {
  try {
    await mkdir(join(folder, 'hr'));
    await mkdir(join(folder, 'lr'));
  } catch (error) {
    throw explainFileError('write', folder, error);
  }
}

function gather(
  { candidates, omitted }: ScanResult,
  names: readonly string[],
  outcomes: readonly (Pair | LeftOut)[],
  split: SplitOptions,
): Pick<Dataset, 'images' | 'omitted'> {
  const made: { candidate: Candidate; name: string; pair: Pair }[] = [];
  const leftOut: Omission[] = [...omitted];
  for (const [index, candidate] of candidates.entries()) {
    const outcome = outcomes[index]!;
    if (outcome.kind === 'pair') made.push({ candidate, name: names[index]!, pair: outcome });
    else
      leftOut.push({
        kind: 'omitted',
        source: candidate.source,
        root: candidate.root,
        reason: outcome.reason,
      });
  }
  const splits = splitImages(
    made.map(({ pair }) => pair.sha256),
    split,
  );
  const images = made.map(({ candidate: { source, root }, name, pair: { kind: _, ...pair } }, index) => {
    return { kind: 'image' as const, name, source, root, split: splits[index]!, ...pair };
  });
  leftOut.sort((a, b) => a.root - b.root || compareNaturally(a.source, b.source));
  return { images, omitted: leftOut };
}

function nothingUsable(roots: readonly string[], scan: ScanResult, omitted: readonly Omission[]): LabError {
  const where = roots.join(', ');
  const shown = omitted
    .slice(0, 10)
    .map(({ source, root, reason }) => `\n  ${join(roots[root]!, source)}: ${reason}`);
  if (omitted.length > shown.length) shown.push(`\n  and ${omitted.length - shown.length} more`);
  const others = scan.otherFiles > 0 ? ` ${scan.otherFiles} files there are of other kinds.` : '';
  if (shown.length === 0)
    return new LabError(
      `There are no images in ${where}.${others} Choose a folder with ${readableFormatsInWords}.`,
    );
  return new LabError(`There is no usable image in ${where}.${others} Left out:${shown.join('')}`);
}
