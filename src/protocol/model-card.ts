/** `card.json`: what a model is, what it was trained on and how it scored. Lies beside its weights. */
import { z } from 'zod';
import { scoreSchema } from './metrics';
import { discriminatorSchema, generatorSchema, scaleSchema, stageNames } from './run-configuration';

/** A discriminator, whose dense layers fix the side of what it judges. */
export const trainedDiscriminatorSchema = discriminatorSchema.extend({
  patch: z.int().min(1).describe('Side in pixels of the HR patches it judges.'),
});
export type TrainedDiscriminator = z.infer<typeof trainedDiscriminatorSchema>;

export const modelCardSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  created: z.iso.datetime(),
  kind: z.literal('generator'),
  scale: scaleSchema,
  generator: generatorSchema,
  discriminator: trainedDiscriminatorSchema
    .optional()
    .describe('The generator’s adversary, where `discriminator.safetensors` lies beside the card.'),
  trainedOn: z.string().describe('Name of the data set.'),
  stage: z.enum(stageNames),
  steps: z.int().min(0),
  score: z.object({ model: scoreSchema, bicubic: scoreSchema, images: z.int() }).optional(),
});
export type ModelCard = z.infer<typeof modelCardSchema>;

export const CARD_FILE = 'card.json';
