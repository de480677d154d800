/** `srgan-lab dataset analyse`: what can be said of all images of a data set together. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { analyseDataset } from '../../datasets/analysis/analyse';
import type { AnalyseDatasetResult, DatasetAnalysis, Duplicates } from '../../protocol/dataset-analysis';
import { imageProblems, type ImageProblem } from '../../protocol/image-measures';
import { formatCount, formatDuration } from '../../protocol/quantities';
import { integerIn } from '../arguments';
import { execute } from '../output';

export function registerAnalyse(dataset: Command): void {
  dataset
    .command('analyse')
    .summary('find copies, and images that teach little')
    .description(
      'Look at all images of a data set together: copies, re-encodings and crops of one image in another, within and ' +
        'across the splits; flat, blurred, noisy and blocky images; mean spectra. Writes analysis.json into its folder.',
    )
    .argument('<folder>', 'folder of the data set')
    .option('--workers <number>', 'worker processes (default: one a core)', integerIn(1, 256))
    .addHelpText(
      'after',
      `
What is found can be taken out with srgan-lab dataset leave-out.

Examples:
  $ srgan-lab dataset analyse photos-x4
  $ srgan-lab dataset analyse photos-x4 --json`,
    )
    .action(async (folder: string, { workers }: { workers?: number }, command: Command) => {
      await execute(command, async ({ progress, signal }) => {
        const started = performance.now();
        const { file, analysis } = await analyseDataset(folder, {
          workers,
          signal,
          onProgress: progress.report,
        });
        const seconds = (performance.now() - started) / 1000;
        const result = summarise(resolve(folder), file, analysis, seconds);
        return { result, text: describeAnalysis(result, analysis) };
      });
    });
}

function summarise(
  folder: string,
  file: string,
  { images, duplicates, problems }: DatasetAnalysis,
  seconds: number,
): AnalyseDatasetResult {
  const groups = (kind: Duplicates['kind']): number =>
    duplicates.filter((group) => group.kind === kind).length;
  const having = (problem: ImageProblem): number =>
    problems.filter((each) => each.problem === problem).length;
  return {
    folder,
    file,
    images,
    duplicates: {
      identical: groups('identical'),
      reEncoded: groups('re-encoded'),
      crop: groups('crop'),
      acrossSplits: duplicates.filter(({ acrossSplits }) => acrossSplits).length,
    },
    problems: {
      flat: having('flat'),
      blurred: having('blurred'),
      noisy: having('noisy'),
      blocky: having('blocky'),
    },
    seconds,
  };
}

/** Names that are printed of each list; all of them are in the file. */
const SHOWN = 10;

function describeAnalysis(result: AnalyseDatasetResult, analysis: DatasetAnalysis): string {
  const lines = [
    `Looked at ${formatCount(result.images)} images of ${result.folder} in ${formatDuration(result.seconds)}.`,
  ];
  const across = analysis.duplicates.filter(({ acrossSplits }) => acrossSplits);
  const within = analysis.duplicates.filter(({ acrossSplits }) => !acrossSplits);
  lines.push(...describeGroups('In both splits, so that validation is not to be trusted', across));
  lines.push(...describeGroups('Copies within a split', within));
  for (const problem of imageProblems) {
    const names = analysis.problems.filter((each) => each.problem === problem).map(({ name }) => name);
    if (names.length > 0) lines.push(`${formatCount(names.length)} ${problem}: ${shortened(names)}`);
  }
  if (lines.length === 1) lines.push('No copies, and nothing flat, blurred, noisy or blocky.');
  lines.push(`All of it is in ${result.file}.`);
  return lines.join('\n');
}

const words: Record<Duplicates['kind'], string> = {
  identical: 'the same pixels',
  're-encoded': 'the same picture',
  crop: 'parts of the first',
};

function describeGroups(title: string, groups: readonly Duplicates[]): string[] {
  if (groups.length === 0) return [];
  const shown = groups
    .slice(0, SHOWN)
    .map(
      ({ kind, images, mirrored }) =>
        `  ${shortened(images)} (${words[kind]}${mirrored ? ', mirrored' : ''})`,
    );
  if (groups.length > SHOWN) shown.push(`  and ${formatCount(groups.length - SHOWN)} more`);
  return [`${title}:`, ...shown];
}

function shortened(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return names.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${formatCount(more)} more` : '');
}
