/**
 * The perception–distortion plane (Y. Blau and T. Michaeli, "The perception-distortion tradeoff", CVPR 2018) as numbers: where
 * every validation of every run lies, and what of the plane is in sight. Pure; `perception-plane.tsx` draws it.
 */
import type { Range } from '../chart/downsample';
import { scoredLines, stageChanges, type QualityRun, type ScoredLine } from './quality-run';

export interface PlanePath {
  readonly run: QualityRun;
  /** In the order of steps. */
  readonly lines: readonly ScoredLine[];
  /** Where a stage ends and the next begins. */
  readonly changes: ReadonlySet<ScoredLine>;
}

export interface Plane {
  readonly paths: readonly PlanePath[];
  /** PSNR in dB. */
  readonly x: Range;
  /** NIQE. */
  readonly y: Range;
  readonly bicubic: readonly { readonly psnr: number; readonly niqe: number }[];
  /** NIQE of HR, whose PSNR is infinite. */
  readonly hr: readonly number[];
  /** First validations of runs that are left out because they would squeeze all others into a corner. */
  readonly outliers: number;
}

/** How far off the first validations are that are left out: an untrained network without a skip connection begins at 10 dB. */
const FAR_PSNR = 2;
const FAR_NIQE = 2;

/** At most so many validations of a run are drawn, evenly chosen. */
const MOST = 400;

/** Null while no run has a scored validation. */
export function planeOf(runs: readonly QualityRun[], withOutliers: boolean): Plane | null {
  const all = runs.map((run) => ({ run, lines: scoredLines(run) })).filter(({ lines }) => lines.length > 0);
  if (all.length === 0) return null;
  const near = all.map(({ run, lines }) => {
    const first = lines.findIndex((line) => !isFar(line));
    return { run, lines: first === -1 ? [] : lines.slice(first) };
  });
  const outliers = count(all) - count(near);
  const shown = withOutliers || near.some(({ lines }) => lines.length === 0) ? all : near;
  const paths = shown.map(({ run, lines }) => {
    const changes = new Set(stageChanges(lines));
    return { run, lines: thinned(lines, changes), changes };
  });
  const bicubic = distinct(
    all
      .map(({ lines }) => lines.at(-1)!)
      .map((line) => ({ psnr: line.bicubic.psnr, niqe: line.niqe.bicubic })),
  );
  const hr = distinct(all.map(({ lines }) => lines.at(-1)!.niqe.hr));
  const lines = paths.flatMap((path) => path.lines);
  return {
    paths,
    x: padded([...lines.map(({ model }) => model.psnr), ...bicubic.map(({ psnr }) => psnr)], 0.1),
    y: padded([...lines.map(({ niqe }) => niqe.model), ...bicubic.map(({ niqe }) => niqe), ...hr], 0.2),
    bicubic,
    hr,
    outliers,
  };
}

function isFar({ model, bicubic, niqe }: ScoredLine): boolean {
  return model.psnr < bicubic.psnr - FAR_PSNR || niqe.model > FAR_NIQE * Math.max(niqe.bicubic, niqe.hr);
}

function count(paths: readonly { readonly lines: readonly ScoredLine[] }[]): number {
  return paths.reduce((sum, { lines }) => sum + lines.length, 0);
}

function thinned(lines: readonly ScoredLine[], changes: ReadonlySet<ScoredLine>): ScoredLine[] {
  const stride = Math.ceil(lines.length / MOST);
  const last = lines.length - 1;
  return lines.filter((line, index) => (last - index) % stride === 0 || index === 0 || changes.has(line));
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** From the lowest to the highest with a margin, at least `least` wide. */
function padded(values: readonly number[], least: number): Range {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const margin = Math.max(0.08 * (max - min), (least - (max - min)) / 2);
  return { min: min - margin, max: max + margin };
}

/** Round numbers inside of a range, about `wanted` of them. */
export function ticksIn({ min, max }: Range, wanted: number): number[] {
  const raw = (max - min) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw)!;
  const first = Math.ceil(min / step);
  const last = Math.floor(max / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toFixed(10)),
  );
}

/** The plane as CSV columns, a row a validation. */
export function planeRows(plane: Plane): string {
  const rows = plane.paths.flatMap(({ run, lines }) =>
    lines.map(({ step, stage, model, niqe }) =>
      [quoted(run.name), step, stage, model.psnr, niqe.model].join(','),
    ),
  );
  return ['run,step,stage,PSNR in dB,NIQE', ...rows, ''].join('\r\n');
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
