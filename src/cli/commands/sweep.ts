/** `srgan-lab sweep`: a run for each combination of settings, one after the other, and a table of what came of them. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { LabError } from '../../folders/lab-error';
import { readRunStatus } from '../../folders/run-reader';
import { formatCount } from '../../protocol/quantities';
import { presetNames, type PresetName } from '../../protocol/presets';
import { engineChoices, type EngineChoice } from '../../protocol/run-configuration';
import { launchTrainer } from '../../training/run/launcher';
import { createSweep } from '../../training/run/sweep';
import { collect } from '../arguments';
import { compareRuns, tableOf } from '../compare-runs';
import { addEngineSettingOptions, engineSettingsOf, type EngineSettingOptions } from '../engine-options';
import { execute, exitCodes, type CommandContext } from '../output';
import { requestStop, untilStopped } from '../run-stop';
import { quoted, reportingOf } from '../run-train';
import { followRun, isLive } from '../run-watch';

interface SweepOptions extends EngineSettingOptions {
  dataset: string;
  preset: PresetName;
  engine?: EngineChoice;
  set: readonly string[];
  vary: readonly string[];
  detach?: boolean;
}

const help = `
Each run is a folder of its own inside the sweep's, named by its values. They wait for each other, and for whatever else
trains on this machine. Ctrl-C stops them all; srgan-lab resume goes on with one, srgan-lab compare shows the table again.

Examples:
  $ srgan-lab sweep seeds --dataset photos-x4 --vary seed=0,1,2
  $ srgan-lab sweep weights --dataset photos-x4 --vary lossWeights.content=0.006,0.02 --vary seed=0,1
  $ srgan-lab sweep widths --dataset photos-x4 --preset small --vary generator.channels=32,48,64 --detach`;

export function registerSweep(program: Command): void {
  const command = program
    .command('sweep')
    .summary('a run for each combination of settings, and a table of them')
    .description(
      'Make a run for each combination of the given values, train them one after the other, compare them.',
    )
    .argument('<folder>', 'folder to make, with a folder for each run in it')
    .requiredOption('-d, --dataset <folder>', 'folder of the data set')
    .addOption(
      new Option('-p, --preset <name>', 'where the settings start').choices(presetNames).default('quick'),
    )
    .addOption(new Option('-e, --engine <name>', 'what computes (default: auto)').choices(engineChoices))
    .requiredOption(
      '--vary <key=value,value>',
      'a setting and the values it takes, by its place in run.srgan.json; may be given again',
      collect,
      [],
    );
  addEngineSettingOptions(command)
    .option('--set <key=value>', 'change a setting of all runs; may be given again', collect, [])
    .option('--detach', 'return once the runs are queued')
    .addHelpText('after', help)
    .action(async (folder: string, options: SweepOptions, command: Command) => {
      await execute(command, async (context) => {
        if (options.vary.length === 0) {
          throw new LabError('A sweep varies at least one setting, for example --vary seed=0,1,2.');
        }
        const runs = await createSweep({
          folder: resolve(folder),
          dataset: options.dataset,
          preset: options.preset,
          vary: options.vary,
          overrides: options.set,
          engineSettings: engineSettingsOf(options),
          ...(options.engine !== undefined && { engine: options.engine }),
        });
        await queue(runs, context);
        if (options.detach !== true) await followAll(runs, context, reportingOf(command));
        const comparison = await compareRuns(runs);
        const live = comparison.runs.filter(({ state }) => state === 'running').length;
        const left =
          live === 0
            ? []
            : ['', `${formatCount(live)} to be trained. See them with: srgan-lab compare ${quoted(folder)}`];
        return {
          result: comparison,
          text: [tableOf(comparison, 'text'), ...left].join('\n'),
          exitCode: exitCodeOf(
            comparison.runs.map(({ state }) => state),
            context.signal,
          ),
        };
      });
    });
}

function exitCodeOf(states: readonly string[], signal: AbortSignal): number {
  if (signal.aborted) return exitCodes.interrupted;
  const broken = states.some((state) => state === 'failed' || state === 'crashed');
  return broken ? exitCodes.failure : exitCodes.success;
}

/** Starts the trainers in order; each waits for those before it. */
async function queue(runs: readonly string[], { progress, signal }: CommandContext): Promise<void> {
  for (const [index, run] of runs.entries()) {
    if (signal.aborted) return;
    const report = { done: index, total: runs.length, unit: 'runs', secondsLeft: null };
    progress.report({ ...report, message: 'Queueing' });
    await launchTrainer(run, { queued: true });
  }
}

/** Shows one run after the other until all have ended; when the signal aborts, stops those that have not. */
async function followAll(
  runs: readonly string[],
  { progress, signal }: CommandContext,
  reporting: 'often' | 'rarely',
): Promise<void> {
  for (const [index, run] of runs.entries()) {
    if (signal.aborted) break;
    if (!isLive(await readRunStatus(run))) continue;
    progress.note(`Run ${formatCount(index + 1)} of ${formatCount(runs.length)}: ${run}`);
    await followRun(run, { progress, reporting }, signal);
  }
  if (!signal.aborted) return;
  progress.note('Stopping: the trainer saves a checkpoint. Press Ctrl-C again to leave at once.');
  // The last first, so that none of those that wait begins because the one before it has stopped.
  for (const run of [...runs].reverse()) await requestStop(run);
  for (const run of runs) await untilStopped(run);
}
