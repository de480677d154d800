/** `srgan-lab upscale`: enlarges pictures with a trained generator. */
import { mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { readImage, writePng } from '../../datasets/images';
import { explainFileError, LabError } from '../../folders/lab-error';
import type { UpscaleResult } from '../../protocol/progress';
import { engineChoices, type EngineChoice } from '../../protocol/run-configuration';
import { openEngine } from '../../training/engines/open-engine';
import { loadGenerator } from '../../training/upscale/load-generator';
import { createUpscaler, type Upscaler } from '../../training/upscale/upscaler';
import { addEngineSettingOptions, engineSettingsOf, type EngineSettingOptions } from '../engine-options';
import { formatDuration } from '../../protocol/quantities';
import { execute, exitCodes, type CommandContext, type Outcome } from '../output';

interface UpscaleCommandOptions extends EngineSettingOptions {
  engine?: EngineChoice;
  out: string;
  overwrite?: boolean;
}

type UpscaledFile = UpscaleResult['files'][number];

const help = `
Each IMAGE becomes OUT/NAME.png. Grey images become RGB, transparency is laid on white.
From a run that has not finished, the best checkpoint is taken. A run's engine and its settings hold, too,
unless options say otherwise.`;

export function registerUpscale(program: Command): void {
  const command = program
    .command('upscale')
    .summary('enlarge pictures with a model')
    .description('Enlarge pictures with the generator of a model or a run.')
    .argument('<model>', 'folder of a model or a run')
    .argument('<images...>', 'image files')
    .requiredOption('-o, --out <folder>', 'where the enlarged pictures go')
    .option('--overwrite', 'replace pictures that exist')
    .addOption(
      new Option('-e, --engine <name>', 'what computes (default: the run’s, or auto)').choices(engineChoices),
    );
  addEngineSettingOptions(command)
    .addHelpText('after', help)
    .action(async (model: string, images: string[], options: UpscaleCommandOptions, command: Command) => {
      await execute(command, (context) => upscaleImages(resolve(model), images, options, context));
    });
}

async function upscaleImages(
  model: string,
  images: readonly string[],
  options: UpscaleCommandOptions,
  { progress, signal }: CommandContext,
): Promise<Outcome> {
  const start = performance.now();
  const folder = resolve(options.out);
  const jobs = planOutputs(images, folder, options.overwrite === true);
  const {
    description,
    generator,
    scale,
    weights,
    engine: trainedOn,
    engineSettings,
  } = await loadGenerator(model);
  await makeOutputFolder(folder);

  const choice = options.engine ?? trainedOn ?? 'auto';
  const engine = await openEngine(choice, engineSettingsOf(options, engineSettings));
  const files: UpscaledFile[] = [];
  const failures: string[] = [];
  try {
    const state = await engine.createState(weights);
    const upscaler = createUpscaler(engine, state, generator, scale);
    for (const [index, { input, output }] of jobs.entries()) {
      const report = (share: number): void => {
        const done = index + share;
        const seconds = (performance.now() - start) / 1000;
        const secondsLeft = done > 0 ? (seconds / done) * (jobs.length - done) : null;
        progress.report({
          done: index,
          total: jobs.length,
          unit: 'images',
          secondsLeft,
          message: `Enlarging ×${scale}`,
        });
      };
      try {
        files.push(await upscaleFile(upscaler, input, output, signal, report));
      } catch (error) {
        // One bad image does not keep the others from being enlarged.
        if (!(error instanceof LabError)) throw error;
        failures.push(error.message);
        progress.note(error.message);
      }
    }
  } finally {
    await engine.dispose();
  }
  const seconds = (performance.now() - start) / 1000;
  if (files.length === 0) throw new LabError(failures.join('\n'));
  const result: UpscaleResult = { folder, files, seconds };
  const done = `Enlarged ${files.length} of ${jobs.length} images ×${scale} with ${description} in ${formatDuration(seconds)}: ${folder}`;
  return {
    result,
    text: [done, ...failures].join('\n'),
    exitCode: failures.length > 0 ? exitCodes.failure : exitCodes.success,
  };
}

async function upscaleFile(
  upscaler: Upscaler,
  input: string,
  output: string,
  signal: AbortSignal,
  report: (share: number) => void,
): Promise<UpscaledFile> {
  report(0);
  const image = await readImage(input);
  const { width, height, data } = await upscaler.upscale(image, {
    signal,
    onWindow: (done, total) => {
      report(done / total);
    },
  });
  await writePng(output, { width, height, data });
  return { input, output, width, height };
}

/** Where each image goes. Throws a `LabError` if two would go to one place, or a place is taken. */
function planOutputs(
  images: readonly string[],
  folder: string,
  overwrite: boolean,
): { input: string; output: string }[] {
  const taken = new Map<string, string>();
  return images.map((image) => {
    const input = resolve(image);
    const output = join(folder, `${basename(input, extname(input))}.png`);
    const other = taken.get(output);
    if (other !== undefined) {
      throw new LabError(`${other} and ${input} would both become ${output}. Enlarge them one at a time.`);
    }
    if (existsSync(output) && (!overwrite || output === input)) {
      throw new LabError(
        output === input
          ? `${input} would be replaced by its own enlargement. Choose another folder with --out.`
          : `${output} exists already. Add --overwrite to replace it, or choose another folder with --out.`,
      );
    }
    taken.set(output, input);
    return { input, output };
  });
}

async function makeOutputFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw explainFileError('make the folder', folder, error);
  }
}
