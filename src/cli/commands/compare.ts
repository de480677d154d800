/** `srgan-lab compare`: runs side by side, with the settings in which they differ and their scores. */
import { Option, type Command } from 'commander';
import { findRuns } from '../../folders/find-folders';
import { tableFormats, type TableFormat } from '../../protocol/text-table';
import { compareRuns, tableOf } from '../compare-runs';
import { execute } from '../output';

export function registerCompare(program: Command): void {
  program
    .command('compare')
    .summary('runs side by side: settings that differ, scores')
    .description(
      'Compare runs: the settings in which they differ, where each stands, and its scores. The best comes first.',
    )
    .argument('<folders...>', 'runs, or folders with runs in them')
    .addOption(new Option('--format <name>', 'of the table').choices(tableFormats).default('text'))
    .addHelpText(
      'after',
      `
PSNR and SSIM are those of whole validation images at the end of the last stage; the best PSNR is that of the crops scored
during training. Both on Y, borders of the scale left out.

Examples:
  $ srgan-lab compare seeds
  $ srgan-lab compare first-run second-run --format markdown
  $ srgan-lab compare . --format csv > runs.csv`,
    )
    .action(async (folders: string[], { format }: { format: TableFormat }, command: Command) => {
      await execute(command, async () => {
        const comparison = await compareRuns(await findRuns(folders));
        return { result: comparison, text: tableOf(comparison, format) };
      });
    });
}
