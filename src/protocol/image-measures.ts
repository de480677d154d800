/** What is measured of each HR image (src/imaging/measures), and from where on a value is a problem. */
import { z } from 'zod';

export const imageMeasuresSchema = z.strictObject({
  sharpness: z
    .number()
    .min(0)
    .max(0.5)
    .describe(
      'Frequency, in cycles a pixel, at which the contrast of detail falls to half of a sharp photograph’s. 0: no detail.',
    ),
  noise: z.number().min(0).describe('Standard deviation of the noise of luma, in grey levels of 255.'),
  blockiness: z
    .number()
    .min(0)
    .describe('How much stronger jumps are on the lines of an 8×8 grid than off them: 0 without a grid.'),
  flatness: z.number().min(0).max(1).describe('Share of the image without texture.'),
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .describe('64 bits that copies of a picture have nearly in common.'),
});
export type ImageMeasures = z.infer<typeof imageMeasuresSchema>;

export const imageProblems = ['flat', 'blurred', 'noisy', 'blocky'] as const;
export type ImageProblem = (typeof imageProblems)[number];

/** Which measure tells a problem, and from where on: `above` or `below` a value. */
export interface ProblemThreshold {
  measure: 'flatness' | 'sharpness' | 'noise' | 'blockiness';
  above?: number;
  below?: number;
}

/**
 * Chosen on 65 photographs (Kodak's 24 and 41 wallpapers of 0.25 to 20 megapixels) and on degraded copies of them:
 * - flat: 9 parts of 10 are sky, wall or blur out of focus;
 * - blurred: what a Gaussian of 1.9 pixels leaves of a sharp photograph. Of copies blurred by 2 pixels it finds two thirds, by
 *   4 all, by 1 one in ten, and of the photographs themselves those that are soft throughout;
 * - noisy: white noise of deviation 10 always, of 5 in one of ten; fine texture everywhere reaches 5 by itself;
 * - blocky: JPEG of quality 20 always, 40 in four of five, 60 in two of three, 75 in one of five, 85 and more rarely.
 */
export const problemThresholds: Record<ImageProblem, ProblemThreshold> = {
  flat: { measure: 'flatness', above: 0.9 },
  blurred: { measure: 'sharpness', below: 0.1 },
  noisy: { measure: 'noise', above: 5.5 },
  blocky: { measure: 'blockiness', above: 0.6 },
};

/** The problems that an image's measures show, in the order of `imageProblems`, each with the value that shows it. */
export function problemsOf(measures: ImageMeasures): { problem: ImageProblem; value: number }[] {
  return imageProblems.flatMap((problem) => {
    const { measure, above, below } = problemThresholds[problem];
    const value = measures[measure];
    const met = (above !== undefined && value > above) || (below !== undefined && value < below);
    return met ? [{ problem, value }] : [];
  });
}
