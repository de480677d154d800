/** The analysis of a data set, where there is one of the images that it has now. */
import { join } from 'node:path';
import { readJson } from '../../folders/read-json';
import { ANALYSIS_FILE, datasetAnalysisSchema, type DatasetAnalysis } from '../../protocol/dataset-analysis';
import type { DatasetHeader } from '../../protocol/dataset-page';

/** Null where there is none, or one of other images; it is rebuildable, so a damaged one is none. */
export async function readPageAnalysis(
  folder: string,
  { contents }: Pick<DatasetHeader, 'contents'>,
): Promise<DatasetAnalysis | null> {
  if (contents === null) return null;
  try {
    const analysis = await readJson(join(folder, ANALYSIS_FILE), datasetAnalysisSchema);
    return analysis.contents === contents.sha256 ? analysis : null;
  } catch {
    return null;
  }
}
