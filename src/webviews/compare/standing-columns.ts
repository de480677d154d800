/** The columns that say where a run stands, how it scored and what it is; the settings that differ come before them. Pure. */
import { niqeLabel } from '../../protocol/score-words';
import { count, dateTime, duration, fixed, gain, seconds } from '../kit/format';
import { stateWord } from '../run/words';
import type { Column, TableRun } from './column';

const number = (value: number | null | undefined, text: (value: number) => string): string =>
  value === null || value === undefined ? '–' : text(value);

function lastNiqe({ run }: TableRun): number | null {
  return (
    run.content.validations.findLast(({ niqe, extent }) => niqe && extent === 'crop')?.niqe?.model ?? null
  );
}

const twoDigits = (value: number): string => fixed(value, 2);

export const standingColumns: readonly Column[] = [
  {
    id: 'state',
    title: 'State',
    hint: 'What the run does, or how it ended',
    shownAtFirst: true,
    value: ({ run }) => stateWord(run.content.status),
    text: ({ run }) => stateWord(run.content.status),
  },
  {
    id: 'step',
    title: 'Step',
    hint: 'Steps done, and steps of the whole run',
    shownAtFirst: true,
    value: ({ run }) => run.content.status.step,
    text: ({ run }) => `${count(run.content.status.step)} / ${count(run.content.status.totalSteps)}`,
  },
  {
    id: 'best',
    title: 'Best PSNR, crops',
    hint: 'Highest PSNR on the validation crops, in dB on Y, borders of the scale left out',
    shownAtFirst: true,
    better: 'high',
    value: ({ scores }) => scores.best?.model.psnr ?? null,
    text: ({ scores }) => number(scores.best?.model.psnr, twoDigits),
  },
  {
    id: 'bestStep',
    title: 'Step of the best',
    hint: 'Step of the highest PSNR on the validation crops',
    shownAtFirst: false,
    value: ({ scores }) => scores.best?.step ?? null,
    text: ({ scores }) => number(scores.best?.step, count),
  },
  {
    id: 'psnr',
    title: 'PSNR',
    hint: 'On whole validation images at the end of the last stage, in dB on Y, borders of the scale left out',
    shownAtFirst: true,
    better: 'high',
    value: ({ scores }) => scores.final?.model.psnr ?? null,
    text: ({ scores }) => number(scores.final?.model.psnr, twoDigits),
  },
  {
    id: 'gain',
    title: 'Gain',
    hint: 'PSNR on whole validation images less that of bicubic enlargement',
    shownAtFirst: true,
    better: 'high',
    value: ({ scores: { final } }) => (final === null ? null : final.model.psnr - final.bicubic.psnr),
    text: ({ scores: { final } }) => (final === null ? '–' : gain(final.model.psnr - final.bicubic.psnr)),
  },
  {
    id: 'ssim',
    title: 'SSIM',
    hint: 'Wang et al. 2004 on whole validation images at the end of the last stage, on Y',
    shownAtFirst: true,
    better: 'high',
    value: ({ scores }) => scores.final?.model.ssim ?? null,
    text: ({ scores }) => number(scores.final?.model.ssim, (value) => fixed(value, 4)),
  },
  {
    id: 'niqe',
    title: 'NIQE',
    hint: `${niqeLabel}, of the last validation crops; lower looks more like them. Only scores with the same data set compare`,
    shownAtFirst: true,
    better: 'low',
    value: (row) => lastNiqe(row),
    text: (row) => number(lastNiqe(row), twoDigits),
  },
  {
    id: 'bicubic',
    title: 'Bicubic PSNR',
    hint: 'Of bicubic enlargement, on the same whole images',
    shownAtFirst: false,
    value: ({ scores }) => scores.final?.bicubic.psnr ?? null,
    text: ({ scores }) => number(scores.final?.bicubic.psnr, twoDigits),
  },
  {
    id: 'time',
    title: 'Time',
    hint: 'From the first line of the record to the last step',
    shownAtFirst: false,
    better: 'low',
    value: ({ run }) => run.content.curves.elapsed.at(-1) ?? null,
    text: ({ run }) => number(run.content.curves.elapsed.at(-1), duration),
  },
  {
    id: 'secondsPerStep',
    title: 'Time a step',
    hint: 'Median of the recent steps',
    shownAtFirst: false,
    better: 'low',
    value: ({ run }) => run.content.status.secondsPerStep,
    text: ({ run }) => number(run.content.status.secondsPerStep, seconds),
  },
  {
    id: 'preset',
    title: 'Preset',
    hint: 'The preset that the configuration was made from',
    shownAtFirst: false,
    value: ({ run }) => run.content.configuration.preset,
    text: ({ run }) => run.content.configuration.preset,
  },
  {
    id: 'datasetName',
    title: 'Data set',
    hint: 'Name of the data set',
    shownAtFirst: false,
    value: ({ run }) => run.content.datasetName,
    text: ({ run }) => run.content.datasetName,
  },
  {
    id: 'engine',
    title: 'Engine',
    hint: 'What computed the steps',
    shownAtFirst: false,
    value: ({ run }) => run.content.status.engine,
    text: ({ run }) => run.content.status.engine || '–',
  },
  {
    id: 'created',
    title: 'Created',
    hint: 'When the run was made',
    shownAtFirst: false,
    value: ({ run }) => run.content.configuration.created,
    text: ({ run }) => dateTime(Date.parse(run.content.configuration.created)),
  },
  {
    id: 'folder',
    title: 'Folder',
    hint: 'Where the run lies',
    shownAtFirst: false,
    value: ({ run }) => run.folder,
    text: ({ run }) => run.folder,
  },
];
