/** What is said of a pair that was adopted: how its LR image seems to have been made, and how well it fits its HR image. */
import { z } from 'zod';

/** How an LR image may have been made, as words for people. */
export const pairKernels = {
  bicubic: 'MATLAB’s bicubic',
  bilinear: 'antialiased bilinear',
  box: 'the mean of the pixels (box, INTER_AREA)',
  lanczos2: 'antialiased lanczos2',
  lanczos3: 'antialiased lanczos3',
  'bicubic-no-antialias': 'bicubic without antialiasing',
  'bilinear-no-antialias': 'bilinear without antialiasing (INTER_LINEAR)',
  nearest: 'the nearest pixel (box without antialiasing)',
  decimation: 'every so manyth pixel from the corner (a[::scale])',
  'pillow-bicubic': 'Pillow’s bicubic',
  'pillow-bilinear': 'Pillow’s bilinear',
  'pillow-box': 'Pillow’s box',
  'pillow-hamming': 'Pillow’s hamming',
  'pillow-lanczos': 'Pillow’s lanczos',
  'cubic-0.75-no-antialias': 'the cubic of −3/4 without antialiasing (INTER_CUBIC, PyTorch’s bicubic)',
} as const;
export type PairKernel = keyof typeof pairKernels;

export const adoptedPairSchema = z.strictObject({
  lrRoot: z.int().min(0).describe('Index into `adopted.lrRoots`.'),
  lrSource: z.string().describe('The file that the LR image was taken from, relative to its root.'),
  lrSourceSha256: z.string().regex(/^[0-9a-f]{64}$/),
  shift: z
    .tuple([z.number(), z.number()])
    .describe('How far LR lies to the right and down of where imresize puts it, in LR pixels.'),
  kernel: z
    .enum(Object.keys(pairKernels) as [PairKernel, ...PairKernel[]])
    .describe('What makes an LR image most like this one.'),
  convention: z
    .enum(['double', 'uint8-symmetric', 'uint8-clamped'])
    .optional()
    .describe('Of imresize, where it is one of its kernels.'),
  exact: z.boolean().describe('Whether it makes this LR image to the last bit.'),
  psnr: z
    .number()
    .nullable()
    .describe('dB, of luma, of what it makes against this LR image; null where equal.'),
});
export type AdoptedPair = z.infer<typeof adoptedPairSchema>;

/** Beyond this shift, in LR pixels, a pair is a problem. */
export const LARGEST_SHIFT = 0.1;

/** Below this likeness, in dB, an LR image does not show what its HR image shows. */
export const LEAST_PSNR = 20;
