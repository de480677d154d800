/** Several runs side by side: the settings in which they differ, where each stands and how it scored. Pure. */
import { z } from 'zod';
import { scoreSchema, type MetricsLine, type ValidationLine } from './metrics';
import type { RunConfiguration } from './run-configuration';

export const comparedRunSchema = z.object({
  folder: z.string(),
  name: z.string(),
  state: z.string().describe('As in the status of a run: `finished`, `running` …'),
  message: z.string(),
  step: z.int(),
  totalSteps: z.int(),
  settings: z.record(z.string(), z.unknown()).describe('Those of the compared settings that this run has.'),
  best: z
    .object({ step: z.int(), model: scoreSchema, bicubic: scoreSchema })
    .nullable()
    .describe('The validation on crops with the highest PSNR.'),
  final: z
    .object({ step: z.int(), model: scoreSchema, bicubic: scoreSchema })
    .nullable()
    .describe('The last validation on whole images.'),
});
export type ComparedRun = z.infer<typeof comparedRunSchema>;

export const runComparisonSchema = z.object({
  settings: z
    .array(z.string())
    .describe('Paths in run.srgan.json, such as `lossWeights.content`, whose values differ.'),
  runs: z.array(comparedRunSchema),
});
export type RunComparison = z.infer<typeof runComparisonSchema>;

/** What differs between any two runs and says nothing of how they train. */
const identity = new Set(['$schema', 'format', 'name', 'created']);

/** Every leaf of a configuration by its path; what is in a list is numbered. */
function leavesOf(value: unknown, path = ''): [path: string, leaf: unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    leavesOf(inner, path === '' ? key : `${path}.${key}`),
  );
}

/** The settings that not all configurations have with the same value, in the order of the files; and each one's values. */
export function differingSettings(configurations: readonly RunConfiguration[]): {
  settings: string[];
  values: Record<string, unknown>[];
} {
  const all = configurations.map((configuration) => new Map(leavesOf(configuration)));
  const paths = new Set(all.flatMap((leaves) => [...leaves.keys()]));
  const settings = [...paths].filter(
    (path) => !identity.has(path) && all.some((leaves) => leaves.get(path) !== all[0]!.get(path)),
  );
  const values = all.map((leaves) =>
    Object.fromEntries(
      settings.flatMap((path) => (leaves.has(path) ? [[path, leaves.get(path)] as const] : [])),
    ),
  );
  return { settings, values };
}

/** The best validation on crops by PSNR, and the last one on whole images; null where there was none. */
export function scoresOf(lines: readonly MetricsLine[]): Pick<ComparedRun, 'best' | 'final'> {
  const pick = (line: ValidationLine | undefined): ComparedRun['best'] =>
    line === undefined ? null : { step: line.step, model: line.model, bicubic: line.bicubic };
  const validations = lines.filter((line) => line.kind === 'validation');
  const crops = validations.filter(({ extent, step }) => extent === 'crop' && step > 0);
  const best = crops.reduce<ValidationLine | undefined>(
    (before, line) => (before === undefined || line.model.psnr > before.model.psnr ? line : before),
    undefined,
  );
  return { best: pick(best), final: pick(validations.findLast(({ extent }) => extent === 'whole')) };
}
