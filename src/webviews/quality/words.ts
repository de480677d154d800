/** What spectra and scores say, in sentences; nothing is said that is not sure. Pure. */
import { count, decibels, fixed, percent } from '../kit/format';
import { stageChanges, type ScoredLine, type SpectralLine } from './quality-run';

/** How much of HR's fine detail SR has at a step. */
export function detailSentence(name: string, { step, spectrum }: SpectralLine): string {
  const { model, bicubic } = spectrum.fineDetail;
  if (model === null) return `${name} cannot be held against HR, which has no power above half of Nyquist.`;
  const beside = bicubic === null ? '' : ` (bicubic ${share(bicubic)})`;
  return `${name} at step ${count(step)} has ${share(model)} of HR’s power above half of Nyquist${beside}.`;
}

/** Smaller changes are noise of a validation. */
const PSNR_CHANGE = 0.05;
const DETAIL_FACTOR = 1.2;
const NIQE_FACTOR = 1.1;

/** What the adversarial stage has changed so far: lower PSNR for more fine detail is what it is for. Null where nothing is clear. */
export function stageSentence(name: string, lines: readonly SpectralLine[]): string | null {
  const before = stageChanges(lines).at(-1);
  const after = lines.at(-1);
  if (before === undefined || after?.stage !== 'adversarial') return null;
  const [detailBefore, detailAfter] = [before.spectrum.fineDetail.model, after.spectrum.fineDetail.model];
  const loss = before.model.psnr - after.model.psnr;
  if (detailBefore === null || detailAfter === null || Math.abs(loss) < PSNR_CHANGE) return null;
  const psnr = `PSNR ${loss > 0 ? 'fell' : 'rose'} by ${decibels(Math.abs(loss))}`;
  const detail = `fine detail went from ${share(detailBefore)} to ${share(detailAfter)} of HR’s`;
  const more = detailAfter > DETAIL_FACTOR * detailBefore;
  const since = `${name}: since the pixel stage ended ${psnr}`;
  if (loss > 0 && !more) return `${since}, but ${detail}: the adversarial stage has not added any so far.`;
  const meaning = loss > 0 ? naturalness(before, after) : '';
  return `${since}, and ${detail}.${meaning}`;
}

/** Detail can be made of noise, too: NIQE tells. */
function naturalness({ niqe: before }: SpectralLine, { niqe: after }: SpectralLine): string {
  if (before && after && after.model > NIQE_FACTOR * before.model) {
    return ` NIQE rose from ${fixed(before.model, 2)} to ${fixed(after.model, 2)}, though: what was added does not look like photographs yet; noise and regular patterns count as detail, too.`;
  }
  return ' Trained on MSE alone a network blurs what it is not sure of; this is what the adversarial stage gives up PSNR for.';
}

/** `6.9 %`, `0.07 %`. */
function share(value: number): string {
  return value < 0.01 ? `${fixed(100 * value, 2)} %` : percent(value);
}

/** A validation as the plane tells it. */
export function pointWords(name: string, { step, model, niqe }: ScoredLine): string {
  return `${name}, step ${count(step)}: PSNR ${decibels(model.psnr)}, NIQE ${fixed(niqe.model, 2)}`;
}
