/** `checkpoints/step-NNNNNN/checkpoint.json`: where in a run the weights beside it were written, and how to trust them. */
import { z } from 'zod';
import { stageNames } from './stage-names';

export const checkpointFileSchema = z.object({
  format: z.literal(1),
  created: z.iso.datetime(),
  step: z.int().min(0).describe('Steps done in the whole run.'),
  stage: z.enum(stageNames),
  stageStep: z.int().min(0).describe('Of these, steps in the stage. Adam counts its own steps by it.'),
  seed: z.int().min(0).describe('The run’s seed; with the step it is the whole state of everything random.'),
  engine: z.string().describe('The engine that trained up to here; another one gives other last bits.'),
  dataset: z.string().optional().describe('What the data set held: `contents.sha256` of its file.'),
  best: z
    .object({ step: z.int().min(0), psnr: z.number() })
    .nullable()
    .describe('The best validation so far, by PSNR on the centre crops.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Hash of state.safetensors.'),
});
export type CheckpointFile = z.infer<typeof checkpointFileSchema>;

export const CHECKPOINTS_FOLDER = 'checkpoints';
export const CHECKPOINT_FILE = 'checkpoint.json';
export const STATE_FILE = 'state.safetensors';
/** Text file in `checkpoints` that holds the name of the best checkpoint's folder. */
export const BEST_FILE = 'best';
