/** `card.json`: what a model is, what it was trained on and how it scored. Lies beside its weights. */
import { z } from 'zod';
import { scoreSchema } from './metrics';
import { generatorSchema, scaleSchema, stageNames } from './run-configuration';

export const modelCardSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  created: z.iso.datetime(),
  kind: z.literal('generator'),
  scale: scaleSchema,
  generator: generatorSchema,
  trainedOn: z.string().describe('Name of the data set.'),
  stage: z.enum(stageNames),
  steps: z.int().min(0),
  score: z.object({ model: scoreSchema, bicubic: scoreSchema, images: z.int() }).optional(),
});
export type ModelCard = z.infer<typeof modelCardSchema>;

export const CARD_FILE = 'card.json';
