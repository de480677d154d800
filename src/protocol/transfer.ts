/**
 * The files of a transfer measurement, `transfer/NAME/` in a run's folder: what is measured (`transfer.srgan.json`), on
 * which images (`data.json`), and what came of it (`probe.json`, `curve.json`).
 */
import { z } from 'zod';
import { engineSettingsSchema } from './engine-settings';
import { engineChoices } from './run-configuration';

export const TRANSFER_FOLDER = 'transfer';
export const TRANSFER_FILE = 'transfer.srgan.json';
export const TRANSFER_DATA_FILE = 'data.json';
/** The test images of the first seed, side by side. */
export const SHEET_FILE = 'test-images.png';
export const PROBE_FILE = 'probe.json';
export const CURVE_FILE = 'curve.json';
export const FINE_TUNING_FILE = 'finetune.json';
/** Of fine-tuning: a line an epoch. */
export const EPOCHS_FILE = 'metrics.jsonl';

export const partNames = ['train', 'validation', 'test'] as const;
export type PartName = (typeof partNames)[number];

export const poolings = ['grid', 'average'] as const;
export type Pooling = (typeof poolings)[number];

/** What a curve compares; `discriminator` is what the others are baselines of. */
export const transferMethods = [
  'discriminator',
  'finetune',
  'random',
  'scratch',
  'dcgan',
  'generator',
  'vgg19',
] as const;
export type TransferMethod = (typeof transferMethods)[number];

export const methodWords: Readonly<Record<TransferMethod, string>> = {
  discriminator: 'D, linear probe',
  finetune: 'D, fine-tuned',
  random: 'D with random weights, linear probe',
  scratch: 'the same network trained from scratch',
  dcgan: 'D of a DCGAN on the same images, linear probe',
  generator: 'G, linear probe',
  vgg19: 'VGG19 (ImageNet), linear probe',
};

export const taskSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('labels'),
    images: z.string().min(1).describe('Folder of class folders, or a CSV file: path, label, split.'),
    limit: z.int().min(3).optional().describe('At most so many images of a class.'),
  }),
  z.strictObject({
    kind: z.literal('degradation'),
    photos: z.string().min(1).describe('Folder of photographs that the task is made from.'),
    crops: z.int().min(1).max(4096).describe('Crops of each photograph.'),
  }),
]);
export type TransferTask = z.infer<typeof taskSchema>;

const accuracy = z.number().min(0).max(1);
const rate = z.number().positive();

export const fineTuningSchema = z
  .strictObject({
    from: z.enum(['discriminator', 'scratch']).default('discriminator'),
    frozen: z
      .int()
      .min(0)
      .default(0)
      .describe('Stages from the image on that never change; 0 trains them all.'),
    unfreezing: z
      .enum(['at-once', 'gradual'])
      .default('gradual')
      .describe('`gradual` trains the head first, then one more stage each time, from the last on.'),
    epochsPerStage: z.int().min(1).max(1000).default(2).describe('Of gradual unfreezing.'),
    epochs: z
      .int()
      .min(1)
      .max(10_000)
      .default(200)
      .describe('At most; one is all images once, and 20 steps at least.'),
    patience: z.int().min(1).default(10).describe('Epochs without a better validation before it stops.'),
    patienceSteps: z
      .int()
      .min(1)
      .default(400)
      .describe('Steps without a better validation before it stops, however few images make an epoch.'),
    batch: z.int().min(1).max(1024).default(32),
    trunkRate: rate.default(1e-4).describe('Adam’s step size for the trunk.'),
    headRate: rate.default(1e-3).describe('Adam’s step size for the head.'),
    shift: z
      .int()
      .min(0)
      .max(64)
      .default(4)
      .describe('Most pixels that an image is moved by, its edge repeated.'),
    flips: z.boolean().default(false).describe('Random horizontal flips.'),
  })
  .describe('How a classifier is trained from a trunk.');
export type FineTuning = z.infer<typeof fineTuningSchema>;

export const transferConfigurationSchema = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal(1),
  name: z.string().min(1).max(200),
  created: z.iso.datetime(),
  what: z.enum(['probe', 'curve', 'finetune']),
  task: taskSchema,
  side: z.int().min(8).max(1024).describe('Side in pixels that images are brought to.'),
  seeds: z.array(z.int().min(0).max(0xffffffff)).min(1).max(100).describe('Splits, labels, weights.'),
  labels: z.array(z.int().min(1)).describe('Of a curve: labels a class; all of them besides.'),
  methods: z.array(z.enum(transferMethods)).describe('Of a curve.'),
  otherRuns: z.array(z.string()).default([]).describe('Of a curve: more runs whose D is measured.'),
  vgg19: z.string().optional().describe('Folder of an imported VGG19.'),
  dcganSteps: z.int().min(1).describe('Steps of the DCGAN baseline.'),
  fineTuning: fineTuningSchema,
  engine: z.enum(engineChoices),
  engineSettings: engineSettingsSchema.optional(),
});
export type TransferConfiguration = z.infer<typeof transferConfigurationSchema>;

const problemSchema = z.object({ file: z.string(), reason: z.string() });
/** A file or line that was left out, and why. */
export type DataProblem = z.infer<typeof problemSchema>;

export const transferDataSchema = z.object({
  format: z.literal(1),
  side: z.int(),
  classes: z.array(z.object({ name: z.string(), images: z.int() })),
  images: z.array(z.object({ file: z.string(), label: z.int() })),
  problems: z.array(problemSchema),
  sheet: z
    .object({ columns: z.int().min(1), images: z.array(z.int()) })
    .optional()
    .describe('What test-images.png shows: the test images of the first seed, row by row.'),
});
export type TransferData = z.infer<typeof transferDataSchema>;

const estimateSchema = z.object({
  mean: accuracy,
  interval: z
    .tuple([z.number(), z.number()])
    .nullable()
    .describe('95 % over the seeds (Student’s t); null for one seed.'),
});
/** A mean over seeds. */
export type Estimate = z.infer<typeof estimateSchema>;

const confusionSchema = z
  .array(z.array(z.int()))
  .describe('Rows are labels, columns predictions; all seeds together.');

const mistakeSchema = z.object({
  image: z.int().describe('Index in data.json.'),
  label: z.int(),
  prediction: z.int(),
  share: z.number().describe('What the classifier gave the wrong class.'),
});
export type Mistake = z.infer<typeof mistakeSchema>;

const probeRowSchema = z.object({
  stage: z.string(),
  pooling: z.enum(poolings),
  features: z.int(),
  accuracy: estimateSchema,
  validation: estimateSchema,
  seeds: z.array(
    z.object({ seed: z.int(), accuracy, validation: accuracy, lambda: z.number(), converged: z.boolean() }),
  ),
});
export type ProbeRow = z.infer<typeof probeRowSchema>;

export const probeResultSchema = z.object({
  format: z.literal(1),
  network: z.string().describe('Whose features, in words.'),
  engine: z.string(),
  chance: accuracy.describe('Share of the largest class.'),
  images: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
  rows: z.array(probeRowSchema).describe('Stages from the image on; the last are all of them side by side.'),
  best: z.int().describe('The row with the best accuracy on validation.'),
  confusion: confusionSchema.describe('Of the best row.'),
  mistakes: z.array(mistakeSchema).describe('Of the best row and the first seed, the surest first.'),
  map: z
    .array(z.object({ image: z.int(), x: z.number(), y: z.number() }))
    .describe(
      'Test images of the first seed: the first two principal components of the best row’s features.',
    ),
  seconds: z.number(),
});
export type ProbeResult = z.infer<typeof probeResultSchema>;

export const verdicts = ['better', 'worse', 'not distinguishable'] as const;
export type Verdict = (typeof verdicts)[number];

const comparisonSchema = z.object({
  subject: z.string().describe('Whose D, by the key of its series.'),
  baseline: z.string(),
  labels: z.int().nullable().describe('A class; null for all.'),
  difference: z.number().describe('Accuracy of D minus that of the baseline.'),
  pSeeds: z.number().nullable(),
  pImages: z.number(),
  p: z.number().nullable().describe('The larger of the two, corrected by Holm over the label counts.'),
  verdict: z.enum(verdicts),
});
export type Comparison = z.infer<typeof comparisonSchema>;

const trainingLengthSchema = z
  .object({
    steps: z.int(),
    bestStep: z.int().describe('After which the weights were kept.'),
    trainAccuracy: accuracy.describe('Of the augmented training images, in the last epoch.'),
  })
  .describe('How long a network was trained.');
export type TrainingLength = z.infer<typeof trainingLengthSchema>;

const curvePointSchema = z.object({
  labels: z.int().nullable(),
  images: z.int().describe('Labelled images to train on.'),
  accuracy: estimateSchema,
  seeds: z.array(
    z.object({
      seed: z.int(),
      accuracy,
      validation: accuracy,
      predictions: z.array(z.int()).describe('For the test images of this seed, in order.'),
      training: trainingLengthSchema.optional(),
    }),
  ),
});
export type CurvePoint = z.infer<typeof curvePointSchema>;

const curveSeriesSchema = z.object({
  key: z.string(),
  method: z.enum(transferMethods),
  description: z.string(),
  runs: z
    .array(z.string())
    .optional()
    .describe('Names of the runs whose it is; of all where there are none.'),
  points: z.array(curvePointSchema),
});
export type CurveSeries = z.infer<typeof curveSeriesSchema>;

export const curveResultSchema = z.object({
  format: z.literal(1),
  complete: z.boolean().describe('Whether all of it was measured; a curve is written as it grows.'),
  engine: z.string(),
  chance: accuracy,
  tests: z
    .array(z.object({ seed: z.int(), images: z.array(z.int()) }))
    .describe('Test images of each seed, in order.'),
  series: z.array(curveSeriesSchema),
  comparisons: z.array(comparisonSchema),
  sentences: z.array(z.string()).describe('The verdict in words, one for each baseline.'),
  seconds: z.number(),
});
export type CurveResult = z.infer<typeof curveResultSchema>;

export const epochLineSchema = z.object({
  kind: z.literal('epoch'),
  time: z.number().describe('Milliseconds since 1970.'),
  epoch: z.int().min(1),
  steps: z.int(),
  frozen: z.int().describe('Stages that did not learn.'),
  loss: z.number().describe('Mean cross-entropy of the augmented training images.'),
  accuracy,
  validation: z.object({ loss: z.number(), accuracy }),
  best: z.boolean().describe('Whether no epoch before was better on validation.'),
  seconds: z.number(),
});
export type EpochLine = z.infer<typeof epochLineSchema>;

export const fineTuningResultSchema = z.object({
  format: z.literal(1),
  network: z.string().describe('What it was made from, in words.'),
  engine: z.string(),
  chance: accuracy,
  images: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
  epochs: z.int(),
  bestEpoch: z.int(),
  validation: accuracy,
  test: accuracy,
  confusion: confusionSchema,
  mistakes: z.array(mistakeSchema),
  seconds: z.number().describe('Of all epochs together.'),
});
export type FineTuningResult = z.infer<typeof fineTuningResultSchema>;
