/**
 * What an exported model is: `model-card.json` beside it, and the description inside its file, by which `srgan-lab import`
 * takes it back.
 */
import { z } from 'zod';
import { classifierCardSchema } from './classifier-card';
import { modelCardSchema, trainedDiscriminatorSchema } from './model-card';
import { generatorSchema, scaleSchema } from './run-configuration';

export const exportableParts = ['generator', 'discriminator', 'trunk', 'classifier'] as const;
export type ExportablePart = (typeof exportableParts)[number];

export const exportFormats = ['tfjs', 'keras', 'onnx', 'safetensors'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The network, as it can be built again. Written into the file itself, as JSON, under `DESCRIPTION_KEY`. */
export const networkDescriptionSchema = z.discriminatedUnion('what', [
  z.object({ what: z.literal('generator'), scale: scaleSchema, generator: generatorSchema }),
  z.object({ what: z.literal('discriminator'), discriminator: trainedDiscriminatorSchema }),
  z.object({ what: z.literal('trunk'), discriminator: trainedDiscriminatorSchema }),
  z.object({
    what: z.literal('classifier'),
    trunk: classifierCardSchema.shape.trunk,
    side: classifierCardSchema.shape.side,
    classes: classifierCardSchema.shape.classes,
  }),
]);
export type NetworkDescription = z.infer<typeof networkDescriptionSchema>;

export const DESCRIPTION_KEY = 'srgan-lab';

const sizeSchema = z.union([z.literal('any'), z.int()]);

export const exportCardSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  what: z.enum(exportableParts),
  exported: z.iso.datetime(),
  file: z.string().describe('The file that the consumer loads.'),
  fileFormat: z.enum(exportFormats),
  input: z.object({
    layout: z.enum(['NHWC', 'NCHW']),
    colours: z.literal('RGB'),
    range: z.tuple([z.number(), z.number()]),
    size: sizeSchema.describe('Side of the images in pixels, or any.'),
    preprocessing: z.string(),
  }),
  output: z.object({ meaning: z.string(), classes: z.array(z.string()).optional() }),
  network: networkDescriptionSchema.optional(),
  trainedOn: z.string(),
  licence: z.string().describe('Licence of the images that it was trained on.'),
  training: z.string().describe('In words.'),
  score: modelCardSchema.shape.score,
});
export type ExportCard = z.infer<typeof exportCardSchema>;

export const EXPORT_CARD_FILE = 'model-card.json';

/** What `srgan-lab export` prints with `--json`. */
export const exportResultSchema = z.object({
  folder: z.string(),
  what: z.enum(exportableParts),
  format: z.enum(exportFormats),
  file: z.string().describe('What the consumer loads, absolute.'),
  files: z.array(z.string()),
});
export type ExportResult = z.infer<typeof exportResultSchema>;

export const importKinds = ['generator', 'discriminator', 'content'] as const;
export type ImportKind = (typeof importKinds)[number];

/** What `srgan-lab import` prints with `--json`. */
export const importResultSchema = z.object({
  folder: z.string(),
  as: z.enum(importKinds),
  name: z.string(),
  what: z.string().describe('The network, in words.'),
});
export type ImportResult = z.infer<typeof importResultSchema>;
