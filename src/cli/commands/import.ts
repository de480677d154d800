/** `srgan-lab import`: a network of another framework as a model of the lab. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { importKinds, type ImportKind } from '../../protocol/exported-model';
import { importModel } from '../../training/import/import-model';
import { execute } from '../output';

interface ImportCommandOptions {
  as: ImportKind;
  out: string;
  name?: string;
  licence?: string;
  overwrite?: boolean;
}

export function registerImport(program: Command): void {
  program
    .command('import')
    .summary('make a model of a network from another framework')
    .description('Make a model of a network that was made elsewhere.')
    .argument('<file>', 'TensorFlow.js LayersModel (folder or model.json), Keras .h5, or .safetensors')
    .addOption(new Option('--as <kind>', 'what it is').choices(importKinds).makeOptionMandatory())
    .requiredOption('-o, --out <folder>', 'folder of the new model')
    .option('--name <text>', 'name of the model (default: that of the folder)')
    .option('--licence <text>', 'licence of the model, for its card')
    .option('--overwrite', 'replace a model that is there')
    .addHelpText(
      'after',
      `
Kinds:
  generator      what srgan-lab export wrote, or an SRResNet in PyTorch’s layout with the names of leftthomas/SRGAN;
                 for upscale, evaluate, and train --start-from
  discriminator  what srgan-lab export --what discriminator wrote; for transfer, export, and train --start-from
  content        VGG19 of Keras with ImageNet’s weights; a run names it in content.weights

A file is checked before anything of it is used; one that is damaged or does not fit leaves nothing behind.

Examples:
  $ srgan-lab import model.safetensors --as generator --out theirs
  $ srgan-lab import vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5 --as content --out vgg19
  $ srgan-lab train sharp --dataset photos-x4 --preset small --set content.network=vgg19 --set content.weights=../vgg19`,
    )
    .action(async (file: string, options: ImportCommandOptions, command: Command) => {
      await execute(command, async () => {
        const { out, ...how } = options;
        const result = await importModel({ ...how, source: resolve(file), out: resolve(out) });
        return { result, text: `Imported ${result.what} as ${result.name}: ${result.folder}` };
      });
    });
}
