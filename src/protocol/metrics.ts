/**
 * `metrics.jsonl`: the append-only record of a run, one JSON object a line. Everything that the pages and the terminal
 * show of a run's past comes from here. Losses are raw means over the batch; weighting is done by whoever shows them.
 */
import { z } from 'zod';
import { splitNames } from './dataset-file';
import { stageNames } from './run-configuration';

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

export const imageScoreSchema = z.object({
  name: z.string(),
  model: scoreSchema,
  bicubic: scoreSchema,
});
export type ImageScore = z.infer<typeof imageScoreSchema>;

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
