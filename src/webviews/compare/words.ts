/** A comparison in words: who is best, and whether the scores compare at all. Pure. */
import { count, decibels, gain, percent } from '../kit/format';
import type { TableRun } from './column';
import type { ReadRun } from './compared-run';

/** `28.43 dB, +0.42 dB over bicubic, on whole images`. */
export function scoreWords({ scores: { best, final } }: TableRun): string {
  const score = final ?? best;
  if (score === null) return 'not validated yet';
  const against = gain(score.model.psnr - score.bicubic.psnr);
  const where = final === null ? `on crops at step ${count(score.step)}` : 'on whole images';
  return `${decibels(score.model.psnr)}, ${against} over bicubic, ${where}`;
}

/** What the runs are scored on, as far as their configurations tell. */
const judgedBy: readonly [what: string, of: (run: ReadRun) => unknown][] = [
  ['data set', ({ content }) => content.configuration.dataset],
  ['scale', ({ content }) => content.configuration.scale],
  ['number of validation images', ({ content }) => content.configuration.validation.images],
  ['size of the validation crops', ({ content }) => content.configuration.validation.crop],
];

/** Said where scores of different things stand beside each other; null where all runs are scored alike. */
export function incomparable(runs: readonly ReadRun[]): string | null {
  const differing = judgedBy.filter(([, of]) => new Set(runs.map(of)).size > 1).map(([what]) => what);
  if (differing.length === 0) return null;
  const onlyCrops = differing.every((what) => what.includes('validation'));
  const what = onlyCrops ? 'Scores on crops' : 'Scores';
  return `${what} of these runs do not compare directly: they differ in ${listed(differing)}. Compare the gain over bicubic, and pictures of the same scene.`;
}

/** Said while long records are gone through, of which only the newest part is shown; null where all are whole. */
export function goneThrough(runs: readonly ReadRun[]): string | null {
  const parts = runs.flatMap(({ name, content: { making } }) =>
    making === null ? [] : [`${name} (${percent(making.done / Math.max(1, making.total))})`],
  );
  if (parts.length === 0) return null;
  const [records, newest] =
    parts.length === 1 ? ['record of', 'its newest part is'] : ['records of', 'their newest parts are'];
  return `The long ${records} ${listed(parts)} ${parts.length === 1 ? 'is' : 'are'} being gone through. Until that is done, only ${newest} in table and curves.`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}
