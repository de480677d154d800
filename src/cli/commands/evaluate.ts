/** `srgan-lab evaluate`: models and interpolations, or all checkpoints of a run, on HR images under the protocols of papers. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { LabError } from '../../folders/lab-error';
import { conventions, type Convention } from '../../imaging/imresize';
import { kernelNames } from '../../imaging/kernels';
import { protocolNames, protocolWords, type ProtocolName } from '../../imaging/protocols';
import { checkpointTable } from '../../protocol/checkpoint-table';
import { engineChoices, type Scale } from '../../protocol/run-configuration';
import { evaluationTable } from '../../protocol/evaluation-table';
import { tableFormats, type TableFormat } from '../../protocol/text-table';
import { evaluateCheckpoints } from '../../training/evaluate/checkpoints';
import { loadContender, openContender, type Enlarger } from '../../training/evaluate/enlarger';
import { evaluate } from '../../training/evaluate/evaluate';
import type { PictureSource } from '../../training/evaluate/pictures';
import { loadVggFeatures } from '../../training/perceptual/load-vgg';
import { openVggDistance, type VggDistance } from '../../training/perceptual/vgg-distance';
import { integerIn, scaleOption, vggOption } from '../arguments';
import { addEngineSettingOptions } from '../engine-options';
import { EnginePool, type EnginePoolOptions } from '../engine-pool';
import { execute, exitCodes, type CommandContext, type Outcome } from '../output';

interface EvaluateOptions extends EnginePoolOptions {
  hr?: string;
  checkpoints?: boolean;
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
With --checkpoints figures of a run's checkpoints are kept in its folder evaluations; what is there already is not done again.

Protocols:
${protocols}

Examples:
  $ srgan-lab evaluate bicubic first-run --hr Set5/HR --lr Set5/LR_bicubic/X4
  $ srgan-lab evaluate first-run --hr Set14 --protocol srgan --format markdown
  $ srgan-lab evaluate first-run/checkpoints/step-* --hr Set5/HR
  $ srgan-lab evaluate bicubic first-run --hr Set5/HR --vgg vgg19
  $ srgan-lab evaluate first-run --checkpoints
  $ srgan-lab evaluate bicubic --hr Set5/HR --protocol srcnn --json`;

export function registerEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('score models on a set of HR images')
    .description('Score models and interpolations on a folder of HR images, under a protocol of papers.')
    .argument('<models...>', 'folders of models, runs or checkpoints, or names of interpolations')
    .option('--checkpoints', 'score all checkpoints of a run, and keep the figures in it')
    .option('--hr <folder>', 'HR images; with --checkpoints, by default the run’s own validation images')
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
      const work = options.checkpoints === true ? evaluateCheckpointsOf : evaluateModels;
      await execute(command, (context) => work(models, options, context));
    });
}

async function evaluateModels(
  models: readonly string[],
  options: EvaluateOptions,
  { progress, signal }: CommandContext,
): Promise<Outcome> {
  const { protocol, format, hr } = options;
  if (hr === undefined) {
    throw new LabError(
      'Name the folder of HR images with --hr. Only the checkpoints of a run (--checkpoints) have images of their own.',
    );
  }
  const contenders = await Promise.all(models.map(loadContender));
  const scale = options.scale ?? contenders.find((each) => typeof each !== 'string')?.scale ?? 4;
  const border = options.border ?? scale;
  const enlargers: Enlarger[] = [];
  const engines = new EnginePool(options);
  let vgg: VggDistance | undefined;
  try {
    for (const [index, contender] of contenders.entries())
      enlargers.push(await openContender(models[index]!, contender, { scale, openEngine: engines.open }));
    vgg = await openVgg(options, engines);
    const task = { source: { ...folderOf(options, hr), scale }, protocol, border, measures: vgg && { vgg } };
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

async function evaluateCheckpointsOf(
  runs: readonly string[],
  options: EvaluateOptions,
  { progress, signal }: CommandContext,
): Promise<Outcome> {
  const { protocol, border, format, hr, scale, lr } = options;
  const [run, ...others] = runs.map((each) => resolve(each));
  if (others.length > 0 || run === undefined)
    throw new LabError('Name one run whose checkpoints are evaluated.');
  if (protocol === 'srcnn') {
    throw new LabError(
      'Checkpoints read colours, and the protocol srcnn has one plane of grey. Take --protocol y.',
    );
  }
  if (scale !== undefined || (hr === undefined && lr !== undefined)) {
    throw new LabError(
      scale === undefined
        ? '--lr takes --hr: the validation images of the run have LR images of their own.'
        : 'Leave out --scale: checkpoints have the scale of their run.',
    );
  }
  const engines = new EnginePool(options);
  let vgg: VggDistance | undefined;
  try {
    vgg = await openVgg(options, engines);
    const source = hr === undefined ? 'validation' : folderOf(options, hr);
    const task = { source, protocol, border, vgg, openEngine: engines.open } as const;
    const evaluation = await evaluateCheckpoints(run, task, { signal, onProgress: progress.report });
    return {
      result: evaluation,
      text: checkpointTable(evaluation, format),
      exitCode: evaluation.problems.length > 0 ? exitCodes.failure : exitCodes.success,
    };
  } finally {
    vgg?.dispose();
    await engines.dispose();
  }
}

async function openVgg({ vgg }: EvaluateOptions, engines: EnginePool): Promise<VggDistance | undefined> {
  if (vgg === undefined) return undefined;
  const features = await loadVggFeatures(resolve(vgg));
  return openVggDistance(await engines.open(), features);
}

function folderOf(
  { lr, hrSuffix, lrSuffix, convention }: EvaluateOptions,
  hr: string,
): Omit<PictureSource, 'scale'> {
  return { hr: resolve(hr), lr: lr === undefined ? undefined : resolve(lr), hrSuffix, lrSuffix, convention };
}
