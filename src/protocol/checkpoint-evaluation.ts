/**
 * `evaluations/NAME.json` of a run: its checkpoints, each scored on the same pictures under the same protocol. The file grows
 * by a checkpoint at a time; one that was interrupted lacks some of `steps`.
 */
import { z } from 'zod';
import { scoresSchema } from './evaluation';
import { scaleSchema } from './run-configuration';
import { stageNames } from './stage-names';
import { vggDistanceSchema } from './vgg-distance';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const step = z.int().min(0);

export const checkpointTaskSchema = z.object({
  pictures: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('validation') }),
      z.object({
        kind: z.literal('folder'),
        hr: z.string().describe('Folder of HR images, absolute.'),
        lr: z.string().optional().describe('Folder of LR images; without it they are made.'),
        hrSuffix: z.string().optional(),
        lrSuffix: z.string().optional(),
        convention: z.string().describe('How LR is rounded where it is made.'),
      }),
    ])
    .describe('The validation images of the run’s data set, or those of a folder.'),
  protocol: z.string().describe('Name of the protocol, as `--protocol` takes it.'),
  scale: scaleSchema,
  border: z.int().min(0).describe('Pixels left out at each side.'),
  vgg: vggDistanceSchema.optional().describe('Which feature distance is measured.'),
  niqe: z
    .string()
    .optional()
    .describe('Name of the data set whose HR images NIQE compares with, where it is measured.'),
});
/** What is measured, on what. Figures of different tasks never share a chart. */
export type CheckpointTask = z.infer<typeof checkpointTaskSchema>;

const scored = {
  mean: scoresSchema,
  scores: z.array(scoresSchema).describe('One an image, in the order of `images`.'),
};

const checkpointScoresSchema = z.object({
  step,
  stage: z.enum(stageNames),
  sha256: sha256.describe('Hash of the checkpoint’s state.'),
  seconds: z.number().describe('Spent on enlarging.'),
  ...scored,
});
export type CheckpointScores = z.infer<typeof checkpointScoresSchema>;

export const checkpointEvaluationSchema = z.object({
  format: z.literal(1),
  name: z.string().min(1).describe('Of the file, without its extension.'),
  created: z.iso.datetime(),
  task: checkpointTaskSchema,
  measured: z.string().describe('The protocol in words.'),
  on: z.string().describe('The pictures in words.'),
  picturesSha256: sha256.describe('Hash of the pictures: when they change, all is measured anew.'),
  images: z.array(z.object({ name: z.string(), width: z.int(), height: z.int() })),
  bicubic: z.object(scored).describe('Bicubic interpolation on the same pictures.'),
  steps: z.array(step).describe('Checkpoints that are to be scored, ascending.'),
  checkpoints: z.array(checkpointScoresSchema).describe('Those that were, ascending.'),
  problems: z
    .array(z.object({ file: z.string(), problem: z.string() }))
    .describe('Pictures and checkpoints that were left out, and why.'),
});
export type CheckpointEvaluation = z.infer<typeof checkpointEvaluationSchema>;

/** Folder of a run that holds the files. */
export const EVALUATIONS_FOLDER = 'evaluations';
