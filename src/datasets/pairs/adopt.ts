/**
 * Makes a data set of HR and LR images that are there already. The scale and the way in which LR was made are found out from
 * a few pairs; then it is built as any other, but that LR images are taken over and measured instead of made.
 */
import { resolve } from 'node:path';
import { LabError } from '../../folders/lab-error';
import type { AdoptedPair } from '../../protocol/adopted-pair';
import type { Adoption, ValidationRule } from '../../protocol/dataset-file';
import type { DegradationChoice } from '../../protocol/degradation';
import type { Scale } from '../../protocol/run-configuration';
import { kernelNames } from '../../imaging/kernels';
import { createDataset, type DatasetResult } from '../create';
import { readImage } from '../images';
import { scanFolders, type Candidate } from '../scan';
import type { WorkOptions } from '../work';
import { fitPair, scaleOfSizes } from './adopt-pair';
import { matchPairs } from './match-pairs';
import { scaleInPath } from './match-names';
import { reportPairs, type PairReport } from './pair-report';

export interface AdoptOptions extends WorkOptions {
  /** The folder to make. */
  folder: string;
  hr: readonly string[];
  lr: readonly string[];
  hrSuffix?: string | undefined;
  lrSuffix?: string | undefined;
  /** Default: what the names or the sizes of the images tell. */
  scale?: Scale | undefined;
  name?: string | undefined;
  validation?: Partial<Extract<ValidationRule, { by: 'image' }>> | undefined;
  workers?: number | undefined;
}

export interface AdoptResult extends DatasetResult, PairReport {}

/** Pairs that are looked at to find out the scale, and how LR was made. */
const PROBED = 5;

/**
 * Adopts the pairs. Throws a `LabError` if no pair is found, if the scale cannot be told, or like `createDataset`. What does not
 * fit is listed in `omitted`, and what fits badly in `problems`.
 */
export async function adoptDataset(options: AdoptOptions): Promise<AdoptResult> {
  const { folder, hr, lr, hrSuffix, lrSuffix, name, validation, workers, signal, onProgress } = options;
  const adopted: Adoption = {
    lrRoots: lr.map((root) => resolve(root)),
    ...(hrSuffix !== undefined && { hrSuffix }),
    ...(lrSuffix !== undefined && { lrSuffix }),
  };
  const from = hr.map((root) => resolve(root));
  const { scale, degradation } = await probe(from, adopted, options.scale, signal);
  const made = await createDataset(
    { folder, from, scale, name, validation, degradation, adopted, workers },
    { signal, onProgress },
  );
  return { ...made, ...(await reportPairs(made.folder)) };
}

async function probe(
  roots: string[],
  adopted: Adoption,
  said: Scale | undefined,
  signal: AbortSignal | undefined,
): Promise<{ scale: Scale; degradation: DegradationChoice | undefined }> {
  const { candidates } = await scanFolders(roots, {}, signal);
  if (candidates.length === 0)
    throw new LabError(`There are no images in ${roots.join(', ')}. Give the folder of the HR images.`);
  for (const scale of said === undefined ? await likelyScales(candidates, adopted) : [said]) {
    const pairs = await matchPairs(candidates, { roots, exclude: [], scale }, adopted, signal);
    const found = await Promise.all(
      spread(pairs.candidates, PROBED).map(({ path, lr }) => measure(path, lr.path, scale)),
    );
    const fitting = found.filter((each) => each !== undefined);
    if (fitting.length > 0) return { scale, degradation: usualDegradation(fitting) };
    const [omission] = pairs.omitted;
    if (said !== undefined && pairs.candidates.length === 0) {
      throw new LabError(
        `No HR image in ${roots.join(', ')} has an LR image at ×${scale} in ${adopted.lrRoots.join(', ')}.` +
          (omission === undefined ? '' : ` ${omission.source}: ${omission.reason}`),
      );
    }
  }
  throw new LabError(
    `No HR image in ${roots.join(', ')} was found to fit an LR image in ${adopted.lrRoots.join(', ')}` +
      `${said === undefined ? '' : ` at ×${said}`}. Names must be equal but for endings such as _HR, _LR and x4, ` +
      'or say them with --hr-suffix and --lr-suffix; sizes must fit a scale of 2, 3, 4 or 8.',
  );
}

/** What the paths of LR images tell, then all others. Where several are told a person must say which is meant. */
async function likelyScales(candidates: readonly Candidate[], { lrRoots }: Adoption): Promise<Scale[]> {
  const all: Scale[] = [4, 2, 3, 8];
  const lr = await scanFolders(lrRoots);
  const paths = [...lr.candidates, ...candidates].map(({ path }) => path);
  const told = all.filter((scale) =>
    paths.some((path) => scaleInPath(path.split(/[\\/]/).slice(-2).join('/')) === scale),
  );
  if (told.length > 1) {
    throw new LabError(
      `There are LR images for several scales: ${told
        .toSorted((a, b) => a - b)
        .map((scale) => `×${scale}`)
        .join(', ')}. Say with --scale which to adopt.`,
    );
  }
  return [...told, ...all.filter((scale) => !told.includes(scale))];
}

async function measure(
  hrPath: string,
  lrPath: string,
  scale: Scale,
): Promise<Pick<AdoptedPair, 'kernel' | 'convention' | 'exact'> | undefined> {
  try {
    const [hr, lr] = [await readImage(hrPath), await readImage(lrPath)];
    if (scaleOfSizes(hr, lr) !== scale) return undefined;
    const pair = fitPair(hr, lr, scale);
    return 'reason' in pair ? undefined : pair;
  } catch (error) {
    // It is told again when the data set is built.
    if (error instanceof LabError) return undefined;
    throw error;
  }
}

/** What makes most of these pairs, as far as it can be said as a degradation. */
function usualDegradation(
  pairs: readonly Pick<AdoptedPair, 'kernel' | 'convention' | 'exact'>[],
): DegradationChoice | undefined {
  const exact = pairs.filter((pair) => pair.exact && pair.convention !== undefined);
  const usual = mostFrequent(exact.map(({ kernel, convention }) => `${kernel} ${convention ?? ''}`));
  const pair = exact.find(({ kernel, convention }) => `${kernel} ${convention ?? ''}` === usual);
  const antialiased = kernelNames.find((kernel) => kernel === pair?.kernel);
  const plain = kernelNames.find((kernel) => `${kernel}-no-antialias` === pair?.kernel);
  const kernel = antialiased ?? plain;
  if (pair?.convention === undefined || kernel === undefined) return undefined;
  return { kernel, convention: pair.convention, antialias: antialiased !== undefined };
}

function spread<T>(list: readonly T[], count: number): T[] {
  const step = Math.max(1, Math.floor(list.length / count));
  return list.filter((_, index) => index % step === 0).slice(0, count);
}

function mostFrequent<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}
