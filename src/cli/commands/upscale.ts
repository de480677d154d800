/** `srgan-lab upscale`: enlarges pictures, or folders of them, with a trained generator. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { pictureFormats, type PictureFormat } from '../../protocol/picture-formats';
import { LabError } from '../../folders/lab-error';
import type { UpscaleResult } from '../../protocol/progress';
import { countOf, formatDuration } from '../../protocol/quantities';
import { engineChoices, type EngineChoice } from '../../protocol/run-configuration';
import { openEngine } from '../../training/engines/open-engine';
import { loadGenerator } from '../../training/upscale/load-generator';
import { tilingFor } from '../../training/upscale/tiling';
import { createUpscaler } from '../../training/upscale/upscaler';
import { integerIn } from '../arguments';
import { addEngineSettingOptions, engineSettingsOf, type EngineSettingOptions } from '../engine-options';
import { execute, exitCodes, type CommandContext, type Outcome } from '../output';
import { planUpscaling, upscaleFile, type ExistingFiles } from '../upscale-files';

interface UpscaleCommandOptions extends EngineSettingOptions {
  engine?: EngineChoice;
  out: string;
  overwrite?: boolean;
  skipExisting?: boolean;
  format: PictureFormat;
  quality: number;
}

const help = `
An image becomes OUT/NAME.png; of a folder, all images below it, and its folders are made again in OUT. Images whose names
differ in their endings alone keep those: OUT/NAME.jpg.png. Colour profile, EXIF data (but not in TIFF) and opacity are
kept; grey becomes RGB, 16 bits become 8. What was interrupted goes on with --skip-existing. From a run that has not
finished, the best checkpoint is taken. A run's engine and its settings hold, too, unless options say otherwise.

Examples:
  $ srgan-lab upscale first-run holiday.jpg --out enlarged
  $ srgan-lab upscale first-run ~/Photos --out enlarged --format jpeg --skip-existing`;

export function registerUpscale(program: Command): void {
  const command = program
    .command('upscale')
    .summary('enlarge pictures with a model')
    .description('Enlarge pictures with the generator of a model or a run.')
    .argument('<model>', 'folder of a model or a run')
    .argument('<images...>', 'image files, or folders of them')
    .requiredOption('-o, --out <folder>', 'where the enlarged pictures go')
    .addOption(new Option('--overwrite', 'replace pictures that exist').conflicts('skipExisting'))
    .option('--skip-existing', 'pass over pictures that exist')
    .addOption(
      new Option('--format <name>', 'of the enlarged pictures').choices(pictureFormats).default('png'),
    )
    .addOption(
      new Option('--quality <number>', 'of JPEG, WebP and AVIF').argParser(integerIn(1, 100)).default(95),
    )
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
  const { format, quality } = options;
  const existing: ExistingFiles =
    options.overwrite === true ? 'replace' : options.skipExisting === true ? 'skip' : 'refuse';
  const plan = await planUpscaling(images, folder, { format, existing, signal });
  const { description, generator, scale, weights, ...ofRun } = await loadGenerator(model);

  const choice = options.engine ?? ofRun.engine ?? 'auto';
  const engine = await openEngine(choice, engineSettingsOf(options, ofRun.engineSettings));
  const files: UpscaleResult['files'] = [];
  const failures = [...plan.unusable];
  for (const failure of failures) progress.note(failure);
  try {
    const state = await engine.createState(weights);
    const upscaler = createUpscaler(engine, state, generator, scale, tilingFor(engine, generator, scale));
    const total = plan.jobs.length;
    for (const [index, job] of plan.jobs.entries()) {
      const report = (share: number): void => {
        const done = index + share;
        const seconds = (performance.now() - start) / 1000;
        const secondsLeft = done > 0 ? (seconds / done) * (total - done) : null;
        progress.report({ done: index, total, unit: 'images', secondsLeft, message: `Enlarging ×${scale}` });
      };
      try {
        files.push(await upscaleFile(upscaler, scale, job, { format, quality, signal, report }));
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
  if (files.length === 0 && failures.length > 0) throw new LabError(failures.join('\n'));
  const { skipped } = plan;
  const result: UpscaleResult = { folder, files, skipped, failures, seconds };
  const done = `Enlarged ${files.length} of ${countOf(plan.jobs.length, 'image')} ×${scale} with ${description} in ${formatDuration(seconds)}: ${folder}`;
  const passedOver = skipped === 0 ? [] : [`Passed over, because they exist: ${countOf(skipped, 'image')}.`];
  return {
    result,
    text: [done, ...passedOver, ...failures].join('\n'),
    exitCode: failures.length > 0 ? exitCodes.failure : exitCodes.success,
  };
}
