/**
 * Sentences that teach: what the curves of a run mean, and what can be done. Pure; each rule looks at the record and says
 * nothing unless it is sure.
 */
import type { ValidationLine } from '../../protocol/metrics';
import type { RunConfiguration } from '../../protocol/run-configuration';
import { smooth } from '../chart/smooth';
import { count, decibels, fixed, gain, percent, significant } from '../kit/format';
import { collapsed, overfitting, spikeAfterResume } from './advice-quality';
import type { RunRecord } from './record';
import type { Advice, Situation } from './situation';
import type { StepRows } from './step-rows';

/** Fewer steps than this are noise. */
const MANY_STEPS = 50;
const NOISE = 0.9;
/** Of the adversarial stage, in which D runs ahead of a G that has never met it. */
const EARLY_STEPS = 500;

export function advise(record: RunRecord, configuration: RunConfiguration): Advice[] {
  const situation = { record, rows: record.history(), configuration };
  const rules = [
    diverged,
    discriminatorWins,
    discriminatorGuesses,
    collapsed,
    spikeAfterResume,
    overfitting,
    belowBicubic,
    adversarialEffect,
    starved,
  ];
  return rules.flatMap((rule) => rule(situation) ?? []);
}

/** How many of the last values are all accepted, with gaps counted as not. */
function trailing(values: readonly number[], accept: (value: number, row: number) => boolean): number {
  let rows = 0;
  while (rows < values.length && accept(values[values.length - 1 - rows]!, values.length - 1 - rows)) {
    rows += 1;
  }
  return rows;
}

/** The first step of the last `count` rows. */
function firstStepOf({ steps }: StepRows, count: number): number {
  const before = steps[steps.length - count - 1];
  return before === undefined ? steps[0]! : before + 1;
}

/** Steps from the first of the last `count` rows to the last one. */
function stepsOf(rows: StepRows, count: number): number {
  return count === 0 ? 0 : rows.steps.at(-1)! - firstStepOf(rows, count) + 1;
}

function diverged({ rows }: Situation): Advice | null {
  const streak = trailing(rows.column('total'), Number.isNaN);
  if (streak === 0) return null;
  return {
    id: 'diverged',
    severity: 'error',
    text: `G’s loss has not been a number since step ${count(firstStepOf(rows, streak))}: the training has diverged. Stop it, lower the learning rate, and resume from the last checkpoint.`,
    setting: 'stages[].learningRate',
  };
}

function discriminatorWins({ rows, configuration }: Situation): Advice | null {
  const real = smooth(rows.column('realMean'), NOISE);
  const fake = smooth(rows.column('fakeMean'), NOISE);
  const streak = trailing(real, (mean, row) => mean > 0.95 && fake[row]! < 0.05);
  const steps = stepsOf(rows, streak);
  if (steps < MANY_STEPS) return null;
  const adversarial = rows.steps.length - trailing(real, (mean) => !Number.isNaN(mean));
  const intoStage = rows.steps.at(-1)! - (rows.steps[adversarial - 1] ?? 0);
  if (intoStage <= EARLY_STEPS) {
    return {
      id: 'discriminator-early',
      severity: 'info',
      text: `D(fake) is near 0, ${count(intoStage)} steps into the adversarial stage. That is normal here: G has been trained for pixels alone, and D tells its smooth pictures from HR within a few steps. It matters only if it stays so for thousands of steps.`,
    };
  }
  const weight = configuration.lossWeights.adversarial;
  return {
    id: 'discriminator-wins',
    severity: 'warning',
    text: `The discriminator has won for ${count(steps)} steps: it takes HR for real (mean D above 0.95) and SR for fake (below 0.05), so G learns little from it. Lower the learning rate of the adversarial stage, or raise the adversarial weight (now ${significant(weight)}).`,
    setting: 'lossWeights.adversarial',
  };
}

function discriminatorGuesses({ rows }: Situation): Advice | null {
  const real = smooth(rows.column('realMean'), NOISE);
  const fake = smooth(rows.column('fakeMean'), NOISE);
  const steps = stepsOf(
    rows,
    trailing(real, (mean, row) => Math.abs(mean - fake[row]!) < 0.05),
  );
  if (steps < 4 * MANY_STEPS) return null;
  return {
    id: 'discriminator-guesses',
    severity: 'info',
    text: `For ${count(steps)} steps the discriminator has not told HR from SR: its means differ by less than 0.05. Either SR is as good as HR for it, or it is too weak; a wider discriminator sees more.`,
    setting: 'discriminator',
  };
}

function belowBicubic({ record, configuration }: Situation): Advice | null {
  const latest = record.latestValidation();
  const stage = configuration.stages.find(({ name }) => name === 'pixel');
  if (latest?.stage !== 'pixel' || !stage || latest.step < stage.steps / 2) return null;
  const difference = latest.model.psnr - latest.bicubic.psnr;
  if (difference >= 0) return null;
  return {
    id: 'below-bicubic',
    severity: 'warning',
    text: `More than half of the pixel stage is done, and SR is still ${gain(difference).slice(1)} below bicubic in PSNR. Train longer, with a higher learning rate, or with more images.`,
    setting: 'stages[].steps',
  };
}

/** Whatever the adversarial stage does to PSNR is said as it is. */
function adversarialEffect({ record }: Situation): Advice | null {
  const pair = sameImages(record, 'crop') ?? sameImages(record, 'whole');
  if (!pair) return null;
  const [before, after] = pair;
  const difference = after.model.psnr - before.model.psnr;
  const change = gain(difference);
  const scores = `from ${decibels(before.model.psnr)} to ${decibels(after.model.psnr)} (SSIM ${fixed(before.model.ssim, 4)} to ${fixed(after.model.ssim, 4)})`;
  const verdict = change.startsWith('±')
    ? `The adversarial stage has left PSNR as it was, ${scores}.`
    : difference < 0
      ? `The adversarial stage has lowered PSNR by ${change.slice(1)}, ${scores}. It trades accuracy of pixels for texture: judge by the pictures.`
      : `The adversarial stage has raised PSNR by ${change.slice(1)}, ${scores}.`;
  return { id: 'adversarial-effect', severity: 'info', text: verdict };
}

/** The last validation of each stage over the same images. */
function sameImages(
  record: RunRecord,
  extent: ValidationLine['extent'],
): [before: ValidationLine, after: ValidationLine] | null {
  const last = (stage: ValidationLine['stage']) =>
    record.validationLines.findLast((line) => line.stage === stage && line.extent === extent);
  const [before, after] = [last('pixel'), last('adversarial')];
  return before && after ? [before, after] : null;
}

/** Share of the last steps' time that was spent waiting for data; null while there are too few. */
export function feedShare(record: RunRecord): number | null {
  const lines = record.newestSteps(MANY_STEPS);
  if (lines.length < 5) return null;
  const waiting = lines.reduce((total, { feedSeconds }) => total + feedSeconds, 0);
  return waiting / lines.reduce((total, { seconds }) => total + seconds, 0);
}

function starved({ record }: Situation): Advice | null {
  const share = feedShare(record);
  if (share === null || share < 0.1) return null;
  return {
    id: 'starved',
    severity: 'warning',
    text: `The network waits for data ${percent(share)} of the time. A slow or busy disk is the usual reason; a local copy of the data set helps.`,
  };
}
