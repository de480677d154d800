/** What spectra and scores say, in sentences; nothing is said that is not sure. Pure. */
import { count, decibels, fixed, percent } from '../kit/format';
import { stageChanges, type QualityRun, type ScoredLine, type SpectralLine } from './quality-run';

/** How much of HR's fine detail SR has at a step. */
export function detailSentence(name: string, { step, spectrum }: SpectralLine): string {
  const { model, bicubic } = spectrum.fineDetail;
  if (model === null) return `${name} cannot be held against HR, which has no power above half of Nyquist.`;
  const beside = bicubic === null ? '' : ` (bicubic ${percent(bicubic)})`;
  return `${name} at step ${count(step)} has ${percent(model)} of HR’s power above half of Nyquist${beside}.`;
}

/** Smaller changes are noise of a validation. */
const PSNR_CHANGE = 0.05;
const DETAIL_FACTOR = 1.2;

/** What the adversarial stage has changed: lower PSNR for more fine detail is what it is for. Null where nothing is clear. */
export function stageSentence(run: Pick<QualityRun, 'name'>, lines: readonly SpectralLine[]): string | null {
  const before = stageChanges(lines).at(-1);
  const after = lines.at(-1);
  if (before === undefined || after?.stage !== 'adversarial') return null;
  const [detailBefore, detailAfter] = [before.spectrum.fineDetail.model, after.spectrum.fineDetail.model];
  if (detailBefore === null || detailAfter === null || detailBefore === 0) return null;
  const loss = before.model.psnr - after.model.psnr;
  const more = detailAfter / detailBefore > DETAIL_FACTOR;
  if (Math.abs(loss) < PSNR_CHANGE) return null;
  const detail = `fine detail went from ${percent(detailBefore)} to ${percent(detailAfter)} of HR’s`;
  const psnr = `PSNR ${loss > 0 ? 'fell' : 'rose'} by ${decibels(Math.abs(loss))}`;
  if (loss > 0 && more) {
    return `${run.name}: since the pixel stage ended ${psnr} and ${detail}. Trained on MSE alone a network blurs what it is not sure of; that is what the adversarial stage gives up PSNR for.`;
  }
  if (loss > 0) {
    return `${run.name}: since the pixel stage ended ${psnr}, but ${detail}: the adversarial stage has not added any so far.`;
  }
  return `${run.name}: since the pixel stage ended ${psnr}, and ${detail}.`;
}

/** A validation as the plane tells it. */
export function pointWords(name: string, { step, model, niqe }: ScoredLine): string {
  return `${name}, step ${count(step)}: PSNR ${decibels(model.psnr)}, NIQE ${fixed(niqe.model, 2)}`;
}
