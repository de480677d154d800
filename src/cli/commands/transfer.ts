/** `srgan-lab transfer`: what the discriminator of a run has learned that is of use for another task. */
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { readJson } from '../../folders/read-json';
import { TRANSFER_DATA_FILE, transferDataSchema, type TransferData } from '../../protocol/transfer';
import { openMeasurement, runCurve, runFineTuning, runProbe } from '../../training/transfer/measurement';
import { collect, integerIn } from '../arguments';
import { execute } from '../output';
import {
  describeCurve,
  describeData,
  describeEpoch,
  describeFineTuning,
  describeProbe,
} from '../transfer-tables';
import {
  addTaskOptions,
  addTrainingLengthOptions,
  configurationOf,
  fineTuningOf,
  labelCounts,
  learningRate,
  methodList,
  watching,
  type TransferOptions,
} from './transfer-options';

const help = `
Examples:
  $ srgan-lab transfer probe first-run --images signs
  $ srgan-lab transfer curve first-run --images labels.csv --seeds 5 --labels 1,5,20
  $ srgan-lab transfer curve first-run --task degradation --photos ~/Photos

Results are files in the run, in transfer/NAME. docs/transfer.md says which part of the data decides what.`;

export function registerTransfer(program: Command): void {
  const transfer = program
    .command('transfer')
    .summary('measure what a discriminator has learned for another task')
    .description('Put the discriminator of a run to work on another task, beside honest baselines.')
    .addHelpText('after', help);
  registerProbe(transfer);
  registerCurve(transfer);
  registerFineTuning(transfer);
}

const readData = (folder: string): Promise<TransferData> =>
  readJson(join(folder, TRANSFER_DATA_FILE), transferDataSchema);

function registerProbe(transfer: Command): void {
  addTaskOptions(
    transfer
      .command('probe')
      .summary('accuracy of a linear probe at every stage')
      .description('Train a linear classifier on the features of every stage of the discriminator.'),
  ).action(async (folder: string, options: TransferOptions, command: Command) => {
    await execute(command, async (context) => {
      const run = resolve(folder);
      const wanted = await configurationOf(run, 'probe', options);
      const measurement = await openMeasurement(run, wanted, options.name !== undefined);
      const result = await runProbe(run, measurement.folder, measurement.configuration, watching(context));
      const data = await readData(measurement.folder);
      return {
        result: { folder: measurement.folder, problems: data.problems, ...result },
        text: `${describeData(data)}\n\n${describeProbe(result)}\nResult: ${measurement.folder}`,
      };
    });
  });
}

function registerCurve(transfer: Command): void {
  const command = transfer
    .command('curve')
    .summary('accuracy over labels a class, with all baselines and a verdict')
    .description(
      'Measure how well the discriminator does with few labels, beside its baselines. Interrupted, it goes on when it is run again.',
    );
  addTrainingLengthOptions(addTaskOptions(command))
    .option('--labels <list>', 'labels a class (default: 1,2,5,10,20,50); all of them besides', labelCounts)
    .option('--methods <list>', 'what is compared (default: everything there is)', methodList)
    .option(
      '--with <run>',
      'another run whose discriminator is measured, too; may be given again',
      collect,
      [],
    )
    .option('--vgg19 <folder>', 'imported VGG19, as another baseline')
    .option(
      '--dcgan-steps <number>',
      'steps of the DCGAN baseline (default: of the adversarial stage)',
      integerIn(1, 1e9),
    )
    .action(async (folder: string, options: TransferOptions, command: Command) => {
      await execute(command, async (context) => {
        const run = resolve(folder);
        const wanted = await configurationOf(run, 'curve', options, fineTuningOf(options));
        const measurement = await openMeasurement(run, wanted, options.name !== undefined);
        const result = await runCurve(run, measurement.folder, measurement.configuration, watching(context));
        const data = await readData(measurement.folder);
        return {
          result: { folder: measurement.folder, problems: data.problems, ...result },
          text: `${describeData(data)}\n\n${describeCurve(result)}\nResult: ${measurement.folder}`,
        };
      });
    });
}

function registerFineTuning(transfer: Command): void {
  const command = transfer
    .command('finetune')
    .summary('a classifier from the trunk of the discriminator')
    .description(
      'Train a classifier that starts from the discriminator. Interrupted, it goes on when it is run again.',
    );
  addTrainingLengthOptions(addTaskOptions(command))
    .addOption(
      new Option('--from <start>', 'whose weights it starts from')
        .choices(['discriminator', 'scratch'])
        .default('discriminator'),
    )
    .option('--frozen <stages>', 'stages from the image on that never learn', integerIn(0, 1000))
    .addOption(
      new Option('--unfreezing <how>', 'all stages at once, or one after the other from the last on').choices(
        ['at-once', 'gradual'],
      ),
    )
    .option('--batch <number>', 'images a step', integerIn(1, 1024))
    .option('--trunk-rate <number>', 'learning rate of the trunk', learningRate)
    .option('--head-rate <number>', 'learning rate of the head', learningRate)
    .option('--shift <pixels>', 'augmentation: most pixels that an image is moved by', integerIn(0, 64))
    .option('--flips', 'augmentation: random horizontal flips')
    .action(async (folder: string, options: TransferOptions, command: Command) => {
      await execute(command, async (context) => {
        const run = resolve(folder);
        const wanted = await configurationOf(run, 'finetune', options, fineTuningOf(options));
        const { folder: own, configuration } = await openMeasurement(run, wanted, options.name !== undefined);
        const result = await runFineTuning(run, own, configuration, {
          ...watching(context),
          onEpoch: (line) => {
            context.progress.note(describeEpoch(line));
          },
        });
        const data = await readData(own);
        return {
          result: { folder: own, problems: data.problems, ...result },
          text: `${describeData(data)}\n\n${describeFineTuning(result)}\nResult: ${own}`,
        };
      });
    });
}
