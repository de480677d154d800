/** `srgan-lab watch`: shows a run that trains, or how one ended. Watching changes nothing. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { LabError } from '../../folders/lab-error';
import { execute, exitCodes } from '../output';
import { quoted, reportingOf } from '../run-train';
import { followRun, isLive, observeRun, outcomeOf } from '../run-watch';

export function registerWatch(program: Command): void {
  program
    .command('watch')
    .summary('show a run that trains, or how one ended')
    .description(
      'Show a run that trains until it ends, or how one ended. Ctrl-C ends the showing, not the run.',
    )
    .argument('<run>', 'folder of the run')
    .action(async (folder: string, _options: object, command: Command) => {
      await execute(command, async ({ progress, signal }) => {
        const run = resolve(folder);
        const observed = await observeRun(run);
        if (observed.status.state === 'new') {
          throw new LabError(
            `${run} has not been started yet. Start it with: srgan-lab train ${quoted(run)}`,
          );
        }
        if (!isLive(observed.status)) return outcomeOf(run, observed);
        const seen = await followRun(run, { progress, reporting: reportingOf(command) }, signal);
        const outcome = outcomeOf(run, seen);
        if (!isLive(seen.status)) return outcome;
        return {
          ...outcome,
          text: `The run goes on. Stop it with: srgan-lab stop ${quoted(run)}`,
          exitCode: exitCodes.interrupted,
        };
      });
    });
}
