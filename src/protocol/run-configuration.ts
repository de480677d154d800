/**
 * `run.srgan.json`: everything that decides what a training run does. Written once when the run is made, edited by
 * hand if wanted, read by the trainer. The same definitions validate it and make its JSON Schema.
 */
import { z } from 'zod';
import { engineSettingsSchema } from './engine-settings';
import { stageNames } from './stage-names';

const positiveInteger = z.int().min(1);
const weight = z.number().min(0);

export const scaleSchema = z.literal([2, 3, 4, 8]).describe('Super-resolution factor: HR side over LR side.');
export type Scale = z.infer<typeof scaleSchema>;

export const learningRateSchema = z
  .discriminatedUnion('schedule', [
    z.strictObject({ schedule: z.literal('constant'), initial: z.number().positive() }),
    z.strictObject({
      schedule: z.literal('step'),
      initial: z.number().positive(),
      dropAt: z
        .array(positiveInteger)
        .describe('Steps of the stage at which the rate is multiplied by `factor`.'),
      factor: z.number().gt(0).lt(1).default(0.1),
    }),
    z.strictObject({
      schedule: z.literal('cosine'),
      initial: z.number().positive(),
      final: z.number().min(0).default(0),
      warmup: z.int().min(0).default(0).describe('Steps over which the rate rises linearly from zero.'),
    }),
  ])
  .describe('Learning rate of Adam over the steps of one stage.');
export type LearningRate = z.infer<typeof learningRateSchema>;

export const generatorSchema = z
  .strictObject({
    blocks: positiveInteger.max(64).describe('Residual blocks; the paper has 16.'),
    channels: positiveInteger.max(512).describe('Feature channels; the paper has 64.'),
    normalisation: z.enum(['batch', 'none']).describe('Batch normalisation as in the paper, or none.'),
    prelu: z.enum(['layer', 'channel']).describe('One PReLU slope a layer, or one a channel.'),
    globalSkip: z
      .enum(['none', 'bicubic'])
      .describe(
        'What is added to the output: nothing as in the paper, or the LR image enlarged bicubically.',
      ),
    trunkEnd: z
      .enum(['normalisation', 'prelu'])
      .optional()
      .describe(
        'What follows the last convolution before the long skip: normalisation as in the paper (the default), or a PReLU.',
      ),
    output: z
      .enum(['linear', 'sigmoid'])
      .optional()
      .describe('What bounds SR: nothing as in the paper (the default), or a sigmoid.'),
  })
  .describe('The generator: SRResNet of Ledig et al. 2017, figure 4.');
export type GeneratorConfiguration = z.infer<typeof generatorSchema>;

export const discriminatorSchema = z
  .strictObject({
    layers: z
      .array(z.strictObject({ channels: positiveInteger.max(2048), stride: z.literal([1, 2]) }))
      .min(1)
      .describe('3×3 convolutions in order; the first has no batch normalisation.'),
    denseUnits: positiveInteger.max(8192).describe('Units of the hidden dense layer; the paper has 1024.'),
  })
  .describe('The discriminator: Ledig et al. 2017, figure 4.');
export type DiscriminatorConfiguration = z.infer<typeof discriminatorSchema>;

export const contentSchema = z
  .strictObject({
    network: z
      .enum(['random-vgg', 'vgg19'])
      .describe('Content network: VGG19 with imported ImageNet weights, or a VGG with fixed random weights.'),
    layer: z.enum(['conv2_2', 'conv5_4']).describe('Feature map compared: φ2,2 or φ5,4 of the paper.'),
    width: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .describe('Share of VGG19’s channels that a random-weight VGG has; 1 is the full width.'),
    seed: z.int().min(0).default(0).describe('Seed of the random weights.'),
    weights: z.string().optional().describe('Folder of an imported VGG19 (tfjs LayersModel), for `vgg19`.'),
  })
  .describe('Content loss of G: squared distance of feature maps.');
export type ContentConfiguration = z.infer<typeof contentSchema>;

export const lossWeightsSchema = z
  .strictObject({ pixel: weight, content: weight, adversarial: weight })
  .describe('Weights of the terms of G’s loss in the adversarial stage.');
export type LossWeights = z.infer<typeof lossWeightsSchema>;

export const stageSchema = z
  .strictObject({
    name: z
      .enum(stageNames)
      .describe('`pixel` trains G alone (SRResNet); `adversarial` trains G and D (SRGAN).'),
    steps: positiveInteger,
    learningRate: learningRateSchema,
  })
  .describe('A part of the run with one objective.');
export type Stage = z.infer<typeof stageSchema>;

export const dataSchema = z
  .strictObject({
    patch: positiveInteger.max(1024).describe('Side of an HR patch in pixels; a multiple of the scale.'),
    batch: positiveInteger.max(1024).describe('Patches a step.'),
    flips: z.boolean().default(true).describe('Random horizontal flips.'),
    quarterTurns: z.boolean().default(true).describe('Random rotations by 90°.'),
  })
  .describe('What a step sees: random aligned LR/HR crops.');

const hrPixels = z.int().min(0).max(1_000_000);

export const sampleSchema = z
  .strictObject({
    image: z
      .string()
      .min(1)
      .describe('Name of a validation image, as `images.jsonl` of the data set has it.'),
    crop: z
      .strictObject({
        left: hrPixels,
        top: hrPixels,
        width: hrPixels.min(1).max(4096),
        height: hrPixels.min(1).max(4096),
      })
      .optional()
      .describe('In HR pixels, widened to whole LR pixels; left out, the centre crop of side `crop`.'),
    name: z
      .string()
      .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,98}[\p{L}\p{N}]$|^[\p{L}\p{N}]$/u, 'must be a plain file name')
      .optional()
      .describe('What its pictures are called; by default the name of the image.'),
  })
  .describe('A picture that is scored and sampled during training.');
export type SampleChoice = z.infer<typeof sampleSchema>;

/** MB of `samples/` where the configuration does not say. */
export const DEFAULT_SAMPLE_BUDGET = 1000;

export const validationSchema = z
  .strictObject({
    every: positiveInteger.describe('Steps between two validations.'),
    images: positiveInteger
      .max(1000)
      .describe('Validation images used during training, the first of the split.'),
    crop: positiveInteger
      .max(4096)
      .describe(
        'Side in HR pixels of the centre crop scored and sampled during training; smaller images whole.',
      ),
    samples: z
      .array(sampleSchema)
      .min(1)
      .max(1000)
      .refine(
        (samples) =>
          new Set(samples.map(({ image, name = image }) => name.toLowerCase())).size === samples.length,
        'need a `name` each where an image is taken twice',
      )
      .optional()
      .describe('Which images and crops, instead of the centre crops of the first `images`.'),
    sampleBudget: z
      .number()
      .positive()
      .optional()
      .describe(
        `MB that \`samples/\` may take (default ${DEFAULT_SAMPLE_BUDGET}). Where pictures of every validation would take more, steps are thinned evenly.`,
      ),
  })
  .describe(
    'Scores and samples during training. At the end of each stage all validation images are scored whole.',
  );

export const checkpointSchema = z
  .strictObject({
    every: positiveInteger.describe('Steps between two checkpoints.'),
    keepLast: positiveInteger.describe('How many of the newest are kept; the best one is kept besides.'),
    keepEvery: positiveInteger
      .optional()
      .describe('Checkpoints at multiples of so many steps are kept for good; none where it is left out.'),
  })
  .refine(({ every, keepEvery }) => keepEvery === undefined || keepEvery % every === 0, {
    path: ['keepEvery'],
    message: 'must be a multiple of `every`: at other steps there are no checkpoints to keep',
  })
  .describe('When weights, optimiser states and position are written.');

export type CheckpointRule = z.infer<typeof checkpointSchema>;

export const engineChoices = ['auto', 'embedded', 'native'] as const;
export type EngineChoice = (typeof engineChoices)[number];

export const runConfigurationSchema = z
  .strictObject({
    $schema: z.string().optional(),
    format: z.literal(1).describe('Version of this file’s format.'),
    name: z.string().min(1).max(200),
    created: z.iso.datetime(),
    preset: z.string().describe('The preset this configuration was made from.'),
    dataset: z.string().min(1).describe('Folder of the data set, relative to this file or absolute.'),
    scale: scaleSchema,
    seed: z.int().min(0).max(0xffffffff).describe('Everything random in the run comes from this number.'),
    engine: z.enum(engineChoices).describe('What computes the training step.'),
    engineSettings: engineSettingsSchema.optional(),
    generator: generatorSchema,
    startFrom: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder of a model or a run, relative to this file or absolute: its generator’s weights are where training starts.',
      ),
    discriminator: discriminatorSchema,
    startDiscriminatorFrom: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder of a model or a run, relative to this file or absolute: its discriminator’s weights are where the adversarial stage starts.',
      ),
    content: contentSchema,
    lossWeights: lossWeightsSchema,
    adam: z
      .strictObject({
        beta1: z.number().min(0).lt(1).default(0.9),
        beta2: z.number().min(0).lt(1).default(0.999),
        epsilon: z.number().positive().default(1e-8),
      })
      .describe('Adam (Kingma and Ba 2015), for both networks.'),
    data: dataSchema,
    stages: z.array(stageSchema).min(1).max(2),
    validation: validationSchema,
    checkpoints: checkpointSchema,
    tensorboard: z
      .boolean()
      .optional()
      .describe('Whether the record is also written as event files for TensorBoard, into `tensorboard`.'),
  })
  .superRefine((run, context) => {
    if (run.data.patch % run.scale !== 0) {
      context.addIssue({
        code: 'custom',
        path: ['data', 'patch'],
        message: `must be a multiple of the scale (${run.scale})`,
      });
    }
    const names = run.stages.map((stage) => stage.name);
    if (new Set(names).size !== names.length || (names.indexOf('adversarial') === 0 && names.length > 1)) {
      context.addIssue({
        code: 'custom',
        path: ['stages'],
        message: 'each stage once, `pixel` before `adversarial`',
      });
    }
    if (run.content.network === 'vgg19' && run.content.weights === undefined) {
      context.addIssue({ code: 'custom', path: ['content', 'weights'], message: 'is needed for `vgg19`' });
    }
  });
export type RunConfiguration = z.infer<typeof runConfigurationSchema>;

export const RUN_FILE = 'run.srgan.json';
