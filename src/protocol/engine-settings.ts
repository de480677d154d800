/**
 * Settings of the engines: what a run may say about how its steps are computed, apart from which engine does it.
 * They are the same in `run.srgan.json`, in VS Code's settings and in the options of the command line.
 */
import { z } from 'zod';

export const convolutionMethods = ['auto', 'winograd-6x6', 'winograd-4x4', 'winograd-2x2', 'direct'] as const;
export type ConvolutionMethod = (typeof convolutionMethods)[number];

/** Most threads that the embedded engine takes. */
export const MAX_THREADS = 256;
/** Least GPU memory, in MB, that TensorFlow and its libraries start in. */
export const MIN_GPU_MEMORY_MB = 512;

export const embeddedSettingsSchema = z.strictObject({
  threads: z
    .union([z.literal('auto'), z.int().min(1).max(MAX_THREADS)])
    .default('auto')
    .describe('Threads; `auto` is one for each core. Results do not depend on it.'),
  convolutions: z
    .enum(convolutionMethods)
    .default('auto')
    .describe(
      'How 3×3 convolutions are computed: by Winograd’s F(6×6, 3×3); F(4×4, 3×3) or F(2×2, 3×3), with smaller ' +
        'rounding errors; or directly, the slowest. `auto` is F(6×6, 3×3), but F(4×4, 3×3) for layers of fewer than 64 channels in ' +
        'training, and in vectors of 256 bits.',
    ),
  wideVectors: z
    .union([z.literal('auto'), z.boolean()])
    .default('auto')
    .describe(
      'Compute in vectors of 256 bits where V8 can pair those of 128, which it calls experimental: newer Node.js on x86 ' +
        'with AVX2. Faster, with the same results. `auto` does where training steps have come out to the same bits on ' +
        'this machine; `true` tries only the products.',
    ),
});

export const nativeSettingsSchema = z.strictObject({
  bfloat16: z
    .boolean()
    .default(false)
    .describe(
      'Compute convolutions and matrix products in bfloat16 where the device has it: faster, with 8 bits of mantissa. ' +
        'Weights stay float32.',
    ),
  gpuMemory: z
    .union([z.literal('growth'), z.int().min(MIN_GPU_MEMORY_MB)])
    .default('growth')
    .describe(
      'GPU memory: `growth` takes what is needed, when it is needed; a number is the most that is taken, in MB.',
    ),
});

export const engineSettingsSchema = z
  .strictObject({
    embedded: embeddedSettingsSchema.prefault({}).describe('For the embedded engine.'),
    native: nativeSettingsSchema.prefault({}).describe('For the native engine.'),
  })
  .describe('How the engine computes. What belongs to another engine than the run’s has no effect.');
export type EngineSettings = z.infer<typeof engineSettingsSchema>;

/** What holds where nothing is said. */
export const defaultEngineSettings: EngineSettings = engineSettingsSchema.parse({});
