/** The two scores that a run is judged by in a comparison: its best on crops while it trained, and its last on whole images. */
import type { Score, ValidationLine } from './metrics';

export interface RunScore {
  step: number;
  model: Score;
  bicubic: Score;
}

export interface RunScores {
  /** The validation on crops with the highest PSNR; null before the first. */
  best: RunScore | null;
  /** The last validation on whole images; null before the first. */
  final: RunScore | null;
}

/** From the lines of a record, of which all but validations are passed over. */
export function scoresOf(lines: readonly { readonly kind: string }[]): RunScores {
  const pick = (line: ValidationLine | undefined): RunScore | null =>
    line === undefined ? null : { step: line.step, model: line.model, bicubic: line.bicubic };
  const validations = lines.filter(isValidation);
  const crops = validations.filter(({ extent, step }) => extent === 'crop' && step > 0);
  const best = crops.reduce<ValidationLine | undefined>(
    (before, line) => (before === undefined || line.model.psnr > before.model.psnr ? line : before),
    undefined,
  );
  return { best: pick(best), final: pick(validations.findLast(({ extent }) => extent === 'whole')) };
}

function isValidation(line: { readonly kind: string }): line is ValidationLine {
  return line.kind === 'validation';
}

/** What runs are ranked by: PSNR on whole images or, before there is one, on crops. −∞ before the first validation. */
export function rankOf({ best, final }: RunScores): number {
  return final?.model.psnr ?? best?.model.psnr ?? -Infinity;
}
