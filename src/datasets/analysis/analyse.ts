/**
 * Looks at all images of a data set together: which of them show the same, which teach little, and what is in them. Each is
 * read once; time grows with their number and size, memory with their number (some 1.5 kB each) and the largest one.
 */
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { writeJsonAtomically } from '../../folders/atomic-write';
import { contentsOf, readDataset, readDatasetFile } from '../../folders/dataset-folder';
import { LabError } from '../../folders/lab-error';
import { ANALYSIS_FILE, type DatasetAnalysis } from '../../protocol/dataset-analysis';
import type { WorkOptions } from '../work';
import { withDescriptions } from './describe-images';
import { findDuplicates } from './find-duplicates';
import { histograms, meanSpectra, rankProblems } from './summaries';

export interface AnalyseOptions extends WorkOptions {
  /** Worker processes; default one a core. The result does not depend on it. */
  workers?: number | undefined;
}

/**
 * Analyses the data set and writes `analysis.json` into its folder. Throws a `LabError` if the data set is incomplete, damaged or
 * changed meanwhile, and the signal's reason if it aborts; an earlier analysis then stays.
 */
export async function analyseDataset(
  folder: string,
  options: AnalyseOptions = {},
): Promise<{ file: string; analysis: DatasetAnalysis }> {
  const dataset = await readDataset(folder);
  const withWorkers = { ...options, workers: options.workers ?? availableParallelism() };
  const analysis = await withDescriptions(folder, dataset, withWorkers, async (descriptions) => {
    const { measures, spectra } = descriptions;
    return {
      format: 1 as const,
      contents: dataset.contents.sha256,
      images: dataset.images.length,
      duplicates: await findDuplicates(folder, dataset, descriptions, withWorkers),
      problems: rankProblems(dataset.images, measures),
      spectrum: meanSpectra(spectra, dataset.scale),
      histograms: histograms(dataset.images, measures),
    };
  });
  const now = contentsOf(folder, await readDatasetFile(folder));
  if (now.sha256 !== dataset.contents.sha256)
    throw new LabError(`The data set ${folder} was changed while it was analysed. Analyse it again.`);
  const file = join(resolve(folder), ANALYSIS_FILE);
  await writeJsonAtomically(file, analysis);
  return { file, analysis };
}
