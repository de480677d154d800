/** What the doctor says of the engines on this machine. Made by the command line, shown by the extension. */
import { z } from 'zod';
import { presetNames } from './presets';

export const engineNames = ['embedded', 'native'] as const;
export type EngineName = (typeof engineNames)[number];

export const stageSecondsSchema = z.object({ pixel: z.number(), adversarial: z.number() });

/** What an engine does on this machine, measured by training steps of the `quick` preset. */
export const benchmarkSchema = z.object({
  secondsPerStep: stageSecondsSchema,
  gigaflops: stageSecondsSchema.describe('10⁹ floating point operations a second, by the plain algorithms.'),
  presets: z
    .record(z.enum(presetNames), z.number())
    .describe('Seconds that each preset would take here, validation left out.'),
});
export type Benchmark = z.infer<typeof benchmarkSchema>;

export const deviceSchema = z.object({
  name: z.string().describe('TensorFlow’s name of it.'),
  type: z.string().describe('`CPU`, `GPU` …'),
  memoryBytes: z.number(),
});

/** What a person can do about an engine with one click. */
export const remedies = ['set-up', 'choose-interpreter', 'open-settings'] as const;
export type EngineRemedy = (typeof remedies)[number];

export const engineReportSchema = z.object({
  name: z.enum(engineNames),
  usable: z.boolean(),
  reason: z.string().describe('Why it can be used or not.'),
  advice: z.string().optional().describe('The next step, where there is something to do.'),
  remedies: z.array(z.enum(remedies)).optional().describe('What the next step may be, the likeliest first.'),
  device: z.string().optional(),
  devices: z.array(deviceSchema).optional().describe('All that TensorFlow sees.'),
  gpu: z.boolean().describe('Whether it computes on a GPU; measured, not assumed.'),
  versions: z.record(z.string(), z.string()).optional(),
  /** TensorFlow library that it loads. */
  library: z.string().optional(),
  benchmark: benchmarkSchema.optional(),
});
export type EngineReport = z.infer<typeof engineReportSchema>;

export const doctorReportSchema = z.object({
  machine: z.object({
    processor: z.string(),
    cores: z.int(),
    memoryBytes: z.number(),
    system: z.string(),
    node: z.string(),
    nvidiaDriver: z.string().optional(),
  }),
  engines: z.array(engineReportSchema),
  chosen: z.object({ engine: z.enum(engineNames), reason: z.string() }).describe('What `auto` takes.'),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;
