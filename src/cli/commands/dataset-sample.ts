/** `srgan-lab dataset sample`: one image as a data set would degrade it. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readImageFile, writePng } from '../../datasets/images';
import { sampleDegradation } from '../../datasets/sample';
import { LabError } from '../../folders/lab-error';
import { operationInWords } from '../../imaging/degradation/operation-words';
import type { SampleDatasetResult } from '../../protocol/progress';
import { countOf } from '../../protocol/quantities';
import type { Scale } from '../../protocol/run-configuration';
import { integerIn, scaleOption } from '../arguments';
import { execute } from '../output';
import { serveSamples } from './dataset-sample-serve';
import {
  addDegradationOptions,
  degradationFrom,
  degradationHelp,
  type DegradationOptions,
} from './degradation-options';

interface SampleOptions extends DegradationOptions {
  out?: string;
  scale: Scale;
  serve?: true;
}

export function registerSample(dataset: Command): void {
  const command = dataset
    .command('sample')
    .summary('degrade one image, to see what a data set would hold')
    .description('Degrade one image as a data set would, and say what was drawn for it.')
    .argument('[image]', 'HR image')
    .option('--out <file>', 'PNG to write the LR image to; replaced if it is there')
    .option('--serve', 'answer requests on stdin, one JSON document a line, until it ends; for programs')
    .addOption(scaleOption().default(4));
  addDegradationOptions(command)
    .option('--seed <number>', 'of everything that is drawn', integerIn(0, 0xffffffff), 0)
    .addHelpText(
      'after',
      `${degradationHelp}

Examples:
  $ srgan-lab dataset sample photo.jpg --out lr.png --degradation real-esrgan
  $ srgan-lab dataset sample photo.jpg --out lr.png --degradation mine.json --seed 7`,
    )
    .action(async (image: string | undefined, options: SampleOptions, self: Command) => {
      await execute(self, async ({ signal }) => {
        if (options.serve) {
          const answered = await serveSamples(process.stdin, process.stdout, signal);
          return { result: { answered }, text: `Answered ${countOf(answered, 'request')}.` };
        }
        if (image === undefined || options.out === undefined)
          throw new LabError('Name an HR image, and with --out the file to write its LR image to.');
        const degradation = await degradationFrom(options);
        const file = await readImageFile(image);
        const { lr, operations } = await sampleDegradation(file, {
          scale: options.scale,
          degradation,
        }).catch((error: unknown) => {
          throw error instanceof LabError
            ? new LabError(`${image}: ${error.message}`, { cause: error })
            : error;
        });
        const out = resolve(options.out);
        await writePng(out, lr);
        const result: SampleDatasetResult = {
          file: out,
          width: lr.width,
          height: lr.height,
          operations: operations.map(operationInWords),
        };
        return { result, text: describeSample(result) };
      });
    });
}

function describeSample({ file, width, height, operations }: SampleDatasetResult): string {
  return [`Wrote ${file}, ${width}×${height}.`, ...operations.map((words) => `  ${words}`)].join('\n');
}
