/** Advice on what becomes of quality and loss: pictures that collapse, a resume that is not one, learning by heart. */
import { count, decibels, fixed, significant } from '../kit/format';
import { lowerBound } from '../chart/table';
import type { Advice, Situation } from './situation';
import type { StepRows } from './step-rows';

/** A generator that paints one tone has nearly no structure left, and is far below bicubic. */
const COLLAPSED_SHARE = 0.5;
const COLLAPSED_DECIBELS = 3;

export function collapsed({ record }: Situation): Advice | null {
  const crops = record.validationLines.filter(({ extent }) => extent === 'crop');
  const latest = crops.at(-1);
  if (latest === undefined) return null;
  const best = crops.reduce((found, line) => (line.model.ssim > found.model.ssim ? line : found), latest);
  const lost = latest.model.ssim < COLLAPSED_SHARE * best.model.ssim;
  const far = latest.model.psnr < latest.bicubic.psnr - COLLAPSED_DECIBELS;
  if (!lost || !far) return null;
  return {
    id: 'collapsed',
    severity: 'warning',
    text: `G’s pictures have collapsed: SSIM was ${fixed(best.model.ssim, 4)} at step ${count(best.step)} and is ${fixed(latest.model.ssim, 4)} now, with PSNR ${decibels(latest.bicubic.psnr - latest.model.psnr)} below bicubic. They are flat or full of artefacts; it seldom recovers. Start again from the best checkpoint with a lower learning rate or a lower adversarial weight.`,
    setting: 'stages[].learningRate',
  };
}

/** Rows before and after a resume that are compared. */
const ROWS_BEFORE = 50;
const ROWS_AFTER = 20;
const SPIKE = 2;

/** A resume goes on where the run stopped; a loss that jumps there has a cause. */
export function spikeAfterResume({ record, rows }: Situation): Advice | null {
  const resumed = record.events.findLast(({ event }) => event === 'resumed');
  if (resumed === undefined) return null;
  const row = lowerBound(rows.steps, resumed.step + 1);
  const loss = rows.column('total');
  const [before, after] = [meanOf(loss, row - ROWS_BEFORE, row), meanOf(loss, row, row + ROWS_AFTER)];
  // Between stages, and where rows are of many steps, nothing is comparable.
  if (!isFine(rows, row) || stageChanges(rows, row - ROWS_BEFORE, row + ROWS_AFTER)) return null;
  if (!(after > SPIKE * before)) return null;
  return {
    id: 'resume-spike',
    severity: 'warning',
    text: `After the resume at step ${count(resumed.step)} the loss is ${significant(after / before)} times what it was before. A resume by itself changes nothing: look at what has changed in between, such as the learning rate, the loss weights or the images (the events tell of other images and of another engine).`,
    setting: 'stages[].learningRate',
  };
}

function isFine(rows: StepRows, row: number): boolean {
  const [first, last] = [rows.steps[row - ROWS_BEFORE], rows.steps[row + ROWS_AFTER - 1]];
  return first !== undefined && last !== undefined && last - first < ROWS_BEFORE + ROWS_AFTER;
}

/** The adversarial stage has a discriminator, and another loss. */
function stageChanges(rows: StepRows, from: number, to: number): boolean {
  const means = rows.column('realMean').slice(from, to);
  return means.some(Number.isNaN) && !means.every(Number.isNaN);
}

/** Validations after the best one before a trend is believed, and how far below it. */
const VALIDATIONS_AFTER = 4;
const FALL_DECIBELS = 0.1;
/** Steps on each side that training losses are averaged over, at least. */
const LOSS_ROWS = 20;

/** In the pixel stage PSNR is what is trained for: it falls on validation while the training loss falls, too. */
export function overfitting({ record, rows }: Situation): Advice | null {
  // An untrained generator with a skip is bicubic enlargement: to be better at first is no merit of what it has learnt.
  const crops = record.validationLines.filter(
    ({ extent, split, step }) => extent === 'crop' && split === 'validation' && step > 0,
  );
  const latest = crops.at(-1);
  if (latest?.stage !== 'pixel') return null;
  const best = crops.reduce((found, line) => (line.model.psnr > found.model.psnr ? line : found), latest);
  const since = crops.filter(({ step }) => step > best.step);
  const low = since.slice(-VALIDATIONS_AFTER);
  if (low.length < VALIDATIONS_AFTER) return null;
  if (low.some(({ model }) => model.psnr > best.model.psnr - FALL_DECIBELS)) return null;
  const loss = rows.column('pixel');
  const at = lowerBound(rows.steps, best.step);
  const then = meanOf(loss, at - LOSS_ROWS, at + 1);
  const now = meanOf(loss, loss.length - LOSS_ROWS - 1, loss.length);
  if (!(now < 0.97 * then)) return null;
  return {
    id: 'overfitting',
    severity: 'warning',
    text: `G learns its images by heart: its training loss still falls, but PSNR on the validation images has been below that of step ${count(best.step)} (${decibels(best.model.psnr)}) in all of the last ${count(low.length)} validations and is ${decibels(latest.model.psnr)} now. More images help most, then fewer steps or a smaller generator; the checkpoint of step ${count(best.step)} is kept as the best.`,
    setting: 'stages[].steps',
  };
}

/** Of the numbers there; NaN where there are none. */
function meanOf(values: readonly number[], from: number, to: number): number {
  const numbers = values.slice(Math.max(0, from), Math.max(0, to)).filter(Number.isFinite);
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
