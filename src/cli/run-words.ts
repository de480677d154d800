/** A run in the words of the terminal: one line while it trains, a few when it has ended. */
import { join } from 'node:path';
import type { EventLine, MetricsLine, Score, StepLine, ValidationLine } from '../protocol/metrics';
import type { RunStatus } from '../protocol/pages';
import type { Progress } from '../protocol/progress';
import { formatCount, formatDuration } from '../protocol/quantities';

/** `+0.29`, with a real minus sign. */
function signed(difference: number): string {
  return `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(2)}`;
}

function lastOf<K extends MetricsLine['kind']>(
  lines: readonly MetricsLine[],
  kind: K,
): Extract<MetricsLine, { kind: K }> | undefined {
  return lines.findLast((line): line is Extract<MetricsLine, { kind: K }> => line.kind === kind);
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
 */
export function describeRunning(status: RunStatus, lines: readonly MetricsLine[]): Progress {
  const step = lastOf(lines, 'step');
  const score = lines.findLast((line) => line.kind === 'validation' && line.extent === 'crop');
  const parts: string[] = [];
  if (status.phase === 'training' && step !== undefined) {
    parts.push(describeLosses(step));
    if (score?.kind === 'validation') {
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
export function describeEnded(run: string, status: RunStatus, lines: readonly MetricsLine[]): string {
  const steps = lines.filter((line) => line.kind === 'step');
  const seconds = steps.reduce((sum, line) => sum + line.seconds, 0);
  const waited = steps.reduce((sum, line) => sum + line.feedSeconds, 0);
  const share = seconds > 0 ? ((100 * waited) / seconds).toFixed(1) : '0';
  const closing = lines.filter(
    (line): line is ValidationLine => line.kind === 'validation' && line.extent === 'whole',
  );
  const scores = closing.map(
    (line) => `  ${line.stage} stage, ${describeImages(line)}: ${describeScores(line)}`,
  );
  const rows = [
    status.message,
    ...(scores.length > 0 ? ['Scores on Y against bicubic enlargement:', ...scores] : []),
    ...(seconds > 0
      ? [
          `Steps: ${formatCount(steps.length)} in ${formatDuration(seconds)}, ${share} % of it waiting for data.`,
        ]
      : []),
    ...(status.state === 'finished' ? [`Model:    ${join(run, 'model')}`] : []),
    `Pictures: ${join(run, 'samples')}`,
    `Metrics:  ${join(run, 'metrics.jsonl')}`,
    `Log:      ${join(run, 'log.txt')}`,
  ];
  return rows.join('\n');
}
