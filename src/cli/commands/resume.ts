/** `srgan-lab resume`: goes on with a run from its newest checkpoint. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { LabError } from '../../folders/lab-error';
import { readRunStatus } from '../../folders/run-reader';
import { readRunConfiguration, writeRunConfiguration } from '../../folders/marker-files';
import { formatCount } from '../../protocol/quantities';
import { engineChoices, type EngineChoice } from '../../protocol/run-configuration';
import { refuseIfHeld } from '../../training/run/lease';
import {
  addEngineSettingOptions,
  engineSettingsOf,
  hasEngineSettings,
  type EngineSettingOptions,
} from '../engine-options';
import { execute } from '../output';
import { addStartOptions, trainFromTerminal, type StartOptions } from '../run-train';

interface ResumeOptions extends EngineSettingOptions, StartOptions {
  engine?: EngineChoice;
}

export function registerResume(program: Command): void {
  const command = program
    .command('resume')
    .summary('go on with a run that was stopped, failed or crashed')
    .description(
      'Go on with a run from its newest good checkpoint, as if it had never stopped. Settings that were changed in ' +
        'run.srgan.json in between apply from there on; so do the options, which are written there.',
    )
    .argument('<run>', 'folder of the run')
    .addOption(new Option('-e, --engine <name>', 'go on with another engine').choices(engineChoices));
  addStartOptions(addEngineSettingOptions(command)).action(
    async (folder: string, options: ResumeOptions, command: Command) => {
      await execute(command, async (context) => {
        const run = resolve(folder);
        const status = await readRunStatus(run);
        if (status.state === 'finished' && status.step >= status.totalSteps) {
          throw new LabError(
            `${run} has finished all its ${formatCount(status.totalSteps)} steps. To train longer, raise \`steps\` of its last stage in ` +
              `run.srgan.json, then resume.`,
          );
        }
        await changeEngine(run, options);
        return trainFromTerminal(run, options, context, command);
      });
    },
  );
}

/** Writes what the command line says of the engine into the run's configuration. */
async function changeEngine(run: string, options: ResumeOptions): Promise<void> {
  if (options.engine === undefined && !hasEngineSettings(options)) return;
  await refuseIfHeld(run);
  const configuration = await readRunConfiguration(run);
  await writeRunConfiguration(run, {
    ...configuration,
    engine: options.engine ?? configuration.engine,
    engineSettings: engineSettingsOf(options, configuration.engineSettings),
  });
}
