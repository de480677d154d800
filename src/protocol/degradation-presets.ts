/**
 * Degradations with a name. `bicubic` is what most benchmarks are made with; `real-esrgan` is the second-order chain of
 * Wang, Xie, Dong and Shan, "Real-ESRGAN: Training Real-World Blind Super-Resolution with Pure Synthetic Data", ICCVW 2021
 * (section 3 and figure 2), with the parameters that were published for its training at ×4.
 *
 * It differs from theirs in this: JPEG is a real encoder’s, not a differentiable imitation, with whole qualities; bicubic
 * interpolation is Keys’ with a = −1/2, not −3/4; and HR is not sharpened.
 */
import { z } from 'zod';
import { stageSchema, type Stage } from './degradation';

type StageInput = z.input<typeof stageSchema>;
type PlainInput = Exclude<StageInput, { type: 'choose' }>;

/** Blur of one order: six shapes of kernel, and a sinc filter for a tenth of the images; sides 7 to 21. */
function mixedBlur(sigma: [number, number], probability: number): StageInput {
  const size: [number, number] = [7, 21];
  const blur = (
    weight: number,
    stage: Omit<Extract<PlainInput, { type: 'blur' }>, 'type' | 'size' | 'sigma'>,
  ) => ({
    weight: 0.9 * weight,
    stages: [{ type: 'blur', size, sigma, ...stage } satisfies PlainInput],
  });
  const sinc = (sizes: number, size: [number, number], lowest: number) => ({
    weight: (0.1 * sizes) / 8,
    stages: [{ type: 'sinc', size, cutoff: [lowest, Math.PI] } satisfies PlainInput],
  });
  return {
    type: 'choose',
    probability,
    options: [
      blur(0.45, { isotropic: true }),
      blur(0.25, { isotropic: false }),
      blur(0.12, { isotropic: true, shape: 'generalised', beta: [0.5, 4] }),
      blur(0.03, { isotropic: false, shape: 'generalised', beta: [0.5, 4] }),
      blur(0.12, { isotropic: true, shape: 'plateau', beta: [1, 2] }),
      blur(0.03, { isotropic: false, shape: 'plateau', beta: [1, 2] }),
      // Three of the eight sizes are below 13, and small kernels cut off later.
      sinc(3, [7, 11], Math.PI / 3),
      sinc(5, [13, 21], Math.PI / 5),
    ],
  };
}

/** Resizing up, down or not at all. */
function randomResize(
  of: 'previous' | 'lr',
  [down, up]: [number, number],
  weights: { up: number; down: number; keep: number },
): StageInput {
  const resize = (weight: number, factor: [number, number]) => ({
    weight,
    stages: [interpolation(of, factor)],
  });
  return {
    type: 'choose',
    options: [resize(weights.up, [1, up]), resize(weights.down, [down, 1]), resize(weights.keep, [1, 1])],
  };
}

function interpolation(of: 'previous' | 'lr', factor: [number, number]): PlainInput {
  return { type: 'resize', of, factor, kernels: ['area', 'bilinear', 'bicubic'], antialias: false };
}

/** Gaussian noise for half of the images, Poisson noise for the others. */
function mixedNoise(sigma: [number, number], scale: [number, number]): StageInput {
  return {
    type: 'choose',
    options: [
      { stages: [{ type: 'gaussian-noise', sigma, greyShare: 0.4 }] },
      { stages: [{ type: 'poisson-noise', scale, greyShare: 0.4 }] },
    ],
  };
}

const jpeg: PlainInput = { type: 'jpeg', quality: [30, 95] };

/** To the LR size, and a last sinc filter for four in five images. */
const toLr: PlainInput[] = [
  interpolation('lr', [1, 1]),
  { type: 'sinc', probability: 0.8, size: [7, 21], cutoff: [Math.PI / 3, Math.PI] },
];

const stages = {
  bicubic: [],
  'real-esrgan': [
    mixedBlur([0.2, 3], 1),
    randomResize('previous', [0.15, 1.5], { up: 0.2, down: 0.7, keep: 0.1 }),
    mixedNoise([1, 30], [0.05, 3]),
    jpeg,
    mixedBlur([0.2, 1.5], 0.8),
    randomResize('lr', [0.3, 1.2], { up: 0.3, down: 0.4, keep: 0.3 }),
    mixedNoise([1, 25], [0.05, 2.5]),
    { type: 'choose', options: [{ stages: [...toLr, jpeg] }, { stages: [jpeg, ...toLr] }] },
  ],
} satisfies Record<string, StageInput[]>;

export const degradationPresetNames = ['bicubic', 'real-esrgan'] as const;
export type DegradationPresetName = (typeof degradationPresetNames)[number];

/** The stages of a preset, every default filled in. */
export function presetStages(name: DegradationPresetName): Stage[] {
  return z.array(stageSchema).parse(stages[name]);
}
