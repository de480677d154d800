/** Options by which a command is told how LR is made of HR. */
import { Option, type Command } from 'commander';
import { readDegradation } from '../../datasets/degradation-choice';
import { completeDegradation } from '../../datasets/degrade';
import { degradationSchema, type Degradation } from '../../protocol/degradation';
import { degradationPresetNames } from '../../protocol/degradation-presets';

export interface DegradationOptions {
  degradation?: string;
  kernel?: Degradation['kernel'];
  convention?: Degradation['convention'];
  /** False with `--no-antialias`; true also where nothing was said. */
  antialias: boolean;
  seed?: number;
}

/** For the end of a command's help. */
export const degradationHelp = `
LR images are made by MATLAB's imresize, to the last bit, in one of three conventions:
  double           computed in double precision, rounded once
  uint8-symmetric  rounded to 8 bits between the passes, borders mirrored: imresize of an 8-bit image
  uint8-clamped    likewise, with the edge repeated: older releases
What happens before (blur, noise, JPEG …) is a preset or a JSON file with "stages", as in dataset.srgan.json:
  bicubic          nothing
  real-esrgan      the two-stage chain of Wang et al. 2021, drawn anew for each image from the seed`;

export function addDegradationOptions(command: Command): Command {
  const { kernel, convention } = degradationSchema.shape;
  return command
    .option(
      '--degradation <preset|file>',
      `what happens to HR before it is shrunk: ${degradationPresetNames.join(', ')} or a JSON file`,
    )
    .addOption(
      new Option('--kernel <name>', 'kernel of the last resizing (default: bicubic)').choices(kernel.options),
    )
    .addOption(
      new Option(
        '--convention <name>',
        'rounding and borders of MATLAB’s imresize (default: uint8-symmetric)',
      ).choices(convention.options),
    )
    .option('--no-antialias', 'do not low-pass in the last resizing');
}

/**
 * The degradation that the options name; what is said beside a preset or file overrules it, but for the file's seed.
 * @param before what is meant where neither is named
 */
export async function degradationFrom(
  options: DegradationOptions,
  before: Partial<Degradation> = {},
): Promise<Degradation> {
  const named = options.degradation === undefined ? undefined : await readDegradation(options.degradation);
  const chosen = named ?? before;
  return completeDegradation({
    kernel: options.kernel ?? chosen.kernel,
    convention: options.convention ?? chosen.convention,
    antialias: options.antialias ? chosen.antialias : false,
    stages: chosen.stages,
    seed: named?.seed ?? options.seed ?? before.seed,
  });
}
