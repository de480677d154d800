/**
 * A data set on disk, format 2. `dataset.srgan.json` is its header: the recipe (where images come from and what is done
 * with them) and, once it is complete, a summary of its contents. `images.jsonl` lists the contents, one entry a line, so
 * that nobody has to hold a large collection to read its header.
 */
import { z } from 'zod';
import { adoptedPairSchema } from './adopted-pair';
import { degradationSchema } from './degradation';
import { imageMeasuresSchema } from './image-measures';
import { scaleSchema } from './run-configuration';

export { degradationSchema, type Degradation } from './degradation';

export const splitNames = ['train', 'validation'] as const;
export type SplitName = (typeof splitNames)[number];

const side = z.int().min(1);
const offset = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The left upper corner of a sub-image, in pixels of the decoded source. */
export const cropSchema = z.strictObject({ left: offset, top: offset });
export type CropPlace = z.infer<typeof cropSchema>;

const sourceFields = {
  root: z.int().min(0).describe('Index into `roots`.'),
  source: z.string().describe('The file it was made from, relative to its root.'),
};

export const datasetImageSchema = z.strictObject({
  kind: z.literal('image'),
  name: z.string().min(1).describe('Unique in the data set; names the files hr/NAME.png and lr/NAME.png.'),
  ...sourceFields,
  crop: cropSchema.optional().describe('For sub-images.'),
  split: z.enum(splitNames),
  width: side.describe('HR width in pixels, a multiple of the scale.'),
  height: side.describe('HR height in pixels, a multiple of the scale.'),
  sourceWidth: side,
  sourceHeight: side,
  sha256: sha256.describe('Hash of the source file.'),
  hrSha256: sha256.describe('Hash of hr/NAME.png.'),
  lrSha256: sha256.describe('Hash of lr/NAME.png.'),
  notes: z
    .array(z.string())
    .describe('What was changed on the way: cropped to a multiple of the scale, grey to RGB, 16 to 8 bit …'),
  measures: imageMeasuresSchema.optional(),
  pair: adoptedPairSchema.optional().describe('Of an LR image that was not made but taken over.'),
});
export type DatasetImage = z.infer<typeof datasetImageSchema>;

export const omissionSchema = z.strictObject({
  kind: z.literal('omitted'),
  ...sourceFields,
  reason: z.string().describe('Why it was left out, and what can be done, in words.'),
});
export type Omission = z.infer<typeof omissionSchema>;

/** A line of `images.jsonl`. */
export const datasetEntrySchema = z.discriminatedUnion('kind', [datasetImageSchema, omissionSchema]);
export type DatasetEntry = z.infer<typeof datasetEntrySchema>;

const globs = z.array(z.string().min(1));

export const validationRuleSchema = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('image'),
    share: z.number().min(0).lt(1).describe('Share of the images held out for validation.'),
    seed: z.int().min(0).max(0xffffffff),
  }),
  z.strictObject({
    by: z.literal('folder'),
    folders: globs.min(1).describe('Globs; images in folders that match one are held out.'),
  }),
  z.strictObject({
    by: z.literal('list'),
    sources: z.array(z.string().min(1)).describe('Held out; paths relative to their root.'),
  }),
]);
export type ValidationRule = z.infer<typeof validationRuleSchema>;

export const subImagesSchema = z.strictObject({
  size: side.describe('Side of a sub-image in HR pixels, a multiple of the scale.'),
  step: side.describe('From one sub-image to the next, in HR pixels, a multiple of the scale.'),
  threshold: z
    .int()
    .min(0)
    .describe('A last one is cut at the border where more HR pixels than this are left over.'),
});
export type SubImages = z.infer<typeof subImagesSchema>;

export const adoptionSchema = z.strictObject({
  lrRoots: z.array(z.string()).min(1).describe('Folders of LR images, absolute.'),
  hrSuffix: z.string().optional().describe('What names of HR images end with.'),
  lrSuffix: z.string().optional().describe('What names of LR images end with.'),
});
export type Adoption = z.infer<typeof adoptionSchema>;

export const leftOutSchema = z.strictObject({
  ...sourceFields,
  crop: cropSchema.optional().describe('Only this sub-image of the source.'),
});
export type LeftOutByHand = z.infer<typeof leftOutSchema>;

/** How one sub-image of a source is called where it has no name, because it is left out: `folder/fig.jpg@480,96`. */
export function placeSpelling(source: string, { left, top }: CropPlace): string {
  return `${source}@${left},${top}`;
}

const range = z.tuple([side, side]).describe('Smallest and largest, in HR pixels.');

export const datasetContentsSchema = z.strictObject({
  sha256: sha256.describe('Hash of images.jsonl.'),
  train: offset.describe('Images to train on.'),
  validation: offset.describe('Images held out.'),
  omitted: offset.describe('Files that were left out.'),
  hrPixels: offset.describe('Pixels of all HR images.'),
  widthRange: range.optional(),
  heightRange: range.optional(),
});
export type DatasetContents = z.infer<typeof datasetContentsSchema>;

export const datasetFileSchema = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal(2),
  name: z.string().min(1).max(200),
  created: z.iso.datetime(),
  roots: z.array(z.string()).min(1).describe('Folders of HR images, absolute.'),
  include: globs.default(['**']).describe('Globs, relative to a root: only files that match one are taken.'),
  exclude: globs
    .default([])
    .describe('Globs, relative to a root: files and folders that match one are not taken.'),
  scale: scaleSchema,
  degradation: degradationSchema,
  adopted: adoptionSchema
    .optional()
    .describe(
      'LR images are taken over from these folders; `degradation` is then what most were found to be.',
    ),
  subImages: subImagesSchema.optional().describe('HR images are cut into sub-images of one size.'),
  validation: validationRuleSchema,
  leftOut: z.array(leftOutSchema).default([]).describe('Images that a person took out.'),
  contents: datasetContentsSchema
    .optional()
    .describe(
      'What images.jsonl holds. Missing while the data set is being made, or where that was interrupted.',
    ),
});
/** The header: the recipe, and a summary of the contents where it is complete. */
export type DatasetFile = z.infer<typeof datasetFileSchema>;
/** What a data set is made from, without what came of it. */
export type DatasetRecipe = Omit<DatasetFile, 'contents'>;

/** A complete data set: its header and everything that `images.jsonl` lists. */
export interface Dataset extends DatasetFile {
  contents: DatasetContents;
  images: DatasetImage[];
  omitted: Omission[];
}

export const DATASET_FILE = 'dataset.srgan.json';
export const IMAGES_FILE = 'images.jsonl';
