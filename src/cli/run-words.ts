/** A run in the words of the terminal: one line while it trains, a few when it has ended. */
import { join } from 'node:path';
import type { RunDigest } from '../folders/run-record/run-digest';
import type { EventLine, MetricsLine, Score, StepLine, ValidationLine } from '../protocol/metrics';
import type { RunStatus } from '../protocol/pages';
import type { Progress } from '../protocol/progress';
import { formatCount, formatDuration } from '../protocol/quantities';
import type { StepColumn } from '../protocol/record/step-columns';

/** `+0.29`, with a real minus sign. */
function signed(difference: number): string {
  return `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(2)}`;
}

function shortLoss(loss: number | null | undefined): string {
  return typeof loss === 'number' ? loss.toPrecision(3) : 'NaN';
}

function describeLosses({ generator, discriminator }: StepLine): string {
  if (discriminator === undefined) return `loss ${shortLoss(generator.total)}`;
  const { real, fake } = discriminator;
  return `G ${shortLoss(generator.total)} D ${shortLoss(real === null || fake === null ? null : real + fake)}`;
}

/**
 * Where a run stands, short enough for a line of a terminal with the count of steps and the time left: losses, PSNR of
 * the last validation with its gain over bicubic, seconds a step.
 * @param step the last one, if any
 * @param score the last validation on crops, if any
 */
export function describeRunning(
  status: RunStatus,
  step: StepLine | undefined,
  score: ValidationLine | undefined,
): Progress {
  const parts: string[] = [];
  if (status.phase === 'training' && step !== undefined) {
    parts.push(describeLosses(step));
    if (score !== undefined) {
      parts.push(`PSNR ${score.model.psnr.toFixed(2)} (${signed(score.model.psnr - score.bicubic.psnr)})`);
    }
    if (status.secondsPerStep !== null) parts.push(`${status.secondsPerStep.toPrecision(2)} s/step`);
  } else {
    parts.push(status.message.replace(/\.$/, ''));
  }
  return {
    done: status.step,
    total: status.totalSteps,
    unit: 'steps',
    secondsLeft: status.secondsLeft,
    message: parts.join(' · '),
  };
}

/** A line that stays for what is worth keeping on the screen; undefined for the rest. */
export function describeLine(line: MetricsLine): string | undefined {
  const at = `Step ${formatCount(line.step)}`;
  if (line.kind === 'validation') {
    return `${at}: ${describeScores(line)}, ${describeImages(line)}`;
  }
  if (line.kind === 'event' && notable.has(line.event)) return `${at}: ${line.message}`;
  return undefined;
}

function describeImages({ images, extent }: ValidationLine): string {
  const [one, many] = extent === 'whole' ? ['whole image', 'whole images'] : ['crop', 'crops'];
  return `${images.length} ${images.length === 1 ? one : many}`;
}

const notable = new Set<EventLine['event']>(['started', 'resumed', 'stage', 'warning']);

function describeScores({ model, bicubic }: { model: Score; bicubic: Score }): string {
  const gain = signed(model.psnr - bicubic.psnr);
  return `PSNR ${model.psnr.toFixed(2)} dB (bicubic ${bicubic.psnr.toFixed(2)}, ${gain}), SSIM ${model.ssim.toFixed(4)} (${bicubic.ssim.toFixed(4)})`;
}

/** How a run stands when nobody trains it: its state, its scores at the end of each stage, and where everything lies. */
export function describeEnded(run: string, status: RunStatus, { steps, validations }: RunDigest): string {
  const counts = steps.heads('count');
  const sumOf = (name: StepColumn): number =>
    steps.column(name, 'mean').reduce((sum, mean, bucket) => sum + mean * counts[bucket]!, 0);
  const seconds = sumOf('seconds');
  const share = seconds > 0 ? ((100 * sumOf('feedSeconds')) / seconds).toFixed(1) : '0';
  const done = counts.reduce((sum, count) => sum + count, 0);
  const closing = validations.filter(({ extent }) => extent === 'whole');
  const scores = closing.map(
    (line) => `  ${line.stage} stage, ${describeImages(line)}: ${describeScores(line)}`,
  );
  const rows = [
    status.message,
    ...(scores.length > 0 ? ['Scores on Y against bicubic enlargement:', ...scores] : []),
    ...(seconds > 0
      ? [`Steps: ${formatCount(done)} in ${formatDuration(seconds)}, ${share} % of it waiting for data.`]
      : []),
    ...(status.state === 'finished' ? [`Model:    ${join(run, 'model')}`] : []),
    `Pictures: ${join(run, 'samples')}`,
    `Metrics:  ${join(run, 'metrics.jsonl')}`,
    `Log:      ${join(run, 'log.txt')}`,
  ];
  return rows.join('\n');
}
