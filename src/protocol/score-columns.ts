/** The columns of a table of scores: what was measured, in the order people read it, as text and as exact numbers. */
import type { EvaluationScores } from './evaluation';
import { VGG_DISTANCE_LABEL } from './score-words';

export interface ScoreColumn {
  readonly key: keyof EvaluationScores;
  readonly title: string;
  /** Name in CSV files. */
  readonly id: string;
  readonly better: 'higher' | 'lower';
}

const columns: readonly ScoreColumn[] = [
  { key: 'psnr', title: 'PSNR', id: 'psnr', better: 'higher' },
  { key: 'ssim', title: 'SSIM', id: 'ssim', better: 'higher' },
  { key: 'msSsim', title: 'MS-SSIM', id: 'ms-ssim', better: 'higher' },
  { key: 'niqe', title: 'NIQE', id: 'niqe', better: 'lower' },
  { key: 'vggDistance', title: VGG_DISTANCE_LABEL, id: 'vgg-distance', better: 'lower' },
];

/** PSNR and SSIM always; the others where any of the scores has them. */
export function columnsOf(scores: readonly EvaluationScores[]): ScoreColumn[] {
  return columns.filter(
    ({ key }) => key === 'psnr' || key === 'ssim' || scores.some((score) => (score[key] ?? null) !== null),
  );
}

/** Four digits; a PSNR that is missing is that of equal pictures. */
export function roundedScore(scores: EvaluationScores, { key }: ScoreColumn): string {
  const value = scores[key] ?? null;
  if (value !== null) return value.toFixed(4);
  return key === 'psnr' ? 'equal' : '';
}

export function exactScore(scores: EvaluationScores, { key }: ScoreColumn): string {
  const value = scores[key] ?? null;
  if (value !== null) return String(value);
  return key === 'psnr' ? 'inf' : '';
}

/**
 * Means over images, each null where an image has no value. PSNR is averaged in decibels, as papers do; an image without
 * error makes the mean infinite.
 */
export function meanScores(scores: readonly EvaluationScores[]): EvaluationScores | null {
  if (scores.length === 0) return null;
  const mean = (key: keyof EvaluationScores): number | null => {
    const values = scores.map((score) => score[key] ?? null);
    return values.every((value) => value !== null)
      ? values.reduce((sum, value) => sum + value, 0) / values.length
      : null;
  };
  const further = (['niqe', 'vggDistance'] as const).filter((key) => scores.some((score) => key in score));
  return {
    psnr: mean('psnr'),
    ssim: mean('ssim')!,
    msSsim: mean('msSsim'),
    ...Object.fromEntries(further.map((key) => [key, mean(key)])),
  };
}
