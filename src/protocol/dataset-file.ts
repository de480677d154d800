/**
 * `dataset.srgan.json`: what a data set is made of and how: source folders, scale, degradation, split, one entry an
 * image, and every file that was left out with its reason.
 */
import { z } from 'zod';
import { degradationSchema } from './degradation';
import { scaleSchema } from './run-configuration';

export { degradationSchema, type Degradation } from './degradation';

export const splitNames = ['train', 'validation'] as const;
export type SplitName = (typeof splitNames)[number];

const side = z.int().min(1);

export const datasetImageSchema = z.strictObject({
  name: z.string().min(1).describe('Unique in the data set; names the files hr/NAME.png and lr/NAME.png.'),
  source: z.string().describe('The file it was made from, relative to its root.'),
  root: z.int().min(0).describe('Index into `roots`.'),
  split: z.enum(splitNames),
  width: side.describe('HR width in pixels, a multiple of the scale.'),
  height: side.describe('HR height in pixels, a multiple of the scale.'),
  sourceWidth: side,
  sourceHeight: side,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Hash of the source file.'),
  hrSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Hash of hr/NAME.png.'),
  lrSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Hash of lr/NAME.png.'),
  notes: z
    .array(z.string())
    .describe('What was changed on the way: cropped to a multiple of the scale, grey to RGB, 16 to 8 bit …'),
});
export type DatasetImage = z.infer<typeof datasetImageSchema>;

export const omissionSchema = z.strictObject({
  source: z.string(),
  root: z.int().min(0),
  reason: z.string().describe('Why it was left out, and what can be done, in words.'),
});
export type Omission = z.infer<typeof omissionSchema>;

export const datasetFileSchema = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal(1),
  name: z.string().min(1).max(200),
  created: z.iso.datetime(),
  roots: z.array(z.string()).min(1).describe('Folders of HR images, absolute.'),
  scale: scaleSchema,
  degradation: degradationSchema,
  validation: z.strictObject({
    share: z.number().min(0).lt(1).describe('Share of the images held out for validation.'),
    seed: z.int().min(0).max(0xffffffff),
  }),
  images: z.array(datasetImageSchema),
  omitted: z.array(omissionSchema),
});
export type DatasetFile = z.infer<typeof datasetFileSchema>;

export const DATASET_FILE = 'dataset.srgan.json';
