/** Several runs as a table: read from their folders, and written as text, Markdown or CSV. */
import { basename, dirname, join, relative, sep } from 'node:path';
import { datasetFolderOf, readRunConfiguration } from '../folders/marker-files';
import { readRunStatus } from '../folders/run-reader';
import { RecordReader } from '../folders/run-record/record-reader';
import { formatCount } from '../protocol/quantities';
import type { ComparedRun, RunComparison } from '../protocol/run-comparison';
import type { RunConfiguration } from '../protocol/run-configuration';
import { rankOf, scoresOf } from '../protocol/run-scores';
import { differingSettings, settingText } from '../protocol/setting-differences';
import { alignedTable, csvTable, markdownTable, type TableFormat } from '../protocol/text-table';

/** Reads the runs; the best comes first, by PSNR on whole images or, before there is one, on crops. */
export async function compareRuns(runs: readonly string[]): Promise<RunComparison> {
  const configurations = await Promise.all(runs.map(readComparable));
  const { settings, values } = differingSettings(configurations);
  const compared: ComparedRun[] = [];
  // One after the other: the digest of a long record takes megabytes.
  for (const [index, folder] of runs.entries()) {
    const { state, message, step, totalSteps } = await readRunStatus(folder);
    const { validations } = await new RecordReader(folder).readWhole();
    const { name } = configurations[index]!;
    const progress = { state, message, step, totalSteps };
    compared.push({ folder, name, ...progress, settings: values[index]!, ...scoresOf(validations) });
  }
  // Equal ranks stay in the order in which they were given: subtracting two infinities would not say so.
  compared.sort((a, b) => (rankOf(a) === rankOf(b) ? 0 : rankOf(b) - rankOf(a)));
  return { settings, runs: compared };
}

/** With the data set's path made absolute: the same one has another relative path from another folder. */
async function readComparable(run: string): Promise<RunConfiguration> {
  const configuration = await readRunConfiguration(run);
  return { ...configuration, dataset: datasetFolderOf(run, configuration) };
}

export function tableOf(comparison: RunComparison, format: TableFormat): string {
  const rows = rowsOf(comparison, format);
  switch (format) {
    case 'csv':
      return csvTable(rows);
    case 'markdown':
      return markdownTable(rows);
    case 'text':
      return alignedTable(rows);
  }
}

function rowsOf({ settings, runs }: RunComparison, format: TableFormat): string[][] {
  const exact = format === 'csv';
  const decibels = (psnr: number | undefined): string =>
    psnr === undefined ? '' : exact ? String(psnr) : psnr.toFixed(2);
  const similarity = (ssim: number | undefined): string =>
    ssim === undefined ? '' : exact ? String(ssim) : ssim.toFixed(4);
  const header = ['run', ...settings, 'state', 'step', 'best PSNR (crops)', 'PSNR', 'SSIM', 'bicubic PSNR'];
  const parent = commonParent(runs.map(({ folder }) => folder));
  const body = runs.map((run) => [
    relative(parent, run.folder) || basename(run.folder),
    ...settings.map((path) => settingText(run.settings[path])),
    run.state,
    exact ? String(run.step) : `${formatCount(run.step)}/${formatCount(run.totalSteps)}`,
    decibels(run.best?.model.psnr),
    decibels(run.final?.model.psnr),
    similarity(run.final?.model.ssim),
    decibels(run.final?.bicubic.psnr),
  ]);
  return [header, ...body];
}

/** The lowest folder that all of them are in; on several disks, the top of one. */
function commonParent(folders: readonly string[]): string {
  let parent = dirname(folders[0] ?? '/');
  while (!folders.every((folder) => folder.startsWith(join(parent, sep))) && dirname(parent) !== parent) {
    parent = dirname(parent);
  }
  return parent;
}
