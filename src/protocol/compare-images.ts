/**
 * `srgan-lab compare-images`: how far pictures are from a reference, as figures and as a map. With `--serve`, one request a
 * line on stdin, answers a line each on stdout, in the order of the requests.
 */
import { z } from 'zod';
import { comparisonProtocols, MOST_BORDER } from './comparison-choices';

/** How a pair is compared. */
export const comparisonChoiceSchema = z.strictObject({
  protocol: z.enum(comparisonProtocols),
  border: z.int().min(0).max(MOST_BORDER).describe('Pixels left out at each side.'),
  enlarge: z.boolean().describe('Whether smaller pictures are enlarged by bicubic imresize, and measured.'),
});
export type ComparisonChoice = z.infer<typeof comparisonChoiceSchema>;

const id = z.int().min(0);
const path = z.string().min(1);
const pair = { id, reference: path, image: path, choice: comparisonChoiceSchema };

export const compareRequestSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('measure'), ...pair }),
  /** Writes a map of local SSIM as PNG (src/protocol/similarity-map.ts). */
  z.strictObject({ do: z.literal('map'), ...pair, out: path }),
  /** Writes the picture enlarged by bicubic imresize as PNG, 8 bits. */
  z.strictObject({ do: z.literal('enlarge'), id, image: path, scale: z.int().min(2), out: path }),
  /** Gives up what was asked for and has not begun, which is answered with `dropped`; no answer of its own. */
  z.strictObject({ do: z.literal('drop'), id }),
]);
export type CompareRequest = z.infer<typeof compareRequestSchema>;

/** A figure of a pair. A page shows whatever figures there are. */
export const figureSchema = z.object({
  name: z.string().describe('PSNR, SSIM …'),
  unit: z.string().describe('Empty where it has none.'),
  digits: z.int().describe('Behind the point, where it is shown.'),
  best: z.enum(['highest', 'lowest']),
  value: z.union([z.number(), z.literal('infinite')]).nullable(),
  hint: z.string().describe('What it is; where there is no value, why.'),
});
export type Figure = z.infer<typeof figureSchema>;

export const measurementSchema = z.object({
  measured: z.string().describe('The protocol in words.'),
  border: z.int(),
  alignment: z.string().nullable().describe('What was made of a difference in size; null for equal sizes.'),
  figures: z.array(figureSchema),
});
export type Measurement = z.infer<typeof measurementSchema>;

export const similarityMapSchema = z.object({
  file: z.string(),
  measured: z.string().describe('Of which planes, in words.'),
  mean: z.number(),
});
export type SimilarityMap = z.infer<typeof similarityMapSchema>;

export const compareAnswerSchema = z.union([
  z.object({ id, measurement: measurementSchema }),
  z.object({ id, map: similarityMapSchema }),
  z.object({ id, enlarged: z.string() }),
  z.object({ id, dropped: z.literal(true) }),
  z.object({ id: id.nullable(), error: z.string() }),
]);
export type CompareAnswer = z.infer<typeof compareAnswerSchema>;

/** What the command tells where it does not serve. */
export const comparedImagesSchema = z.object({
  reference: z.string(),
  protocol: z.enum(comparisonProtocols),
  measured: z.string().describe('The protocol in words.'),
  border: z.int(),
  images: z.array(
    z.union([
      z.object({ image: z.string(), measurement: measurementSchema }),
      z.object({ image: z.string(), problem: z.string().describe('Why it was not measured.') }),
    ]),
  ),
});
export type ComparedImages = z.infer<typeof comparedImagesSchema>;
