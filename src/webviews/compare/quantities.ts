/** The quantities that runs can be overlaid in, a chart each; data, not drawing. */
import type { ComparedColumn } from '../../protocol/compare-page';
import type { ValidationLine } from '../../protocol/metrics';
import { niqeLabel } from '../../protocol/score-words';
import type { Range } from '../chart/downsample';
import { decibels, fixed, gain, seconds, significant } from '../kit/format';

interface QuantityBase {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly shownAtFirst: boolean;
  readonly format: (value: number) => string;
  readonly logarithmic?: boolean;
  readonly fromZero?: boolean;
  readonly yRange?: Range;
  readonly empty: string;
}

export type Quantity = QuantityBase &
  (
    | {
        readonly source: 'validations';
        readonly of: (line: ValidationLine) => number | null;
        /** The same of bicubic enlargement. */
        readonly bicubic: (line: ValidationLine) => number | null;
      }
    | { readonly source: 'steps'; readonly column: ComparedColumn; readonly line?: 'steps' }
  );

const validated = 'Comes with the first validation.';
const stepped = 'Comes with the first step.';
const adversarial = 'Comes with the adversarial stage.';
const share = (value: number): string => fixed(value, 3);

export const quantities: readonly Quantity[] = [
  {
    id: 'psnr',
    title: 'PSNR on validation crops',
    shownAtFirst: true,
    source: 'validations',
    of: ({ model }) => model.psnr,
    bicubic: ({ bicubic }) => bicubic.psnr,
    format: decibels,
    empty: validated,
  },
  {
    id: 'ssim',
    title: 'SSIM on validation crops',
    shownAtFirst: true,
    source: 'validations',
    of: ({ model }) => model.ssim,
    bicubic: ({ bicubic }) => bicubic.ssim,
    format: (value) => fixed(value, 4),
    empty: validated,
  },
  {
    id: 'gain',
    title: 'PSNR over bicubic',
    note: 'On validation crops, less bicubic’s PSNR on the same: compares runs of different images as far as that goes.',
    shownAtFirst: false,
    source: 'validations',
    of: ({ model, bicubic }) => model.psnr - bicubic.psnr,
    bicubic: () => 0,
    format: gain,
    fromZero: true,
    empty: validated,
  },
  {
    id: 'niqe',
    title: 'NIQE of validation crops',
    note: `${niqeLabel}; lower looks more like them. Only scores with the same data set compare.`,
    shownAtFirst: false,
    source: 'validations',
    of: ({ niqe }) => niqe?.model ?? null,
    bicubic: ({ niqe }) => niqe?.bicubic ?? null,
    format: (value) => fixed(value, 2),
    empty: 'Comes with the first validation on crops that are large enough for it.',
  },
  {
    id: 'total',
    title: 'Generator loss, sum',
    note: 'Each weighted by its own run’s weights; compare the terms where these differ.',
    shownAtFirst: true,
    source: 'steps',
    column: 'total',
    format: significant,
    logarithmic: true,
    empty: stepped,
  },
  {
    id: 'pixel',
    title: 'Generator loss, pixel',
    note: 'Mean squared error, before weighting.',
    shownAtFirst: true,
    source: 'steps',
    column: 'pixel',
    format: significant,
    logarithmic: true,
    empty: stepped,
  },
  {
    id: 'content',
    title: 'Generator loss, content',
    note: 'Distance of feature maps, before weighting; only comparable for the same content network.',
    shownAtFirst: false,
    source: 'steps',
    column: 'content',
    format: significant,
    logarithmic: true,
    empty: adversarial,
  },
  {
    id: 'adversarial',
    title: 'Generator loss, adversarial',
    note: 'Before weighting.',
    shownAtFirst: false,
    source: 'steps',
    column: 'adversarial',
    format: significant,
    logarithmic: true,
    empty: adversarial,
  },
  {
    id: 'discriminator-real',
    title: 'Discriminator loss on HR (real)',
    shownAtFirst: false,
    source: 'steps',
    column: 'discriminatorReal',
    format: significant,
    logarithmic: true,
    empty: adversarial,
  },
  {
    id: 'discriminator-fake',
    title: 'Discriminator loss on SR (fake)',
    shownAtFirst: false,
    source: 'steps',
    column: 'discriminatorFake',
    format: significant,
    logarithmic: true,
    empty: adversarial,
  },
  {
    id: 'real-mean',
    title: 'D(real)',
    note: 'Mean output of the discriminator on HR; at 0.5 it guesses.',
    shownAtFirst: true,
    source: 'steps',
    column: 'realMean',
    format: share,
    yRange: { min: 0, max: 1 },
    empty: adversarial,
  },
  {
    id: 'fake-mean',
    title: 'D(fake)',
    note: 'Mean output of the discriminator on SR; at 0.5 it guesses.',
    shownAtFirst: true,
    source: 'steps',
    column: 'fakeMean',
    format: share,
    yRange: { min: 0, max: 1 },
    empty: adversarial,
  },
  {
    id: 'learning-rate',
    title: 'Learning rate',
    shownAtFirst: false,
    source: 'steps',
    column: 'learningRate',
    line: 'steps',
    format: significant,
    logarithmic: true,
    empty: stepped,
  },
  {
    id: 'seconds-per-step',
    title: 'Seconds a step',
    shownAtFirst: false,
    source: 'steps',
    column: 'seconds',
    format: seconds,
    fromZero: true,
    empty: stepped,
  },
];
