/**
 * `crops.json` in a run's folder: parts of the sampled pictures that a person has marked on the image stage, named and
 * kept, so that they are found again at every step and beside other runs.
 */
import { z } from 'zod';

export const KEPT_CROPS_FILE = 'crops.json';

const pixels = z.int().min(0).max(1_000_000);

export const keptCropSchema = z.strictObject({
  name: z.string().trim().min(1).max(80).describe('Unique among the crops of its image.'),
  image: z.string().min(1).max(400).describe('The sampled image that it is a part of.'),
  left: pixels.describe('In pixels of the sampled HR picture, as are all four.'),
  top: pixels,
  width: pixels.min(1),
  height: pixels.min(1),
});
export type KeptCrop = z.infer<typeof keptCropSchema>;

export const keptCropsSchema = z.strictObject({
  format: z.literal(1),
  crops: z.array(keptCropSchema).max(1000),
});
