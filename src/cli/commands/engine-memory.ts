/** `srgan-lab engine memory`: what a run will take of memory, and whether that is there. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { LabError } from '../../folders/lab-error';
import { readDataset } from '../../folders/dataset-folder';
import type { MemoryResult } from '../../protocol/progress';
import { presetNames, type PresetName } from '../../protocol/presets';
import { engineChoices, type EngineChoice } from '../../protocol/run-configuration';
import { composeConfiguration } from '../../training/run/create-run';
import { collect } from '../arguments';
import { addEngineSettingOptions, engineSettingsOf, type EngineSettingOptions } from '../engine-options';
import { execute } from '../output';
import { memoryOf, memoryOfRun } from '../run-memory';

interface MemoryOptions extends EngineSettingOptions {
  readonly dataset?: string;
  readonly preset: PresetName;
  readonly engine: EngineChoice;
  readonly set: readonly string[];
}

export function registerEngineMemory(engine: Command): void {
  const command = engine
    .command('memory')
    .description(
      'Estimate the memory that a run will take, and hold it against what is free; and what its pictures take of the disk.',
    )
    .argument('[run]', 'a run; without one, what a new run would take')
    .option('-d, --dataset <folder>', 'folder of the data set of the new run')
    .addOption(new Option('-p, --preset <name>', 'its preset').choices(presetNames).default('quick'))
    .addOption(new Option('-e, --engine <name>', 'its engine').choices(engineChoices).default('auto'))
    .option('--set <key=value>', 'change a setting; may be given again', collect, []);
  addEngineSettingOptions(command).action(
    async (run: string | undefined, options: MemoryOptions, self: Command) => {
      await execute(self, async () => {
        const result = run === undefined ? await memoryOfNew(options) : await memoryOfRun(resolve(run));
        return { result, text: `${result.message}\n${result.samples.message}` };
      });
    },
  );
}

async function memoryOfNew(options: MemoryOptions): Promise<MemoryResult> {
  const { dataset, preset, engine, set } = options;
  if (dataset === undefined)
    throw new LabError('Name a run, or the data set of a new one: --dataset FOLDER.');
  const configuration = await composeConfiguration(resolve('run'), {
    dataset,
    preset,
    engine,
    overrides: set,
    engineSettings: engineSettingsOf(options),
  });
  const folder = resolve(dataset);
  return memoryOf(configuration, folder, await readDataset(folder));
}
