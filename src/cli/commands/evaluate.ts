/** `srgan-lab evaluate`: models and interpolations on a folder of HR images, under the protocols of papers. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { conventions, type Convention } from '../../imaging/imresize';
import { kernelNames } from '../../imaging/kernels';
import { protocolNames, protocolWords, type ProtocolName } from '../../imaging/protocols';
import { engineChoices, type Scale } from '../../protocol/run-configuration';
import { evaluationTable } from '../../protocol/evaluation-table';
import { tableFormats, type TableFormat } from '../../protocol/text-table';
import { loadContender, openContender, type Enlarger } from '../../training/evaluate/enlarger';
import { evaluate } from '../../training/evaluate/evaluate';
import { loadVggFeatures } from '../../training/perceptual/load-vgg';
import { openVggDistance, type VggDistance } from '../../training/perceptual/vgg-distance';
import { integerIn, scaleOption, vggOption } from '../arguments';
import { addEngineSettingOptions } from '../engine-options';
import { EnginePool, type EnginePoolOptions } from '../engine-pool';
import { execute, exitCodes, type CommandContext, type Outcome } from '../output';

interface EvaluateOptions extends EnginePoolOptions {
  hr: string;
  lr?: string;
  hrSuffix?: string;
  lrSuffix?: string;
  scale?: Scale;
  protocol: ProtocolName;
  border?: number;
  convention: Convention;
  vgg?: string;
  format: TableFormat;
}

const protocols = protocolNames.map((name) => `  ${name.padEnd(6)} ${protocolWords[name]}`).join('\n');

const help = `
A MODEL is the folder of a model, a run or a checkpoint, or an interpolation: ${kernelNames.join(', ')}.
HR images are cut at the right and bottom to a multiple of the scale. A benchmark that is known by its images gets the
figures that papers report under the same protocol below its table.

Protocols:
${protocols}

Examples:
  $ srgan-lab evaluate bicubic first-run --hr Set5/HR --lr Set5/LR_bicubic/X4
  $ srgan-lab evaluate first-run --hr Set14 --protocol srgan --format markdown
  $ srgan-lab evaluate first-run/checkpoints/step-* --hr Set5/HR
  $ srgan-lab evaluate bicubic first-run --hr Set5/HR --vgg vgg19
  $ srgan-lab evaluate bicubic --hr Set5/HR --protocol srcnn --json`;

export function registerEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('score models on a set of HR images')
    .description('Score models and interpolations on a folder of HR images, under a protocol of papers.')
    .argument('<models...>', 'folders of models, runs or checkpoints, or names of interpolations')
    .requiredOption('--hr <folder>', 'HR images')
    .option('--lr <folder>', 'LR images; without it they are made by MATLAB’s imresize')
    .option('--hr-suffix <ending>', 'what the names of HR images end with')
    .option('--lr-suffix <ending>', 'what the names of LR images end with')
    .addOption(scaleOption('by default that of the models, or 4'))
    .addOption(
      new Option('--protocol <name>', 'how it is scored, see below').choices(protocolNames).default('y'),
    )
    .addOption(
      new Option('--border <pixels>', 'pixels left out at each side (default: the scale)').argParser(
        integerIn(0, 1000),
      ),
    )
    .addOption(
      new Option('--convention <name>', 'how LR images are rounded where they are made')
        .choices(conventions)
        .default('double'),
    )
    .addOption(vggOption())
    .addOption(
      new Option('-e, --engine <name>', 'what computes (default: the run’s, or auto)').choices(engineChoices),
    )
    .addOption(new Option('--format <name>', 'of the table').choices(tableFormats).default('text'));
  addEngineSettingOptions(command)
    .addHelpText('after', help)
    .action(async (models: string[], options: EvaluateOptions, command: Command) => {
      await execute(command, (context) => evaluateModels(models, options, context));
    });
}

async function evaluateModels(
  models: readonly string[],
  options: EvaluateOptions,
  { progress, signal }: CommandContext,
): Promise<Outcome> {
  const { protocol, convention, hrSuffix, lrSuffix, format } = options;
  const contenders = await Promise.all(models.map(loadContender));
  const scale = options.scale ?? contenders.find((each) => typeof each !== 'string')?.scale ?? 4;
  const border = options.border ?? scale;
  const enlargers: Enlarger[] = [];
  const engines = new EnginePool(options);
  let vgg: VggDistance | undefined;
  try {
    for (const [index, contender] of contenders.entries())
      enlargers.push(await openContender(models[index]!, contender, { scale, openEngine: engines.open }));
    if (options.vgg !== undefined)
      vgg = await openVggDistance(await engines.open(), await loadVggFeatures(resolve(options.vgg)));
    const lr = options.lr === undefined ? undefined : resolve(options.lr);
    const source = { hr: resolve(options.hr), lr, hrSuffix, lrSuffix, scale, convention };
    const task = { source, protocol, border, measures: vgg && { vgg } };
    const evaluation = await evaluate(enlargers, task, { onProgress: progress.report, signal });
    return {
      result: evaluation,
      text: evaluationTable(evaluation, format),
      exitCode: evaluation.problems.length > 0 ? exitCodes.failure : exitCodes.success,
    };
  } finally {
    for (const opened of [...enlargers, vgg]) opened?.dispose();
    await engines.dispose();
  }
}
