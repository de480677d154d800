/** `dataset.srgan.json` as it was in format 1, with all images in one file: still read, and rewritten by the next update. */
import { z } from 'zod';
import {
  datasetFileSchema,
  datasetImageSchema,
  omissionSchema,
  type DatasetEntry,
  type DatasetRecipe,
} from './dataset-file';

const { $schema, name, created, roots, scale, degradation } = datasetFileSchema.shape;

export const datasetFormat1Schema = z.strictObject({
  $schema,
  format: z.literal(1),
  name,
  created,
  roots,
  scale,
  degradation,
  validation: z.strictObject({
    share: z.number().min(0).lt(1),
    seed: z.int().min(0).max(0xffffffff),
  }),
  images: z.array(datasetImageSchema.omit({ kind: true, crop: true, measures: true })),
  omitted: z.array(omissionSchema.omit({ kind: true })),
});
export type DatasetFormat1 = z.infer<typeof datasetFormat1Schema>;

/** The same data set in format 2. */
export function fromFormat1({ images, omitted, validation, ...rest }: DatasetFormat1): {
  recipe: DatasetRecipe;
  entries: DatasetEntry[];
} {
  return {
    recipe: {
      ...rest,
      format: 2,
      include: ['**'],
      exclude: [],
      validation: { by: 'image', ...validation },
      leftOut: [],
    },
    entries: [
      ...images.map((image) => ({ kind: 'image' as const, ...image })),
      ...omitted.map((omission) => ({ kind: 'omitted' as const, ...omission })),
    ],
  };
}
