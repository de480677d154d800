/** `srgan-lab dataset …`: making and checking data sets. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { checkDataset } from '../../datasets/check';
import { createDataset, defaultSplit } from '../../datasets/create';
import type { Dataset } from '../../protocol/dataset-file';
import type { CheckDatasetResult, CreateDatasetResult } from '../../protocol/progress';
import type { Scale } from '../../protocol/run-configuration';
import { integerIn, scaleOption, share } from '../arguments';
import { formatCount, formatDuration } from '../../protocol/quantities';
import { execute, exitCodes } from '../output';
import { registerSample } from './dataset-sample';
import {
  addDegradationOptions,
  degradationFrom,
  degradationHelp,
  type DegradationOptions,
} from './degradation-options';

interface CreateOptions extends DegradationOptions {
  from: string[];
  scale: Scale;
  validation: number;
  name?: string;
  workers?: number;
}

export function registerDataset(program: Command): void {
  const dataset = program
    .command('dataset')
    .summary('make and check data sets')
    .description('Make and check data sets: folders of aligned HR and LR images.');
  registerCreate(dataset);
  registerSample(dataset);
  registerCheck(dataset);
}

function registerCreate(dataset: Command): void {
  const command = dataset
    .command('create')
    .summary('make a data set from folders of photographs')
    .description('Make a data set of HR/LR pairs from folders of photographs.')
    .argument('<out>', 'folder to make; must be missing or empty')
    .requiredOption('--from <folder...>', 'folders of HR images, searched with their sub-folders')
    .addOption(scaleOption().default(4))
    .option('--validation <share>', 'share of the images held out for validation', share, defaultSplit.share)
    .option(
      '--seed <number>',
      'decides which are held out, and what a degradation draws',
      integerIn(0, 0xffffffff),
      defaultSplit.seed,
    );
  addDegradationOptions(command)
    .option('--name <text>', 'name of the data set (default: that of its folder)')
    .option('--workers <number>', 'worker threads (default: one a core)', integerIn(1, 256))
    .addHelpText(
      'after',
      `${degradationHelp}

Examples:
  $ srgan-lab dataset create photos-x4 --from ~/Photos --scale 4
  $ srgan-lab dataset create both-x2 --from ~/Photos ~/Scans --scale 2 --validation 0.2 --seed 7
  $ srgan-lab dataset create real-x4 --from ~/Photos --degradation real-esrgan
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
            degradation: await degradationFrom(options),
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

function summarise(folder: string, file: Dataset, seconds: number): CreateDatasetResult {
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
