/** `srgan-lab stop`: lets a run's trainer save a checkpoint and end. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readRunStatus } from '../../folders/run-reader';
import { execute } from '../output';
import { requestStop, untilStopped } from '../run-stop';
import { outcomeOf } from '../run-watch';

export function registerStop(program: Command): void {
  program
    .command('stop')
    .summary('save a checkpoint and stop a run')
    .description(
      'Save a checkpoint and stop a run. Returns when its trainer has ended; resume goes on from there.',
    )
    .argument('<run>', 'folder of the run')
    .action(async (folder: string, _options: object, command: Command) => {
      await execute(command, async () => {
        const run = resolve(folder);
        const wasLive = await requestStop(run);
        if (wasLive) await untilStopped(run);
        const status = await readRunStatus(run);
        const { message } = status;
        return outcomeOf(run, status, wasLive ? message : `${run} is not being trained. ${message}`);
      });
    });
}
