/** `srgan-lab dataset …`: making and checking data sets. */
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { checkDataset } from '../../datasets/check';
import { createDataset, defaultSplit } from '../../datasets/create';
import { defaultDegradation } from '../../datasets/degrade';
import { degradationSchema, type DatasetFile, type Degradation } from '../../protocol/dataset-file';
import type { CheckDatasetResult, CreateDatasetResult } from '../../protocol/progress';
import type { Scale } from '../../protocol/run-configuration';
import { integerIn, scaleOption, share } from '../arguments';
import { formatCount, formatDuration } from '../../protocol/quantities';
import { execute, exitCodes } from '../output';

interface CreateOptions {
  from: string[];
  scale: Scale;
  validation: number;
  seed: number;
  convention: Degradation['convention'];
  name?: string;
  workers?: number;
}

export function registerDataset(program: Command): void {
  const dataset = program
    .command('dataset')
    .summary('make and check data sets')
    .description('Make and check data sets: folders of aligned HR and LR images.');
  registerCreate(dataset);
  registerCheck(dataset);
}

function registerCreate(dataset: Command): void {
  dataset
    .command('create')
    .summary('make a data set from folders of photographs')
    .description('Make a data set of HR/LR pairs from folders of photographs.')
    .argument('<out>', 'folder to make; must be missing or empty')
    .requiredOption('--from <folder...>', 'folders of HR images, searched with their sub-folders')
    .addOption(scaleOption().default(4))
    .option('--validation <share>', 'share of the images held out for validation', share, defaultSplit.share)
    .option('--seed <number>', 'decides which are held out', integerIn(0, 0xffffffff), defaultSplit.seed)
    .addOption(
      new Option('--convention <name>', 'rounding and borders of MATLAB’s imresize, by which LR is made')
        .choices(degradationSchema.shape.convention.options)
        .default(defaultDegradation.convention),
    )
    .option('--name <text>', 'name of the data set (default: that of its folder)')
    .option('--workers <number>', 'worker threads (default: one a core)', integerIn(1, 256))
    .addHelpText(
      'after',
      `
LR images are made bicubically, exactly as MATLAB does:
  double           computed in double precision, rounded once
  uint8-symmetric  rounded to 8 bits between the passes, borders mirrored: imresize of an 8-bit image
  uint8-clamped    likewise, with the edge repeated: older releases

Examples:
  $ srgan-lab dataset create photos-x4 --from ~/Photos --scale 4
  $ srgan-lab dataset create both-x2 --from ~/Photos ~/Scans --scale 2 --validation 0.2 --seed 7
  $ srgan-lab dataset create photos-x4 --from ~/Photos --json > result.json`,
    )
    .action(async (out: string, options: CreateOptions, command: Command) => {
      await execute(command, async ({ progress, signal }) => {
        const started = performance.now();
        const { folder, file } = await createDataset(
          {
            folder: out,
            from: options.from,
            scale: options.scale,
            name: options.name,
            validation: { share: options.validation, seed: options.seed },
            degradation: { convention: options.convention },
            workers: options.workers,
          },
          { onProgress: progress.report, signal },
        );
        const result = summarise(folder, file, (performance.now() - started) / 1000);
        return { result, text: describeCreated(result) };
      });
    });
}

function registerCheck(dataset: Command): void {
  dataset
    .command('check')
    .summary('find every missing, changed or corrupt image')
    .description('Find every missing, changed or corrupt image of a data set.')
    .argument('<folder>', 'folder of the data set')
    .addHelpText(
      'after',
      `
The exit code is 1 if there is a problem.

Examples:
  $ srgan-lab dataset check photos-x4
  $ srgan-lab dataset check photos-x4 --json`,
    )
    .action(async (folder: string, _options: unknown, command: Command) => {
      await execute(command, async ({ progress, signal }) => {
        const result = await checkDataset(folder, { onProgress: progress.report, signal });
        return {
          result,
          text: describeCheck(result),
          exitCode: result.ok ? exitCodes.success : exitCodes.failure,
        };
      });
    });
}

function summarise(folder: string, file: DatasetFile, seconds: number): CreateDatasetResult {
  const count = (split: string): number => file.images.filter((image) => image.split === split).length;
  return {
    folder,
    name: file.name,
    images: { train: count('train'), validation: count('validation') },
    omitted: file.omitted.map(({ root, source, reason }) => ({
      file: join(file.roots[root]!, source),
      reason,
    })),
    seconds,
  };
}

function describeCreated({ folder, images, omitted, seconds }: CreateDatasetResult): string {
  const lines = [
    `Made ${folder} in ${formatDuration(seconds)}: ${formatCount(images.train)} images to train on, ` +
      `${formatCount(images.validation)} for validation.`,
  ];
  if (images.validation === 0) lines.push('Without validation images a run cannot tell how well it does.');
  if (omitted.length > 0) lines.push(`Left out ${formatCount(omitted.length)}:`);
  for (const { file, reason } of omitted) lines.push(`  ${file}: ${reason}`);
  return lines.join('\n');
}

function describeCheck({ folder, ok, checked, problems }: CheckDatasetResult): string {
  if (ok) return `${folder} is complete and unchanged: ${formatCount(checked)} images checked.`;
  const lines = problems.map(({ file, problem }) => `  ${file}: ${problem}`);
  return [
    `${folder} has ${formatCount(problems.length)} problems in ${formatCount(checked)} images:`,
    ...lines,
    'Put the files back as they were, or make the data set anew.',
  ].join('\n');
}
