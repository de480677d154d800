/** `srgan-lab export`: a trained network for other frameworks. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import {
  exportableParts,
  exportFormats,
  type ExportablePart,
  type ExportFormat,
} from '../../protocol/exported-model';
import { exportModel } from '../../training/export/export-model';
import { execute } from '../output';

interface ExportCommandOptions {
  what: ExportablePart;
  format: ExportFormat;
  out: string;
  licence?: string;
  overwrite?: boolean;
}

export function registerExport(program: Command): void {
  program
    .command('export')
    .summary('write a trained network for another framework')
    .description(
      'Write a trained network for TensorFlow.js, Keras, ONNX or PyTorch, with its card and how to use it.',
    )
    .argument('<model>', 'folder of a model or a run')
    .addOption(new Option('--what <part>', 'what to export').choices(exportableParts).default('generator'))
    .addOption(new Option('--format <name>', 'file format').choices(exportFormats).makeOptionMandatory())
    .requiredOption('-o, --out <folder>', 'folder to make')
    .option('--licence <text>', 'licence of the images it was trained on, for the card')
    .option('--overwrite', 'replace an earlier export')
    .addHelpText(
      'after',
      `
Parts:
  generator      enlarges images of any size
  discriminator  judges patches of the size it learned from
  trunk          the discriminator without its dense layers: features of images of any size
  classifier     a trunk with a head, fine-tuned by transfer finetune

Formats:
  tfjs           TensorFlow.js LayersModel, which UpscalerJS takes, too
  keras          Keras model in HDF5 (.h5)
  onnx           ONNX, opset 17, any batch and size
  safetensors    weights with PyTorch’s names, and the module they belong to

From a run that has not finished, the best checkpoint is taken.

Examples:
  $ srgan-lab export first-run --format onnx --out first-run-onnx
  $ srgan-lab export first-run --what trunk --format safetensors --out features --licence CC-BY-4.0`,
    )
    .action(async (model: string, options: ExportCommandOptions, command: Command) => {
      await execute(command, async () => {
        const { out, ...how } = options;
        const result = await exportModel({ ...how, source: resolve(model), out: resolve(out) });
        return { result, text: `Wrote the ${result.what} to ${result.folder}: ${result.files.join(', ')}.` };
      });
    });
}
