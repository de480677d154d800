/** `srgan-lab resume`: goes on with a run from its newest checkpoint. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { LabError } from '../../folders/lab-error';
import { execute } from '../output';
import { trainFromTerminal } from '../run-train';
import { observeRun } from '../run-watch';

export function registerResume(program: Command): void {
  program
    .command('resume')
    .summary('go on with a run that was stopped, failed or crashed')
    .description(
      'Go on with a run from its newest good checkpoint, as if it had never stopped. Settings that were changed in ' +
        'run.srgan.json in between apply from there on.',
    )
    .argument('<run>', 'folder of the run')
    .option('--detach', 'return once it trains')
    .action(async (folder: string, options: { detach?: boolean }, command: Command) => {
      await execute(command, async (context) => {
        const run = resolve(folder);
        const { status } = await observeRun(run);
        if (status.state === 'finished' && status.step >= status.totalSteps) {
          throw new LabError(
            `${run} has finished all its ${status.totalSteps} steps. To train longer, raise \`steps\` of its last stage in ` +
              `run.srgan.json, then resume.`,
          );
        }
        return trainFromTerminal(run, options.detach === true, context, command);
      });
    });
}
