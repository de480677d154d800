/** `npm run bench [-- COMMAND]`: what can be measured, and the options that choose a part of it. */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { availableParallelism } from 'node:os';
import { presetNames, type PresetName } from '../../src/protocol/presets';
import { setUpPyTorch } from '../support/pytorch';
import { engines, precisions } from './contenders';
import { benchConvolutions } from './convolutions';
import { benchDataset, type DatasetBench } from './dataset';
import { benchEngines, parts, type EnginesBench } from './engines';
import { benchGradients } from './gradients';
import { benchImresize } from './imresize';
import { benchRecord } from './record';
import { benchSteps } from './steps';
import { benchUpscale, type UpscaleBench } from './upscale';
import { networkNames, tasks } from './workloads';

/** An option that takes one of `choices` and may be given again; all of them by default. */
function several(flags: string, description: string, choices: readonly string[]): Option {
  let chosen: string[] | undefined;
  return new Option(flags, `${description}; may be given again`)
    .default(choices, 'all')
    .argParser((value: string) => {
      const choice = choices.find((each) => each === value);
      if (choice === undefined) throw new InvalidArgumentError(`It is one of ${choices.join(', ')}.`);
      return (chosen = [...(chosen ?? []), choice]);
    });
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It is a whole number from 1.');
  return number;
}

const sizes = [4, 16] as const;

interface EnginesOptions {
  readonly part: EnginesBench['parts'];
  readonly engine: EnginesBench['engines'];
  readonly network: EnginesBench['networks'];
  readonly batch: readonly string[];
  readonly task: EnginesBench['tasks'];
  readonly precision: EnginesBench['precisions'];
  readonly rounds: number;
  readonly compile: boolean;
  readonly wideVectors: boolean;
  readonly write?: string;
}

interface UpscaleOptions extends Omit<UpscaleBench, 'engines' | 'networks'> {
  readonly engine: UpscaleBench['engines'];
  readonly network: UpscaleBench['networks'];
}

/** Runs the command that the arguments name. */
export async function bench(parameters: readonly string[]): Promise<void> {
  const program = new Command('npm run bench --');
  program
    .command('engines', { isDefault: true })
    .description('the engines against PyTorch, in turns: time, memory, start, what a step costs besides')
    .addOption(several('-p, --part <name>', 'speed and memory, or short real runs', parts))
    .addOption(several('-e, --engine <name>', 'which engine', engines))
    .addOption(several('-n, --network <name>', 'which networks', networkNames))
    .addOption(several('-b, --batch <number>', 'patches a step', sizes.map(String)))
    .addOption(several('-t, --task <name>', 'what is computed', tasks))
    .addOption(several('--precision <name>', 'in which precision', precisions))
    .option('-r, --rounds <number>', 'turns that each contender takes', positive, 5)
    .option('--no-compile', 'without torch.compile, which takes minutes the first time')
    .option('--no-wide-vectors', 'the embedded engine in vectors of 128 bits')
    .option('-w, --write <file>', 'put the report into this Markdown file, between its marks')
    .action((options: EnginesOptions) =>
      benchEngines({
        parts: options.part,
        engines: options.engine,
        networks: options.network,
        batches: options.batch.map(Number),
        tasks: options.task,
        precisions: options.precision,
        rounds: options.rounds,
        compiled: options.compile,
        wideVectors: options.wideVectors,
        write: options.write,
      }),
    );
  program
    .command('steps')
    .description('training steps of a preset on the embedded engine, with their floating point operations')
    .addArgument(new Argument('[preset]').choices(presetNames).default('quick' satisfies PresetName))
    .option('--steps <number>', 'steps', positive, 20)
    .action((preset: PresetName, { steps }: { steps: number }) => benchSteps(preset, steps));
  program
    .command('convolutions')
    .description('convolutions of the embedded engine, layer by layer: speed and rounding errors')
    .option('--threads <number>', 'threads', positive, availableParallelism())
    .action(({ threads }: { threads: number }) => benchConvolutions(threads));
  program
    .command('gradients')
    .description('errors of a whole step on each engine against PyTorch in double precision')
    .action(() => benchGradients());
  program
    .command('imresize')
    .description('shrinking, enlarging and scoring images')
    .action(() => benchImresize());
  program
    .command('dataset')
    .description(
      'making data sets, against Pillow and NumPy; workers, memory, and crops of the training cache',
    )
    .argument('[folder]', 'images; photographs of ours, or made-up ones, where none is given')
    .option('--images <number>', 'how many of them', positive, 12)
    .option('-r, --rounds <number>', 'turns that each way takes', positive, 3)
    .option('--workers <number>', 'worker processes', positive, availableParallelism())
    .action((folder: string | undefined, options: Omit<DatasetBench, 'folder'>) =>
      benchDataset({ folder, ...options }),
    );
  program
    .command('upscale')
    .description(
      'enlarging a picture in tiles, against PyTorch with the same weights: in the same tiles, and whole',
    )
    .addOption(several('-e, --engine <name>', 'which engine', engines))
    .addOption(several('-n, --network <name>', 'which networks', networkNames))
    .option('--width <number>', 'of the picture', positive, 512)
    .option('--height <number>', 'of the picture', positive, 384)
    .option('-r, --rounds <number>', 'turns that each contender takes', positive, 5)
    .option('-w, --write <file>', 'put the report into this Markdown file, between its marks')
    .action(({ engine, network, ...options }: UpscaleOptions) =>
      benchUpscale({ engines: engine, networks: network, ...options }),
    );
  program
    .command('record')
    .description('the run page of a run of a million steps: opening it, following it, zooming into it')
    .option('--steps <number>', 'steps of the run', positive, 1_000_000)
    .action(({ steps }: { steps: number }) => benchRecord(steps));
  program
    .command('set-up')
    .description('install PyTorch into a Python environment in .lab, about 5 GB; others use it, too')
    .action(async () => {
      const { python, version } = await setUpPyTorch((message) => {
        console.log(`› ${message}`);
      });
      console.log(`PyTorch ${version}: ${python}`);
    });
  await program.parseAsync(parameters, { from: 'user' });
}
