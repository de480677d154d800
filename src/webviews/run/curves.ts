/** Which curves the run page shows, chart by chart; data, not drawing. */
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { Baseline, Curve } from '../chart/curve';
import { count, decibels, fixed, seconds, significant } from '../kit/format';
import type { RunRecord } from './record';
import { adversarialStart, contentNote } from './words';

export interface ChartDefinition {
  id: string;
  title: string;
  note?: string | undefined;
  table: 'steps' | 'validations';
  curves: Curve[];
  logarithmic?: boolean;
  yRange?: { min: number; max: number };
  fromZero?: boolean;
  baseline?: (record: RunRecord) => Baseline | null;
  empty: string;
}

export function chartDefinitions(configuration: RunConfiguration): ChartDefinition[] {
  const start = adversarialStart(configuration.stages);
  const whenAdversarial =
    start === null
      ? 'This run has no adversarial stage, so there is no discriminator.'
      : `Comes with the adversarial stage, from step ${count(start)}.`;
  const first = 'Comes with the first step.';
  const validated = `Comes with the first validation, at step ${count(configuration.validation.every)}.`;
  return [
    {
      id: 'psnr',
      title: 'PSNR on validation images',
      table: 'validations',
      curves: qualityCurves('psnr', 'bicubicPsnr', decibels),
      baseline: bicubicBaseline('psnr', decibels),
      empty: validated,
    },
    {
      id: 'ssim',
      title: 'SSIM on validation images',
      table: 'validations',
      curves: qualityCurves('ssim', 'bicubicSsim', (value) => fixed(value, 4)),
      baseline: bicubicBaseline('ssim', (value) => fixed(value, 4)),
      empty: validated,
    },
    {
      id: 'generator-loss',
      title: 'Generator loss',
      note: start === null ? undefined : contentNote(configuration.content),
      table: 'steps',
      curves: generatorCurves(configuration, start !== null),
      logarithmic: true,
      empty: first,
    },
    {
      id: 'discriminator-loss',
      title: 'Discriminator loss',
      table: 'steps',
      curves: [
        curve('discriminatorReal', 'on HR (real)', 'discriminatorReal'),
        curve('discriminatorFake', 'on SR (fake)', 'discriminatorFake'),
      ],
      logarithmic: true,
      empty: whenAdversarial,
    },
    {
      id: 'discriminator-means',
      title: 'D(real) and D(fake)',
      note: 'Mean output of the discriminator over the batch ± its standard deviation; at 0.5 it guesses.',
      table: 'steps',
      curves: [
        outputCurve('real', 'D(real)', 'discriminatorReal'),
        outputCurve('fake', 'D(fake)', 'discriminatorFake'),
      ],
      yRange: { min: 0, max: 1 },
      baseline: () => ({ label: '', value: 0.5, colour: 'grid' }),
      empty: whenAdversarial,
    },
    {
      id: 'learning-rate',
      title: 'Learning rate',
      table: 'steps',
      curves: [{ ...curve('learningRate', 'Adam', 'foreground'), line: 'steps' }],
      logarithmic: true,
      empty: first,
    },
    {
      id: 'seconds-per-step',
      title: 'Seconds a step',
      table: 'steps',
      curves: [
        { ...curve('seconds', 'whole step', 'foreground'), format: seconds },
        { ...curve('feedSeconds', 'waiting for data', 'lr'), format: seconds },
      ],
      fromZero: true,
      empty: first,
    },
  ];
}

function curve(id: string, label: string, colour: Curve['colour']): Curve {
  return { id, label, colour, format: significant };
}

/** Mean ± deviation of what the discriminator says. */
function outputCurve(of: 'real' | 'fake', label: string, colour: Curve['colour']): Curve {
  const format = (value: number) => fixed(value, 3);
  return { ...curve(`${of}Mean`, label, colour), deviation: `${of}Deviation`, format };
}

/** Every term raw (solid) and weighted (dashed), and their sum. */
function generatorCurves({ lossWeights }: RunConfiguration, adversarial: boolean): Curve[] {
  const pixel = curve('pixel', 'pixel', 'generatorPixel');
  if (!adversarial) return [pixel];
  const weighted = (raw: Curve, weight: number): Curve => ({
    ...raw,
    id: `${raw.id}Weighted`,
    label: `${raw.label} × ${significant(weight)}`,
    line: 'dashed',
  });
  const content = curve('content', 'content', 'generatorContent');
  const against = curve('adversarial', 'adversarial', 'generatorAdversarial');
  // The sum is first, so that it is drawn behind its terms: in the pixel stage it is the pixel loss.
  return [
    curve('total', 'sum', 'generatorTotal'),
    pixel,
    weighted(pixel, lossWeights.pixel),
    content,
    weighted(content, lossWeights.content),
    against,
    weighted(against, lossWeights.adversarial),
  ];
}

function qualityCurves(score: 'psnr' | 'ssim', bicubic: string, format: Curve['format']): Curve[] {
  return [
    { id: score, label: 'SR', colour: 'sr', sparse: true, format },
    { id: `${score}Whole`, label: 'SR, whole images', colour: 'sr', line: 'points', sparse: true, format },
    {
      id: `${bicubic}Whole`,
      label: 'bicubic, whole images',
      colour: 'lr',
      line: 'points',
      sparse: true,
      format,
    },
  ];
}

/** Bicubic's score on the crops: the same at every validation. */
function bicubicBaseline(score: 'psnr' | 'ssim', format: (value: number) => string) {
  return (record: RunRecord): Baseline | null => {
    const line = record.latestValidation('crop');
    return line
      ? { label: `bicubic ${format(line.bicubic[score])}`, value: line.bicubic[score], colour: 'lr' }
      : null;
  };
}
