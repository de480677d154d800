/** `srgan-lab dataset adopt`: a data set of HR/LR pairs that are there already. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { adoptDataset, type AdoptResult } from '../../datasets/pairs/adopt';
import { defaultValidation } from '../../datasets/build/recipe';
import type { AdoptDatasetResult } from '../../protocol/progress';
import { countOf, formatCount, formatDuration } from '../../protocol/quantities';
import type { Scale } from '../../protocol/run-configuration';
import { integerIn, scaleOption, share } from '../arguments';
import { execute } from '../output';

interface AdoptCommandOptions {
  hr: string[];
  lr: string[];
  hrSuffix?: string;
  lrSuffix?: string;
  scale?: Scale;
  name?: string;
  validation: number;
  seed: number;
  workers?: number;
}

export function registerAdopt(dataset: Command): void {
  dataset
    .command('adopt')
    .summary('make a data set of HR/LR pairs that are there already')
    .description(
      'Make a data set of HR and LR images that are there already: matched by name, cut to sizes that fit, and measured: ' +
        'how far LR is shifted against HR, and how it was made. The images are not resampled.',
    )
    .argument('<out>', 'folder to make; missing, empty, or begun with the same options')
    .requiredOption('--hr <folder...>', 'folders of HR images, searched with their sub-folders')
    .requiredOption('--lr <folder...>', 'folders of LR images; may be the same')
    .option(
      '--hr-suffix <text>',
      'what names of HR images end with, such as _HR (default: the usual endings)',
    )
    .option('--lr-suffix <text>', 'what names of LR images end with, such as x4 (default: the usual endings)')
    .addOption(scaleOption('HR side over LR side (default: what names and sizes tell)'))
    .option(
      '--validation <share>',
      'share of the pairs held out for validation',
      share,
      defaultValidation.share,
    )
    .option('--seed <number>', 'decides which are held out', integerIn(0, 0xffffffff), defaultValidation.seed)
    .option('--name <text>', 'name of the data set (default: that of its folder)')
    .option('--workers <number>', 'worker processes (default: one a core)', integerIn(1, 256))
    .addHelpText(
      'after',
      `
Names are equal but for endings and folders that tell the role or the scale: 0801.png and X4/0801x4.png, a_HR.png and a_LR.png.

Examples:
  $ srgan-lab dataset adopt div2k-x4 --hr DIV2K_train_HR --lr DIV2K_train_LR_bicubic/X4
  $ srgan-lab dataset adopt real-x4 --hr RealSR --lr RealSR --hr-suffix _HR --lr-suffix _LR4 --scale 4`,
    )
    .action(async (out: string, options: AdoptCommandOptions, self: Command) => {
      await execute(self, async ({ progress, signal }) => {
        const started = performance.now();
        const { validation, seed, ...rest } = options;
        const adopted = await adoptDataset({
          ...rest,
          folder: out,
          validation: { by: 'image', share: validation, seed },
          onProgress: progress.report,
          signal,
        });
        const result = summarise(adopted, (performance.now() - started) / 1000);
        return { result, text: describeAdopted(result) };
      });
    });
}

function summarise({ folder, file, makers, problems }: AdoptResult, seconds: number): AdoptDatasetResult {
  return {
    folder,
    name: file.name,
    scale: file.scale,
    images: { train: file.contents.train, validation: file.contents.validation },
    makers,
    problems,
    omitted: file.omitted.map(({ root, source, reason }) => ({
      file: join(file.roots[root]!, source),
      reason,
    })),
    seconds,
  };
}

/** Lines that are printed of each list; all of it is in the result of --json. */
const SHOWN = 20;

function describeAdopted({
  folder,
  scale,
  images,
  makers,
  problems,
  omitted,
  seconds,
}: AdoptDatasetResult): string {
  const lines = [
    `Adopted ${folder} at ×${scale} in ${formatDuration(seconds)}: ${countOf(images.train, 'pair')} to train on, ` +
      `${formatCount(images.validation)} for validation.`,
    ...makers.map(({ maker, images }) => `  ${countOf(images, 'pair')}: LR made by ${maker}.`),
  ];
  const list = (title: string, each: readonly string[]): void => {
    if (each.length === 0) return;
    lines.push(title, ...each.slice(0, SHOWN).map((line) => `  ${line}`));
    if (each.length > SHOWN) lines.push(`  and ${formatCount(each.length - SHOWN)} more`);
  };
  list(
    'Look at these pairs:',
    problems.map(({ name, problem }) => `${name}: ${problem}`),
  );
  list(
    'Left out:',
    omitted.map(({ file, reason }) => `${file}: ${reason}`),
  );
  return lines.join('\n');
}
