/**
 * A run as the quality sections see it, on the run page alone and on the compare page beside others; and what its validations
 * say of natural looks and fine detail. Pure.
 */
import type { NiqeScores, SpectrumLine, ValidationLine } from '../../protocol/metrics';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { StageName } from '../../protocol/stage-names';
import type { ColourRole } from '../kit/colour-roles';

export interface QualityRun {
  /** Tells runs of a page apart. */
  readonly id: string;
  readonly name: string;
  readonly colour: ColourRole;
  readonly line: 'solid' | 'dashed';
  /** In the order of steps. */
  readonly validations: readonly ValidationLine[];
}

export type SpectralLine = ValidationLine & { readonly spectrum: SpectrumLine };
export type ScoredLine = ValidationLine & { readonly niqe: NiqeScores };

export function spectralLines({ validations }: QualityRun): SpectralLine[] {
  return validations.filter(
    (line): line is SpectralLine => line.extent === 'crop' && line.spectrum !== undefined,
  );
}

export function scoredLines({ validations }: QualityRun): ScoredLine[] {
  return validations.filter((line): line is ScoredLine => line.extent === 'crop' && line.niqe !== undefined);
}

/** The latest until a step, or the first; the last one for null. */
export function lineAt<L extends ValidationLine>(lines: readonly L[], step: number | null): L | undefined {
  if (step === null) return lines.at(-1);
  return lines.findLast((line) => line.step <= step) ?? lines[0];
}

/** All steps at which any run has a line, ascending. */
export function stepsOf(lines: readonly (readonly ValidationLine[])[]): number[] {
  return [...new Set(lines.flat().map(({ step }) => step))].sort((a, b) => a - b);
}

/** The last line of each stage that another one follows. */
export function stageChanges<L extends ValidationLine>(lines: readonly L[]): L[] {
  return lines.filter((line, index) => {
    const next: { stage: StageName } | undefined = lines[index + 1];
    return next !== undefined && next.stage !== line.stage;
  });
}

/** NIQE looks at two by two blocks of 96 pixels at least. */
const SMALLEST_SCORED = 192;

/** Why a run has validations but no NIQE, as far as its configuration tells. Undefined where there is a score, or no validation yet. */
export function whyUnscored(
  lines: readonly ValidationLine[],
  { crop, samples }: Pick<RunConfiguration['validation'], 'crop' | 'samples'>,
): string | undefined {
  if (!lines.some(({ extent }) => extent === 'crop') || lines.some(({ niqe }) => niqe !== undefined))
    return undefined;
  if (samples === undefined && crop < SMALLEST_SCORED) {
    return `Crops of ${crop} pixels are too small for NIQE, which needs ${SMALLEST_SCORED} (validation.crop).`;
  }
  return 'The validations of this run have no NIQE: their crops are smaller than 192 pixels, its data set has too few HR images (the events say so), or an earlier version made them.';
}
