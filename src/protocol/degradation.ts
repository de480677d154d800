/**
 * How LR is made of HR, as data: stages in their order (blur, resizing, noise, JPEG …), each with the ranges that its
 * parameters are drawn from, and last of all MATLAB's `imresize` to the LR size. Without stages it is `imresize` alone.
 *
 * Ranges are inclusive and drawn from uniformly; equal ends make a fixed value. What is drawn for an image depends on the
 * seed and on the content of its file alone.
 */
import { z } from 'zod';

const common = {
  probability: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('Share of the images that this stage is applied to; the others pass through.'),
};

/** [smallest, largest], both within `min` and `max`. */
function range(min: number, max: number): z.ZodType<[number, number], [number, number]> {
  const end = z.number().min(min).max(max);
  return z
    .tuple([end, end])
    .refine(([low, high]) => low <= high, 'the first number must not exceed the second');
}

const kernelSizes = z
  .tuple([z.int().min(1).max(51), z.int().min(1).max(51)])
  .refine(
    ([low, high]) => low <= high && low % 2 === 1 && high % 2 === 1,
    'Two odd numbers, the smaller first.',
  )
  .describe('Side of the kernel in pixels, odd: [smallest, largest].');

const greyShare = z
  .number()
  .min(0)
  .max(1)
  .default(0)
  .describe('Share of the images whose three channels get the same noise.');

export const resizeKernelNames = ['bicubic', 'bilinear', 'box', 'lanczos2', 'lanczos3', 'area'] as const;

const blurSchema = z
  .strictObject({
    type: z.literal('blur'),
    ...common,
    shape: z
      .enum(['gaussian', 'generalised', 'plateau'])
      .default('gaussian')
      .describe('exp(−d/2), exp(−d^β/2) or 1/(1 + d^β), with d the squared distance in units of sigma.'),
    isotropic: z.boolean().default(true).describe('One sigma for all directions, or two and a rotation.'),
    size: kernelSizes.default([21, 21]),
    sigma: range(0.05, 20).describe('Standard deviation in pixels; drawn for each axis if not isotropic.'),
    rotation: range(-360, 360).default([-180, 180]).describe('Of the first axis, in degrees.'),
    beta: range(0.1, 10)
      .default([1, 1])
      .describe('Exponent of the other shapes; where 1 lies in the range, as often below as above.'),
  })
  .describe('Blur with a bivariate Gaussian kernel or a relative of it.');

const sincSchema = z
  .strictObject({
    type: z.literal('sinc'),
    ...common,
    size: kernelSizes.default([21, 21]),
    cutoff: range(0.1, Math.PI).describe('Cut-off frequency in radians a pixel; π lets everything pass.'),
  })
  .describe('Circular low-pass filter, which rings and overshoots.');

const resizeSchema = z
  .strictObject({
    type: z.literal('resize'),
    ...common,
    of: z
      .enum(['previous', 'lr'])
      .default('previous')
      .describe('What the factor multiplies: the size so far, or the LR size that is wanted in the end.'),
    factor: range(0.05, 4),
    kernels: z
      .array(z.enum(resizeKernelNames))
      .min(1)
      .default(['bicubic'])
      .describe('One is drawn; `area` is the box, antialiased in any case.'),
    antialias: z.boolean().default(true),
  })
  .describe('Resizing; sides are rounded down.');

const gaussianNoiseSchema = z
  .strictObject({
    type: z.literal('gaussian-noise'),
    ...common,
    sigma: range(0, 100).describe('Standard deviation in grey levels of 255.'),
    greyShare,
  })
  .describe('Additive white Gaussian noise.');

const poissonNoiseSchema = z
  .strictObject({
    type: z.literal('poisson-noise'),
    ...common,
    scale: range(0, 10).describe('What the deviation from the mean is multiplied by.'),
    greyShare,
  })
  .describe('Shot noise: brighter pixels vary more.');

const jpegSchema = z
  .strictObject({
    type: z.literal('jpeg'),
    ...common,
    quality: z
      .tuple([z.int().min(1).max(100), z.int().min(1).max(100)])
      .refine(([low, high]) => low <= high, 'the first number must not exceed the second'),
  })
  .describe('JPEG compression (libjpeg’s scale of quality), chroma at half resolution (4:2:0).');

const plainStages = [
  blurSchema,
  sincSchema,
  resizeSchema,
  gaussianNoiseSchema,
  poissonNoiseSchema,
  jpegSchema,
] as const;

export const plainStageSchema = z.discriminatedUnion('type', plainStages);
export type PlainStage = z.infer<typeof plainStageSchema>;

const chooseSchema = z
  .strictObject({
    type: z.literal('choose'),
    ...common,
    options: z
      .array(
        z.strictObject({
          weight: z.number().positive().default(1),
          stages: z.array(plainStageSchema).max(20).describe('None: the image passes through.'),
        }),
      )
      .min(1)
      .max(20),
  })
  .describe('One of several sequences of stages, drawn by weight.');

export const stageSchema = z.discriminatedUnion('type', [...plainStages, chooseSchema]);
export type Stage = z.infer<typeof stageSchema>;

export const degradationSchema = z
  .strictObject({
    kernel: z
      .enum(['bicubic', 'bilinear', 'box', 'lanczos2', 'lanczos3'])
      .describe('Kernel of the last resizing, to the LR size.'),
    convention: z
      .enum(['double', 'uint8-symmetric', 'uint8-clamped'])
      .describe(
        'MATLAB imresize: computed in double and rounded once, or rounded to uint8 between the passes with symmetric or clamped borders.',
      ),
    antialias: z.boolean(),
    stages: z
      .array(stageSchema)
      .min(1)
      .max(50)
      .optional()
      .describe('What happens before the last resizing, in this order. Absent: nothing.'),
    seed: z
      .int()
      .min(0)
      .max(0xffffffff)
      .optional()
      .describe('Of everything that the stages draw. Absent: 0.'),
  })
  .describe('How LR is made from HR.');
export type Degradation = z.infer<typeof degradationSchema>;

/** A part of one, the rest left to the defaults: what people write to make a data set by. */
export const degradationChoiceSchema = degradationSchema.partial();
export type DegradationChoice = z.infer<typeof degradationChoiceSchema>;
