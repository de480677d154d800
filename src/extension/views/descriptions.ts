/** A data set, a run or a model in a few words: beside its name in the views and in lists to choose from. */
import type { RunStatus } from '../../protocol/pages';
import type { DatasetEntry, ModelEntry, RunEntry } from '../lab/entries';
import type { StageGain } from '../../folders/run-reader';
import { countOf, formatCount, formatDuration, formatGain, ordinal } from '../../protocol/quantities';

const damaged = 'cannot be read';

/** `×4 · 11 images · 2 left out`, or `×4 · incomplete` while it is being made. */
export function describeDataset({ content }: DatasetEntry): string {
  if ('problem' in content) return damaged;
  const { scale, contents } = content.ok;
  if (contents === undefined) return `×${scale} · incomplete`;
  const { train, validation, omitted } = contents;
  const parts = [`×${scale}`, countOf(train + validation, 'image')];
  if (omitted > 0) parts.push(`${formatCount(omitted)} left out`);
  return parts.join(' · ');
}

/** `stopped at step 1,200 · +0.31 dB`. */
export function describeRun({ content }: RunEntry): string {
  if ('problem' in content) return damaged;
  const { status, gains } = content.ok;
  const gain = gains.at(-1);
  return [describeState(status), ...(gain === undefined ? [] : [formatGain(gain.decibels)])].join(' · ');
}

export function describeState(status: RunStatus): string {
  const step = formatCount(status.step);
  if (status.cause === 'memory') return `out of memory at step ${step}`;
  if (status.cause === 'gpu') return `GPU failed at step ${step}`;
  switch (status.state) {
    case 'new':
      return 'not started';
    case 'running':
      return describeProgress(status);
    case 'finished':
      return 'finished';
    case 'stopped':
      return `stopped at step ${step}`;
    case 'failed':
      return `failed at step ${step}`;
    case 'crashed':
      return `died at step ${step}`;
    case 'elsewhere':
      return `trains on another machine, step ${step}`;
  }
}

/** `step 312 of 1,350 · 3 min left`. */
export function describeProgress(status: RunStatus): string {
  const { phase, step, totalSteps, secondsLeft, queue, suspended } = status;
  if (suspended) return `suspended at step ${formatCount(step)}`;
  if (queue !== undefined) return `waits, ${ordinal(queue.position)} in line`;
  if (phase === 'starting' || phase === 'waiting') return phase;
  if (phase === 'stopping') return 'stopping';
  const parts = [`step ${formatCount(step)} of ${formatCount(totalSteps)}`];
  if (secondsLeft !== null) parts.push(`${formatDuration(secondsLeft)} left`);
  return parts.join(' · ');
}

/** `embedded engine: CPU, 2 threads. No GPU, and measured here …`. */
export function describeEngine({ engine, device, engineReason }: RunStatus): string {
  return [`${engine} engine: ${device}.`, ...(engineReason === undefined ? [] : [engineReason])].join(' ');
}

/** `pixel stage: +0.35 dB over bicubic at step 1,200`. */
export function describeGain({ stage, step, decibels }: StageGain): string {
  return `${stage} stage: ${formatGain(decibels)} over bicubic (PSNR) at step ${formatCount(step)}`;
}

/** `×4 · +0.33 dB`, `discriminator`, `content network`, or `classifier · 93 %`. */
export function describeModel({ content }: ModelEntry): string {
  if ('problem' in content) return damaged;
  if (content.ok.kind === 'content') return 'content network';
  if (content.ok.kind === 'discriminator') return 'discriminator';
  if (content.ok.kind === 'classifier') return `classifier · ${Math.round(100 * content.ok.score.test)} %`;
  const { scale, score } = content.ok;
  const parts = [`×${scale}`];
  if (score !== undefined) parts.push(formatGain(score.model.psnr - score.bicubic.psnr));
  return parts.join(' · ');
}
