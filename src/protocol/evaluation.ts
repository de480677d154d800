/** What `srgan-lab evaluate` finds out: models and interpolations on a set of HR images, scored under a named protocol. */
import { z } from 'zod';
import { benchmarkNames } from './published-scores';
import { vggDistanceSchema } from './vgg-distance';

export const scoresSchema = z.object({
  psnr: z.number().nullable().describe('dB; null for equal images, whose PSNR is infinite.'),
  ssim: z.number(),
  msSsim: z.number().nullable().describe('Multi-scale SSIM; null where an image is too small for it.'),
  niqe: z.number().nullable().optional().describe('Where it was measured; null where an image is too small.'),
  vggDistance: z
    .number()
    .nullable()
    .optional()
    .describe('Where it was measured, of whole images; null where one is too small.'),
});
export type EvaluationScores = z.infer<typeof scoresSchema>;

export const evaluationSchema = z.object({
  protocol: z.string().describe('Name of the protocol, as `--protocol` takes it.'),
  measured: z.string().describe('The same in words.'),
  scale: z.int(),
  border: z.int().describe('Pixels left out at each side.'),
  lr: z.string().describe('Where the LR images came from, in words.'),
  vgg: vggDistanceSchema.optional().describe('Which feature distance was measured.'),
  models: z.array(
    z.object({
      name: z.string().describe('As it was given.'),
      description: z.string(),
      engine: z.string().nullable().describe('What computed it; null for an interpolation.'),
      seconds: z.number().describe('Spent on enlarging, all images together.'),
      mean: scoresSchema.nullable().describe('Over the images; null where none could be scored.'),
    }),
  ),
  images: z.array(
    z.object({
      name: z.string(),
      width: z.int(),
      height: z.int(),
      scores: z.array(scoresSchema).describe('One a model, in the order of `models`.'),
    }),
  ),
  benchmark: z.enum(benchmarkNames).nullable().describe('Which published benchmark the images are.'),
  published: z
    .array(z.object({ method: z.string(), psnr: z.number(), ssim: z.number(), source: z.string() }))
    .describe('Figures of papers for this benchmark under this protocol.'),
  problems: z
    .array(z.object({ file: z.string(), problem: z.string() }))
    .describe('Images that were not scored, and why.'),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
