/** `analysis.json`: what looking at all images of a data set together has found. It can be made again at any time. */
import { z } from 'zod';

export const datasetAnalysisSchema = z.object({
  format: z.literal(1),
  contents: z.string(),
  duplicates: z.array(
    z.object({
      kind: z.enum(['identical', 're-encoded', 'crop']),
      images: z.array(z.string()),
      acrossSplits: z.boolean(),
    }),
  ),
  problems: z.array(
    z.object({ name: z.string(), problem: z.enum(['flat', 'blurred', 'noisy', 'blocky']), value: z.number() }),
  ),
  spectrum: z.object({
    frequencies: z.array(z.number()),
    hr: z.array(z.number()),
    lr: z.array(z.number()),
    enlarged: z.array(z.number()),
  }),
});
export type DatasetAnalysis = z.infer<typeof datasetAnalysisSchema>;
export const ANALYSIS_FILE = 'analysis.json';
