/** `srgan-lab engine profile`: where the time of a training step goes, by operation and by layer. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { LabError } from '../../folders/lab-error';
import { readRunConfiguration } from '../../folders/marker-files';
import { parseValue } from '../../folders/read-json';
import type { EngineProfile, ProfileShare, StageProfile } from '../../protocol/engine-profile';
import { engineNames, type EngineName } from '../../protocol/engine-report';
import { presetConfiguration, presetNames, type PresetName } from '../../protocol/presets';
import { formatCount, formatShortTime } from '../../protocol/quantities';
import { RUN_FILE, runConfigurationSchema, type RunConfiguration } from '../../protocol/run-configuration';
import { stageNames, type StageName } from '../../protocol/stage-names';
import { loadableTensorFlow } from '../../training/doctor/trial';
import { decideEngine } from '../../training/engines/open-engine';
import { searchOptions } from '../../training/engines/native/find-tensorflow';
import { applyOverrides } from '../../training/run/overrides';
import { probeEngine } from '../../training/doctor/probe';
import { collect, integerIn } from '../arguments';
import { addEngineSettingOptions, engineSettingsOf, type EngineSettingOptions } from '../engine-options';
import { execute, type CommandContext, type Outcome } from '../output';

interface ProfileOptions extends EngineSettingOptions {
  readonly preset?: PresetName;
  readonly engine?: EngineName;
  readonly stage?: StageName;
  readonly steps: number;
  readonly set: readonly string[];
}

const help = `
The step runs on random patches; nothing is trained. Layers are named by their variables.
  $ srgan-lab engine profile --preset paper --set data.batch=4 --stage adversarial
  $ srgan-lab engine profile first-run --engine native --json`;

export function registerEngineProfile(engine: Command): void {
  const command = engine
    .command('profile')
    .description('Tell where the time of a training step goes, by operation and by layer.')
    .argument('[run]', 'a run whose settings to profile, instead of a preset')
    .addOption(
      new Option('-p, --preset <name>', 'the settings to profile (default: quick)').choices(presetNames),
    )
    .addOption(
      new Option('-e, --engine <name>', 'the engine (default: the run’s, or what auto takes)').choices(
        engineNames,
      ),
    )
    .addOption(new Option('--stage <name>', 'one stage only').choices(stageNames))
    .addOption(
      new Option('--steps <number>', 'steps that each time is the median of')
        .default(5)
        .argParser(integerIn(1, 1000)),
    )
    .option('--set <key=value>', 'change a setting; may be given again', collect, []);
  addEngineSettingOptions(command)
    .addHelpText('after', help)
    .action(async (run: string | undefined, options: ProfileOptions, self: Command) => {
      await execute(self, (context) => profile(run, options, context));
    });
}

async function profile(
  run: string | undefined,
  options: ProfileOptions,
  { progress }: CommandContext,
): Promise<Outcome> {
  const configuration = await configurationOf(run, options);
  const { engineSettings: settings } = configuration;
  const trained = configuration.stages.map(({ name }) => name);
  const stages = trained.filter((stage) => options.stage === undefined || stage === options.stage);
  if (stages.length === 0) throw new LabError(`The run has no ${options.stage ?? ''} stage.`);
  const report = (message: string): void => {
    progress.report({ done: 0, total: 0, unit: 'steps', secondsLeft: null, message });
  };
  report('Choosing the engine');
  const { engine } = await decideEngine(options.engine ?? configuration.engine, settings);
  const library = engine === 'native' ? await loadableTensorFlow(searchOptions()) : undefined;
  report(`Profiling the ${engine} engine`);
  const request = { configuration, stages, steps: options.steps };
  const result = await probeEngine({
    engine,
    settings,
    benchmarkSeconds: 0,
    profile: request,
    ...(library !== undefined && { library }),
  });
  if ('problem' in result) throw new LabError(`The ${engine} engine cannot be profiled. ${result.problem}`);
  if (result.ok.profile === undefined) throw new Error('the probe profiled nothing');
  return { result: result.ok.profile, text: describeProfile(result.ok.profile) };
}

async function configurationOf(run: string | undefined, options: ProfileOptions): Promise<RunConfiguration> {
  if (run !== undefined && options.preset !== undefined)
    throw new LabError('Name a run or a preset to profile, not both.');
  if (run !== undefined && !existsSync(join(resolve(run), RUN_FILE)))
    throw new LabError(`${resolve(run)} is not a run: it has no ${RUN_FILE}.`);
  const base =
    run === undefined
      ? presetConfiguration(options.preset ?? 'quick')
      : await readRunConfiguration(resolve(run));
  const engineSettings = engineSettingsOf(options, base.engineSettings);
  const changed = applyOverrides({ ...base, engineSettings }, options.set);
  return parseValue(runConfigurationSchema, changed, 'The configuration to profile');
}

/** Rows of a table in the terminal; the rest are summed up. */
const ROWS = 15;

function table(title: string, shares: readonly ProfileShare[], total: number): string[] {
  const shown = shares.slice(0, ROWS);
  const others = shares.slice(ROWS);
  const rest: ProfileShare = {
    name: `${formatCount(others.length)} others`,
    operations: others.reduce((sum, { operations }) => sum + operations, 0),
    seconds: others.reduce((sum, { seconds }) => sum + seconds, 0),
  };
  const rows = others.length === 0 ? shown : [...shown, rest];
  const width = Math.max(title.length, ...rows.map(({ name }) => name.length));
  const line = (cells: readonly [string, string, string, string]): string =>
    `  ${cells[0].padEnd(width)}  ${cells[1].padStart(10)}  ${cells[2].padStart(9)}  ${cells[3].padStart(6)}`;
  return [
    line([title, 'operations', 'time', 'share']),
    ...rows.map(({ name, operations, seconds }) =>
      line([
        name,
        formatCount(operations),
        formatShortTime(seconds),
        `${((100 * seconds) / total).toFixed(1)} %`,
      ]),
    ),
  ];
}

function describeStage({ stage, stepSeconds, profiledSeconds, operations, layers }: StageProfile): string[] {
  return [
    `${stage} stage: a step takes ${formatShortTime(stepSeconds)}; taken apart, ${formatShortTime(profiledSeconds)}`,
    '',
    ...table('operation', operations, profiledSeconds),
    '',
    ...table('layer', layers, profiledSeconds),
    '',
  ];
}

function describeProfile({ engine, device, configuration, method, stages }: EngineProfile): string {
  return [`${engine} (${device})`, configuration, '', ...stages.flatMap(describeStage), method].join('\n');
}
