/** `srgan-lab engine`: what this machine can compute with, how fast, and setting up the native engine. */
import { Option, type Command } from 'commander';
import { LabError } from '../../folders/lab-error';
import {
  engineNames,
  type Benchmark,
  type EngineName,
  type EngineReport,
} from '../../protocol/engine-report';
import { describeBenchmark, describeDoctor } from '../../protocol/engine-words';
import { chooseEngine } from '../../training/doctor/choose-engine';
import { examineMachine } from '../../training/doctor/doctor';
import { probeEngine } from '../../training/doctor/probe';
import { findTensorFlow, searchOptions } from '../../training/engines/native/find-tensorflow';
import { setUpNativeEngine } from '../../training/engines/native/set-up';
import { integerIn } from '../arguments';
import { addEngineSettingOptions, engineSettingsOf, type EngineSettingOptions } from '../engine-options';
import { registerEngineMemory } from './engine-memory';
import { registerEngineProfile } from './engine-profile';
import { execute, type CommandContext, type Outcome } from '../output';

const help = `
Engines:
  embedded  the lab's own WebAssembly kernels on the processor; nothing to install
  native    a TensorFlow that is on this machine, from 2.15 on; uses its GPU where there is one
  auto      a GPU through the native engine; without one, whichever trains faster here (measured once)

TensorFlow is looked for in this order: SRGAN_LAB_TENSORFLOW, the interpreter SRGAN_LAB_PYTHON, the environment
that \`srgan-lab engine setup\` made, python3, and the download of tfjs-node.`;

const secondsOption = (): Option =>
  new Option('--seconds <number>', 'length of a benchmark').default(10).argParser(integerIn(1, 600));

export function registerEngine(program: Command): void {
  const engine = program
    .command('engine')
    .summary('what this machine can compute with')
    .description('Find, examine, measure and set up what training computes with.')
    .addHelpText('after', help);
  engine
    .command('list')
    .description('List the engines and the TensorFlows found, best first.')
    .action(async (_options: unknown, command: Command) => {
      await execute(command, list);
    });
  const doctorCommand = engine
    .command('doctor')
    .description('Try and measure every engine; say why each can be used or not, and what to do.')
    .addOption(secondsOption());
  addEngineSettingOptions(doctorCommand).action(async (options: BenchmarkOptions, command: Command) => {
    await execute(command, (context) => doctor(context, options));
  });
  engine
    .command('setup')
    .description('Make a private Python environment with TensorFlow for the native engine.')
    .option('--python <interpreter>', 'the Python to make it with', 'python3')
    .action(async ({ python }: { python: string }, command: Command) => {
      await execute(command, (context) => setUp(context, python));
    });
  const benchCommand = engine
    .command('bench')
    .description('Measure training steps of the quick preset, and tell how long each preset takes.')
    .addOption(
      new Option('-e, --engine <name>', 'the engine (default: what auto takes)').choices(engineNames),
    )
    .addOption(secondsOption());
  addEngineSettingOptions(benchCommand).action(async (options: BenchOptions, command: Command) => {
    await execute(command, () => bench(options));
  });
  registerEngineMemory(engine);
  registerEngineProfile(engine);
}

interface BenchmarkOptions extends EngineSettingOptions {
  readonly seconds: number;
}

interface BenchOptions extends BenchmarkOptions {
  readonly engine?: EngineName;
}

async function list(): Promise<Outcome> {
  const found = await findTensorFlow(searchOptions());
  const engines: EngineReport[] = [
    { name: 'embedded', usable: true, gpu: false, reason: 'Comes with the lab.' },
    ...found.map(({ library, reason }) => ({
      name: 'native' as const,
      usable: library !== undefined,
      gpu: false,
      reason,
      ...(library !== undefined && { library }),
    })),
  ];
  const lines = engines.map(
    ({ name, usable, reason }) => `${usable ? '✓' : '–'} ${name.padEnd(8)}  ${reason}`,
  );
  return { result: { engines }, text: lines.join('\n') };
}

async function doctor({ progress }: CommandContext, options: BenchmarkOptions): Promise<Outcome> {
  const report = await examineMachine({
    ...searchOptions(),
    settings: engineSettingsOf(options),
    benchmarkSeconds: options.seconds,
    onProgress: (message) => {
      progress.report({ done: 0, total: 0, unit: 'engines', secondsLeft: null, message });
    },
  });
  return { result: report, text: describeDoctor(report) };
}

async function setUp({ progress, signal }: CommandContext, python: string): Promise<Outcome> {
  const found = await setUpNativeEngine({
    python,
    signal,
    onProgress: (message) => {
      progress.report({ done: 0, total: 0, unit: 'packages', secondsLeft: null, message });
    },
  });
  return { result: found, text: `The native engine is set up. ${found.reason}` };
}

async function bench(options: BenchOptions): Promise<Outcome> {
  const settings = engineSettingsOf(options);
  const { engine: name, library } =
    options.engine === undefined
      ? await chooseEngine({ ...searchOptions(), settings })
      : { engine: options.engine, library: undefined };
  const result = await probeEngine({
    engine: name,
    settings,
    benchmarkSeconds: options.seconds,
    ...(library !== undefined && { library }),
  });
  if ('problem' in result)
    throw new LabError(`The ${name} engine cannot be used. ${result.problem} ${result.advice}`);
  const { device, benchmark } = result.ok;
  if (benchmark === undefined) throw new Error('the probe measured nothing');
  const measured: Benchmark & { engine: EngineName; device: string } = { engine: name, device, ...benchmark };
  return { result: measured, text: [`${name} (${device})`, ...describeBenchmark(benchmark)].join('\n') };
}
