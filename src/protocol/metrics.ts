/**
 * `metrics.jsonl`: the append-only record of a run, one JSON object a line. Everything that the pages and the terminal
 * show of a run's past comes from here. Losses are raw means over the batch; weighting is done by whoever shows them.
 */
import { z } from 'zod';
import { splitNames } from './dataset-file';
import { stageNames } from './stage-names';

const at = {
  time: z.number().describe('Milliseconds since 1970.'),
  step: z.int().min(0).describe('Steps done in the whole run.'),
  stage: z.enum(stageNames),
};

/** Losses can overflow, and JSON has no NaN: it is written as null. */
const loss = z.number().nullable();

export const stepLineSchema = z.object({
  kind: z.literal('step'),
  ...at,
  seconds: z.number().describe('Duration of the step, waiting for data included.'),
  feedSeconds: z.number().describe('Of these, waiting for data.'),
  learningRate: z.number(),
  generator: z.object({ pixel: loss, content: loss.optional(), adversarial: loss.optional(), total: loss }),
  discriminator: z
    .object({
      real: loss.describe('Binary cross-entropy on HR patches.'),
      fake: loss.describe('Binary cross-entropy on SR patches.'),
      realMean: loss.describe('Mean of D(HR) in [0, 1].'),
      fakeMean: loss.describe('Mean of D(SR) in [0, 1].'),
      realDeviation: loss.optional().describe('Standard deviation of D(HR) over the batch.'),
      fakeDeviation: loss.optional().describe('Standard deviation of D(SR) over the batch.'),
    })
    .optional(),
});
export type StepLine = z.infer<typeof stepLineSchema>;

export const scoreSchema = z.object({
  psnr: z.number().describe('dB on Y of [16, 235], border = scale.'),
  ssim: z.number().describe('Wang et al. 2004 on Y, 11×11 Gaussian, border = scale.'),
});
export type Score = z.infer<typeof scoreSchema>;

export const niqeSchema = z
  .object({ model: z.number(), bicubic: z.number(), hr: z.number() })
  .describe('NIQE (Mittal et al. 2013), fitted on the data set’s HR training images; lower is better.');
export type NiqeScores = z.infer<typeof niqeSchema>;

export const imageScoreSchema = z.object({
  name: z.string(),
  model: scoreSchema,
  bicubic: scoreSchema,
  niqe: niqeSchema.optional(),
});
export type ImageScore = z.infer<typeof imageScoreSchema>;

/** A band without any power has none in decibels. */
const bandPowers = z.array(z.number().nullable());
const share = z.number().nullable();

export const spectrumSchema = z
  .object({
    frequencies: z.array(z.number()).describe('Middles of the bands in cycles a pixel, up to 0.5 (Nyquist).'),
    model: bandPowers.describe('Power spectral density of Y in dB, mean over directions and images.'),
    bicubic: bandPowers,
    hr: bandPowers,
    fineDetail: z
      .object({ model: share, bicubic: share })
      .describe('Power above half of Nyquist as a share of HR’s; null where HR has none.'),
  })
  .describe('Radial power spectra of the crops.');
export type SpectrumLine = z.infer<typeof spectrumSchema>;

export const validationLineSchema = z.object({
  kind: z.literal('validation'),
  ...at,
  extent: z
    .enum(['crop', 'whole'])
    .describe('Centre crops during training; whole images at the end of a stage.'),
  split: z.enum(splitNames),
  model: scoreSchema.describe('Mean over the images.'),
  bicubic: scoreSchema,
  images: z.array(imageScoreSchema),
  niqe: niqeSchema.optional(),
  spectrum: spectrumSchema.optional(),
  seconds: z.number(),
  sampled: z.boolean().describe('Whether samples/step-NNNNNN holds the SR images.'),
});
export type ValidationLine = z.infer<typeof validationLineSchema>;

export const eventLineSchema = z.object({
  kind: z.literal('event'),
  ...at,
  event: z.enum([
    'started',
    'resumed',
    'stage',
    'checkpoint',
    'best',
    'warning',
    'stopped',
    'finished',
    'failed',
  ]),
  message: z.string(),
});
export type EventLine = z.infer<typeof eventLineSchema>;

export const metricsLineSchema = z.discriminatedUnion('kind', [
  stepLineSchema,
  validationLineSchema,
  eventLineSchema,
]);
export type MetricsLine = z.infer<typeof metricsLineSchema>;

export const METRICS_FILE = 'metrics.jsonl';
