/**
 * What the command line reports while it works and when it ends. With `--progress json` each report is one JSON line on
 * stderr; with `--json` the result is one JSON document on stdout. The extension reads both.
 */
import { z } from 'zod';
import { engineNames } from './engine-report';
import { scoresSchema } from './evaluation';
import { vggDistanceSchema } from './vgg-distance';

export const progressSchema = z.object({
  done: z.number(),
  total: z.number(),
  unit: z.string().describe('What is counted, e.g. `images` or `steps`.'),
  secondsLeft: z.number().nullable(),
  message: z.string(),
});
export type Progress = z.infer<typeof progressSchema>;

export const createDatasetResultSchema = z.object({
  folder: z.string(),
  name: z.string(),
  images: z.object({ train: z.int(), validation: z.int() }),
  omitted: z.array(z.object({ file: z.string(), reason: z.string() })),
  unmatched: z
    .array(z.string())
    .describe('Folders or files that are named for validation, and that no source is or lies in.'),
  changes: z.object({
    made: z.int(),
    kept: z.int(),
    renamed: z.int().describe('Of those that were kept.'),
    removed: z.int(),
  }),
  seconds: z.number(),
});
/** Of every command that makes or changes a data set. */
export type CreateDatasetResult = z.infer<typeof createDatasetResultSchema>;

export const adoptDatasetResultSchema = z.object({
  folder: z.string(),
  name: z.string(),
  scale: z.int(),
  images: z.object({ train: z.int(), validation: z.int() }),
  makers: z
    .array(z.object({ maker: z.string(), images: z.int() }))
    .describe('How LR images seem to have been made, the commonest first.'),
  problems: z.array(z.object({ name: z.string(), problem: z.string() })),
  omitted: z.array(z.object({ file: z.string(), reason: z.string() })),
  seconds: z.number(),
});
export type AdoptDatasetResult = z.infer<typeof adoptDatasetResultSchema>;

export const sampleDatasetResultSchema = z.object({
  file: z.string().describe('The LR image that was written.'),
  width: z.int(),
  height: z.int(),
  operations: z
    .array(z.string())
    .describe('What was drawn for this image before the last resizing, in words.'),
});
export type SampleDatasetResult = z.infer<typeof sampleDatasetResultSchema>;

export const resizedImageSchema = z.object({ file: z.string(), width: z.int(), height: z.int() });
export type ResizedImage = z.infer<typeof resizedImageSchema>;

export const checkDatasetResultSchema = z.object({
  folder: z.string(),
  ok: z.boolean(),
  checked: z.int(),
  problems: z.array(z.object({ file: z.string(), problem: z.string() })),
});
export type CheckDatasetResult = z.infer<typeof checkDatasetResultSchema>;

export const repairDatasetResultSchema = z.object({
  folder: z.string(),
  ok: z.boolean().describe('Whether the data set is now whole.'),
  repaired: z.array(z.object({ file: z.string(), repair: z.string() })),
  problems: z
    .array(z.object({ file: z.string(), problem: z.string() }))
    .describe('What could not be mended, and why.'),
});
export type RepairDatasetResult = z.infer<typeof repairDatasetResultSchema>;

/** What a run will take of memory, and whether that is there. */
export const samplesEstimateSchema = z.object({
  validations: z.int().min(1),
  bytes: z.number().describe('What pictures of all validations will take.'),
  budgetBytes: z.number(),
  message: z.string().describe('The same in words.'),
});
export type SamplesEstimate = z.infer<typeof samplesEstimateSchema>;

export const memoryResultSchema = z.object({
  engine: z.enum(engineNames),
  neededBytes: z.number().describe('What the training process will hold at its peak.'),
  availableBytes: z.number(),
  fits: z.boolean(),
  message: z.string().describe('The same in words; where it does not fit, with what to do.'),
  samples: samplesEstimateSchema.describe('What the run’s pictures will take of the disk.'),
});
export type MemoryResult = z.infer<typeof memoryResultSchema>;

export const trainResultSchema = z.object({
  folder: z.string(),
  phase: z.enum(['running', 'finished', 'stopped', 'failed']),
  message: z.string(),
  step: z.int(),
});
export type TrainResult = z.infer<typeof trainResultSchema>;

export const queueResultSchema = z.object({
  training: z.array(z.string()).describe('Folders of the runs that train on this machine.'),
  waiting: z.array(z.string()).describe('Folders of those that wait, the next one first.'),
});
export type QueueResult = z.infer<typeof queueResultSchema>;

export const upscaleResultSchema = z.object({
  folder: z.string(),
  files: z.array(z.object({ input: z.string(), output: z.string(), width: z.int(), height: z.int() })),
  skipped: z.int().describe('Pictures that were passed over, because they exist.'),
  failures: z.array(z.string()).describe('Why pictures could not be enlarged, a sentence each.'),
  seconds: z.number(),
});
export type UpscaleResult = z.infer<typeof upscaleResultSchema>;

export const metricsResultSchema = z.object({
  protocol: z.string().describe('What was measured, in words.'),
  border: z.int().describe('Pixels left out at each side.'),
  images: z.array(scoresSchema.extend({ name: z.string() })),
  mean: scoresSchema,
  vgg: vggDistanceSchema.optional().describe('Which feature distance was measured.'),
  unmatched: z.array(z.string()).describe('Files of either folder without a counterpart.'),
});
export type MetricsResult = z.infer<typeof metricsResultSchema>;

/** The last line on stdout of a command run with `--json` that failed; the exit code is then not 0. */
export const failureSchema = z.object({ error: z.string() });
