/**
 * `niqe.json` in a data set's folder: the Gaussian over the features of its HR training images that NIQE compares pictures
 * with. It can be deleted and made again at any time; it counts for the contents whose hash it holds.
 */
import { z } from 'zod';

export const NIQE_FILE = 'niqe.json';

const FEATURES = 36;

export const niqeModelSchema = z.strictObject({
  format: z.literal(1),
  contents: z.string().describe('Hash of images.jsonl when it was made.'),
  images: z.int().min(1).describe('How many HR training images it was fitted on, spread evenly over all.'),
  blocks: z.int().min(1).describe('How many sharp blocks of 96×96 pixels these have.'),
  sharpShare: z
    .number()
    .describe('Blocks sharper than this share of the sharpest of their image were taken.'),
  mean: z.array(z.number()).length(FEATURES),
  covariance: z
    .array(z.number())
    .length(FEATURES * FEATURES)
    .describe('Row by row.'),
});
export type NiqeModel = z.infer<typeof niqeModelSchema>;
