/** The analysis of a data set, where there is one. */
import { join } from 'node:path';
import { readJson } from '../../folders/read-json';
import { ANALYSIS_FILE, datasetAnalysisSchema } from '../../protocol/dataset-analysis';
import type { DatasetHeader, PageAnalysis } from '../../protocol/dataset-page';

/** Null where there is none; it can be made again at any time, so a damaged one is none. */
export async function readPageAnalysis(
  folder: string,
  { contents }: Pick<DatasetHeader, 'contents'>,
): Promise<PageAnalysis | null> {
  if (contents === null) return null;
  try {
    const result = await readJson(join(folder, ANALYSIS_FILE), datasetAnalysisSchema);
    return { result, current: result.contents === contents.sha256 };
  } catch {
    return null;
  }
}
