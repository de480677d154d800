/**
 * `analysis.json`: what looking at all images of a data set together has found. It can be deleted and made again at any
 * time, and counts only for the contents that it names.
 */
import { z } from 'zod';
import { imageProblems } from './image-measures';

const duplicateKinds = ['identical', 're-encoded', 'crop'] as const;

export const duplicatesSchema = z.strictObject({
  kind: z
    .enum(duplicateKinds)
    .describe(
      'identical: the same pixels; re-encoded: the same picture, compressed or resized otherwise; ' +
        'crop: the first one holds the others or large parts of them, pixel for pixel but for compression.',
    ),
  images: z.array(z.string()).min(2).describe('Names of the images.'),
  acrossSplits: z.boolean().describe('Whether images of both splits are among them.'),
  mirrored: z.boolean().optional().describe('Whether one of them is mirrored left to right.'),
});
export type Duplicates = z.infer<typeof duplicatesSchema>;
export type DuplicateKind = Duplicates['kind'];

export const histogramSchema = z.strictObject({
  edges: z
    .array(z.number())
    .describe('One more than there are counts; the last one belongs to the last count.'),
  counts: z.array(z.int().min(0)),
});
export type Histogram = z.infer<typeof histogramSchema>;

const curve = z.array(z.number().nullable());

export const datasetAnalysisSchema = z.strictObject({
  format: z.literal(1),
  contents: z.string().describe('Hash of the images.jsonl that was analysed.'),
  images: z.int().min(0).describe('How many images were looked at.'),
  duplicates: z.array(duplicatesSchema).describe('Those across the splits first.'),
  problems: z
    .array(z.strictObject({ name: z.string(), problem: z.enum(imageProblems), value: z.number() }))
    .describe('Problem by problem, the worst first. An image may have several.'),
  spectrum: z
    .strictObject({
      images: z.int().describe('How many images the curves are the mean of.'),
      frequencies: z.array(z.number()).describe('Cycles an HR pixel, up to 0.5.'),
      hr: curve,
      lr: curve.describe('null beyond what LR pixels can hold.'),
      enlarged: curve.describe('LR enlarged to the size of HR by bicubic interpolation.'),
    })
    .describe('Mean power spectral density of luma, in grey levels squared per (cycle an HR pixel) squared.'),
  histograms: z.strictObject({
    megapixels: histogramSchema.describe('Sizes of the HR images.'),
    sharpness: histogramSchema.describe('In cycles a pixel.'),
  }),
});
export type DatasetAnalysis = z.infer<typeof datasetAnalysisSchema>;

export const ANALYSIS_FILE = 'analysis.json';

/** What `srgan-lab dataset analyse --json` prints. */
export const analyseDatasetResultSchema = z.strictObject({
  folder: z.string(),
  file: z.string().describe('The analysis.'),
  images: z.int(),
  duplicates: z.strictObject({
    identical: z.int(),
    reEncoded: z.int(),
    crop: z.int(),
    acrossSplits: z.int().describe('Groups with images of both splits.'),
  }),
  problems: z.strictObject({ flat: z.int(), blurred: z.int(), noisy: z.int(), blocky: z.int() }),
  seconds: z.number(),
});
export type AnalyseDatasetResult = z.infer<typeof analyseDatasetResultSchema>;
