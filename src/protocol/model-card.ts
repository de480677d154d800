/** `card.json`: what a model is, what it was trained on and how it scored. Lies beside its weights. */
import { z } from 'zod';
import { classifierCardSchema } from './classifier-card';
import { scoreSchema } from './metrics';
import { discriminatorSchema, generatorSchema, scaleSchema } from './run-configuration';
import { stageNames } from './stage-names';

/** A discriminator, whose dense layers fix the side of what it judges. */
export const trainedDiscriminatorSchema = discriminatorSchema.extend({
  patch: z.int().min(1).describe('Side in pixels of the HR patches it judges.'),
});
export type TrainedDiscriminator = z.infer<typeof trainedDiscriminatorSchema>;

const general = {
  format: z.literal(1),
  name: z.string(),
  created: z.iso.datetime(),
  trainedOn: z.string().describe('Name of the data set, as far as it is known.'),
  importedFrom: z.string().optional().describe('Name of the file that it was imported from.'),
  licence: z.string().optional().describe('Of an imported model, as given.'),
};

export const modelCardSchema = z.object({
  ...general,
  kind: z.literal('generator'),
  scale: scaleSchema,
  generator: generatorSchema,
  discriminator: trainedDiscriminatorSchema
    .optional()
    .describe('The generator’s adversary, where `discriminator.safetensors` lies beside the card.'),
  stage: z.enum(stageNames).optional().describe('The last one; unknown of an imported model.'),
  steps: z.int().min(0).optional(),
  score: z.object({ model: scoreSchema, bicubic: scoreSchema, images: z.int() }).optional(),
});
/** Of a generator, with or without its discriminator. */
export type ModelCard = z.infer<typeof modelCardSchema>;

export const discriminatorCardSchema = z.object({
  ...general,
  kind: z.literal('discriminator'),
  discriminator: trainedDiscriminatorSchema,
});
/** Of a discriminator without its generator. */
export type DiscriminatorCard = z.infer<typeof discriminatorCardSchema>;

export const contentCardSchema = z.object({
  ...general,
  kind: z.literal('content'),
  network: z.literal('vgg19'),
  layers: z.array(z.string()).describe('Convolutions whose weights are there, `conv1_1` first.'),
});
/** Of a content network. */
export type ContentCard = z.infer<typeof contentCardSchema>;

export const anyModelCardSchema = z.discriminatedUnion('kind', [
  modelCardSchema,
  discriminatorCardSchema,
  contentCardSchema,
  classifierCardSchema,
]);
export type AnyModelCard = z.infer<typeof anyModelCardSchema>;

export const CARD_FILE = 'card.json';
