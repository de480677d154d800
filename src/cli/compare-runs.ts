/** Several runs as a table: read from their folders, and written as text, Markdown or CSV. */
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { findFolders } from '../folders/find-folders';
import { LabError } from '../folders/lab-error';
import { readRunConfiguration } from '../folders/marker-files';
import { formatCount } from '../protocol/quantities';
import {
  differingSettings,
  scoresOf,
  type ComparedRun,
  type RunComparison,
} from '../protocol/run-comparison';
import { observeRun } from './run-watch';

export const tableFormats = ['text', 'markdown', 'csv'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** All runs in and below the folders, each once. Throws a `LabError` where there is none. */
export async function runsIn(folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(folders.map((folder) => findFolders(resolve(folder))));
  const runs = [...new Set(found.flatMap((each) => each.runs))];
  if (runs.length === 0) throw new LabError(`There is no run in ${folders.join(', ')}.`);
  return runs;
}

/** Reads the runs; the best comes first, by PSNR on whole images or, before there is one, on crops. */
export async function compareRuns(runs: readonly string[]): Promise<RunComparison> {
  const configurations = await Promise.all(runs.map(readRunConfiguration));
  const { settings, values } = differingSettings(configurations);
  const compared = await Promise.all(
    runs.map(async (folder, index): Promise<ComparedRun> => {
      const { status, lines } = await observeRun(folder);
      const { state, message, step, totalSteps } = status;
      const { name } = configurations[index]!;
      const progress = { state, message, step, totalSteps };
      return { folder, name, ...progress, settings: values[index]!, ...scoresOf(lines) };
    }),
  );
  const rank = ({ best, final }: ComparedRun): number => final?.model.psnr ?? best?.model.psnr ?? -Infinity;
  // Equal ranks stay in the order in which they were given: subtracting two infinities would not say so.
  compared.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
  return { settings, runs: compared };
}

export function tableOf(comparison: RunComparison, format: TableFormat): string {
  const rows = rowsOf(comparison, format);
  switch (format) {
    case 'csv':
      return rows.map((row) => row.map(csvField).join(',')).join('\n');
    case 'markdown':
      return markdown(rows);
    case 'text':
      return aligned(rows);
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
    ...settings.map((path) => (path in run.settings ? wordOf(run.settings[path]) : '')),
    run.state,
    exact ? String(run.step) : `${formatCount(run.step)}/${formatCount(run.totalSteps)}`,
    decibels(run.best?.model.psnr),
    decibels(run.final?.model.psnr),
    similarity(run.final?.model.ssim),
    decibels(run.final?.bicubic.psnr),
  ]);
  return [header, ...body];
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The lowest folder that all of them are in; on several disks, the top of one. */
function commonParent(folders: readonly string[]): string {
  let parent = dirname(folders[0] ?? '/');
  while (!folders.every((folder) => folder.startsWith(join(parent, sep))) && dirname(parent) !== parent) {
    parent = dirname(parent);
  }
  return parent;
}

function csvField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function widthsOf(rows: readonly string[][]): number[] {
  return rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
}

function aligned(rows: readonly string[][]): string {
  const widths = widthsOf(rows);
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function markdown(rows: readonly string[][]): string {
  const escaped = rows.map((row) => row.map((text) => text.replaceAll('|', '\\|')));
  const widths = widthsOf(escaped);
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`;
  const [header, ...body] = escaped;
  return [line(header!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
