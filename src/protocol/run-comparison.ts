/** Several runs side by side, as programs read it: the settings in which they differ, where each stands and how it scored. */
import { z } from 'zod';
import { scoreSchema } from './metrics';

export const comparedRunSchema = z.object({
  folder: z.string(),
  name: z.string(),
  state: z.string().describe('As in the status of a run: `finished`, `running` …'),
  message: z.string(),
  step: z.int(),
  totalSteps: z.int(),
  settings: z.record(z.string(), z.unknown()).describe('Those of the compared settings that this run has.'),
  best: z
    .object({ step: z.int(), model: scoreSchema, bicubic: scoreSchema })
    .nullable()
    .describe('The validation on crops with the highest PSNR.'),
  final: z
    .object({ step: z.int(), model: scoreSchema, bicubic: scoreSchema })
    .nullable()
    .describe('The last validation on whole images.'),
});
export type ComparedRun = z.infer<typeof comparedRunSchema>;

export const runComparisonSchema = z.object({
  settings: z
    .array(z.string())
    .describe('Paths in run.srgan.json, such as `lossWeights.content`, whose values differ.'),
  runs: z.array(comparedRunSchema),
});
export type RunComparison = z.infer<typeof runComparisonSchema>;
