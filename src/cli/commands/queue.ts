/** `srgan-lab queue`: which runs train on this machine and which wait; one that waits can be told to start now. */
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { sendControlCommand } from '../../folders/control';
import { LabError } from '../../folders/lab-error';
import { readLease, tenancyOf } from '../../folders/lease-file';
import { readQueue } from '../../folders/queue';
import type { QueueResult } from '../../protocol/progress';
import { execute, type Outcome } from '../output';

export function registerQueue(program: Command): void {
  const queue = program
    .command('queue')
    .summary('list the runs that train and wait on this machine')
    .description(
      'List the runs that train on this machine and those that wait for their turn (train --queue, resume --queue, sweep). ' +
        'A run that waits is taken out of the queue by: srgan-lab stop RUN.',
    )
    .action(async (_options: object, command: Command) => {
      await execute(command, listQueue);
    });
  queue
    .command('start')
    .summary('start a run that waits, now')
    .description(
      'Start a run that waits before its turn. It then shares the device with those that train already.',
    )
    .argument('<run>', 'folder of the run')
    .action(async (folder: string, _options: object, command: Command) => {
      await execute(command, () => startNow(resolve(folder)));
    });
}

async function listQueue(): Promise<Outcome> {
  const { training, waiting } = await readQueue();
  const result: QueueResult = {
    training: training.map(({ run }) => run),
    waiting: waiting.map(({ run }) => run),
  };
  const rows = [
    ...result.training.map((run) => `Training: ${basename(run)} (${run})`),
    ...result.waiting.map((run, index) => `${index + 1}. ${basename(run)} (${run})`),
  ];
  return { result, text: rows.length > 0 ? rows.join('\n') : 'No run trains or waits on this machine.' };
}

async function startNow(run: string): Promise<Outcome> {
  const lease = await readLease(run);
  if (lease === undefined || tenancyOf(lease) !== 'here' || lease.phase !== 'waiting') {
    return { result: { folder: run, started: false }, text: `${run} does not wait for its turn.` };
  }
  const reply = await sendControlCommand(lease.socket, { command: 'start' });
  if (!reply.ok) throw new LabError(`${run} was not started. ${reply.error}`);
  return { result: { folder: run, started: true }, text: `${run} starts now.` };
}
