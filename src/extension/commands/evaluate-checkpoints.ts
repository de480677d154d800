/** *Evaluate Checkpoints…*: all checkpoints of a run scored on its validation images or a folder; its page draws them as they come. */
import type * as vscode from 'vscode';
import { z } from 'zod';
import { checkpointEvaluationSchema, type CheckpointTask } from '../../protocol/checkpoint-evaluation';
import { curveOf, type CheckpointCurve } from '../../protocol/checkpoint-curve';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { openPage } from '../pages/open-page';
import { runWithProgress } from '../process/run-with-progress';
import { askHrFolder, askVgg, pickProtocol, protocolSchema } from '../prompts/evaluation';
import { pickOne } from '../prompts/pick';
import { engineSettingOptions } from '../settings';
import { isCall, parseCall, targetFolder } from './targets';

/** Arguments of the command, for key bindings and programs. */
const checkpointArguments = z.strictObject({
  run: z.string().min(1).describe('Folder of a run, absolute.'),
  hr: z
    .string()
    .optional()
    .describe('Folder of HR images, absolute; by default the run’s validation images.'),
  lr: z.string().optional().describe('Folder of LR images; without it they are made.'),
  vgg: z.string().optional().describe('An imported VGG19, to measure its feature distance, too.'),
  protocol: protocolSchema,
});
type Answers = z.infer<typeof checkpointArguments>;

/** Evaluates what is missing, with the run’s page open. Returns the means. */
export async function evaluateCheckpoints(lab: Lab, argument: unknown): Promise<CheckpointCurve> {
  requireTrust('Evaluating checkpoints');
  const called = isCall(argument) && 'run' in argument;
  const answers = called ? parseCall(checkpointArguments, argument) : await askPerson(lab, argument);
  if (!called) await openPage('run', answers.run);
  return runEvaluation(lab, answers);
}

/** Goes on with an evaluation that was interrupted, or adds the checkpoints made since. */
export async function continueEvaluation(lab: Lab, run: string, task: CheckpointTask): Promise<void> {
  requireTrust('Evaluating checkpoints');
  const { pictures, protocol, vgg } = task;
  const folder = pictures.kind === 'folder' ? { hr: pictures.hr, lr: pictures.lr } : {};
  const checked = protocolSchema.parse(protocol);
  await runEvaluation(lab, { run, ...folder, vgg: vgg?.model, protocol: checked });
}

async function runEvaluation(lab: Lab, { run, hr, lr, vgg, protocol }: Answers): Promise<CheckpointCurve> {
  const evaluation = await runWithProgress(lab.commandLine, 'Evaluating checkpoints', {
    args: [
      ...['evaluate', run, '--checkpoints', '--protocol', protocol],
      ...(hr === undefined ? [] : ['--hr', hr]),
      ...(lr === undefined ? [] : ['--lr', lr]),
      ...(vgg === undefined ? [] : ['--vgg', vgg]),
      ...engineSettingOptions(),
    ],
    result: checkpointEvaluationSchema,
    // What was left out is told on the page.
    acceptedCodes: [0, 1],
  });
  return curveOf(evaluation);
}

async function askPerson(lab: Lab, argument: unknown): Promise<Answers> {
  const run = await targetFolder(lab.index, 'run', argument, {
    placeholder: 'Run whose checkpoints are evaluated',
    filter: ({ kind, content }) => kind === 'run' && 'ok' in content,
    none: 'There is no run in this workspace yet, and so no checkpoint.',
    remedy: { title: 'Start Training…', command: 'srganLab.startTraining' },
  });
  const pictures = await pickOne(pictureChoices, { placeHolder: 'Pictures to evaluate the checkpoints on' });
  const hr = pictures.value === 'folder' ? await askHrFolder() : undefined;
  const protocol = await pickProtocol();
  return { run, hr, vgg: await askVgg(lab), protocol };
}

const pictureChoices: readonly (vscode.QuickPickItem & { readonly value: 'validation' | 'folder' })[] = [
  {
    value: 'validation',
    label: 'The validation images of its data set',
    detail: 'Whole, with the LR images that are there',
  },
  {
    value: 'folder',
    label: 'A folder of HR images…',
    detail: 'LR images are made of them by MATLAB’s imresize',
  },
];
