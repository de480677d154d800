/** `srgan-lab watch`: shows a run that trains, or how one ended. Watching changes nothing. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { LabError } from '../../folders/lab-error';
import { readRunStatus } from '../../folders/run-reader';
import { execute, exitCodes } from '../output';
import { quoted, reportingOf } from '../run-train';
import { followRun, isLive, outcomeOf, summaryOf } from '../run-watch';

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
        const status = await readRunStatus(run);
        if (status.state === 'new') {
          throw new LabError(
            `${run} has not been started yet. Start it with: srgan-lab train ${quoted(run)}`,
          );
        }
        if (!isLive(status)) return summaryOf(run, status);
        const seen = await followRun(run, { progress, reporting: reportingOf(command) }, signal);
        if (!isLive(seen)) return summaryOf(run, seen);
        const text = `The run goes on. Stop it with: srgan-lab stop ${quoted(run)}`;
        return { ...outcomeOf(run, seen, text), exitCode: exitCodes.interrupted };
      });
    });
}
