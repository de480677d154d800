/** `srgan-lab dataset check` and `repair`: whether the files of a data set are as they were written, and mending them. */
import type { Command } from 'commander';
import { checkDataset } from '../../datasets/check';
import { repairDataset } from '../../datasets/repair';
import type { CheckDatasetResult, RepairDatasetResult } from '../../protocol/progress';
import { countOf, formatCount } from '../../protocol/quantities';
import { integerIn } from '../arguments';
import { execute, exitCodes } from '../output';

export function registerCheck(dataset: Command): void {
  dataset
    .command('check')
    .summary('find every missing, changed, corrupt or superfluous file')
    .description('Find every missing, changed, corrupt or superfluous file of a data set.')
    .argument('<folder>', 'folder of the data set')
    .option('--workers <number>', 'worker processes (default: one a core)', integerIn(1, 256))
    .addHelpText(
      'after',
      `
The exit code is 1 if there is a problem.

Examples:
  $ srgan-lab dataset check photos-x4
  $ srgan-lab dataset check photos-x4 --json`,
    )
    .action(async (folder: string, { workers }: { workers?: number }, command: Command) => {
      await execute(command, async ({ progress, signal }) => {
        const result = await checkDataset(folder, { workers, onProgress: progress.report, signal });
        return {
          result,
          text: describeCheck(result),
          exitCode: result.ok ? exitCodes.success : exitCodes.failure,
        };
      });
    });
}

export function registerRepair(dataset: Command): void {
  dataset
    .command('repair')
    .summary('make damaged and missing files again from their sources')
    .description(
      'Make the damaged and missing files of a data set again from their sources, and remove superfluous ones. ' +
        'Changes of the sources are not taken over; that is what update does.',
    )
    .argument('<folder>', 'folder of the data set')
    .option('--workers <number>', 'worker processes (default: one a core)', integerIn(1, 256))
    .addHelpText(
      'after',
      `
The exit code is 1 if something could not be mended.

Examples:
  $ srgan-lab dataset repair photos-x4`,
    )
    .action(async (folder: string, { workers }: { workers?: number }, command: Command) => {
      await execute(command, async ({ progress, signal }) => {
        const result = await repairDataset(folder, { workers, onProgress: progress.report, signal });
        return {
          result,
          text: describeRepair(result),
          exitCode: result.ok ? exitCodes.success : exitCodes.failure,
        };
      });
    });
}

function describeCheck({ folder, ok, checked, problems }: CheckDatasetResult): string {
  if (ok) return `${folder} is complete and unchanged: ${countOf(checked, 'file')} checked.`;
  const lines = problems.map(({ file, problem }) => `  ${file}: ${problem}`);
  return [
    `${folder} has ${countOf(problems.length, 'problem')} in ${countOf(checked, 'file')}:`,
    ...lines,
    `Mend it from its sources with \`srgan-lab dataset repair ${folder}\`.`,
  ].join('\n');
}

function describeRepair({ folder, repaired, problems }: RepairDatasetResult): string {
  if (repaired.length === 0 && problems.length === 0) return `${folder} is whole; nothing had to be mended.`;
  const lines = repaired.length > 0 ? [`Mended ${countOf(repaired.length, 'file')} of ${folder}:`] : [];
  for (const { file, repair } of repaired) lines.push(`  ${file}: ${repair}`);
  if (problems.length > 0) lines.push(`Could not mend ${formatCount(problems.length)}:`);
  for (const { file, problem } of problems) lines.push(`  ${file}: ${problem}`);
  return lines.join('\n');
}
