/** `srgan-lab preview`: what is in a picture file; with `--serve`, what the preview editor asks (src/protocol/preview.ts). */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { describePicture } from '../../datasets/picture-facts';
import { LabError } from '../../folders/lab-error';
import { previewRequestSchema, type PictureFacts, type PreviewAnswer } from '../../protocol/preview';
import { countOf } from '../../protocol/quantities';
import { engineChoices, type EngineChoice } from '../../protocol/run-configuration';
import { addEngineSettingOptions, engineSettingsOf, type EngineSettingOptions } from '../engine-options';
import { execute } from '../output';
import { PictureServer } from '../picture-server';
import { serveLines } from '../serve-lines';

interface PreviewOptions extends EngineSettingOptions {
  engine?: EngineChoice;
  serve?: true;
}

export function registerPreview(program: Command): void {
  const command = program
    .command('preview')
    .summary('say what is in a picture file')
    .description('Say what is in a picture file: size, bit depth, colour profile, EXIF.')
    .argument('[image]', 'image file')
    .option('--serve', 'answer requests on stdin, one JSON document a line, until it ends; for programs')
    .addOption(
      new Option('-e, --engine <name>', 'with --serve: what computes (default: the run’s, or auto)').choices(
        engineChoices,
      ),
    );
  addEngineSettingOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ srgan-lab preview scan.tif
  $ srgan-lab preview scan.tif --json`,
    )
    .action(async (image: string | undefined, options: PreviewOptions, self: Command) => {
      await execute(self, async ({ signal }) => {
        if (options.serve) {
          const answered = await servePreviews(process.stdin, process.stdout, options, signal);
          return { result: { answered }, text: `Answered ${countOf(answered, 'request')}.` };
        }
        if (image === undefined) throw new LabError('Name an image file.');
        const facts = await describePicture(resolve(image));
        return { result: facts, text: factsInWords(resolve(image), facts) };
      });
    });
}

function factsInWords(path: string, facts: PictureFacts): string {
  const { format, width, height, bitDepth, colours, profile, notes, exif } = facts;
  const lines = exif.map(({ name, value }) => `  ${name}: ${value}`);
  return [
    `${path}: ${format}, ${width}×${height}, ${colours}, ${bitDepth} bits a channel, profile: ${profile ?? 'none'}.`,
    ...notes,
    ...lines,
  ].join('\n');
}

/** Resolves to the number of requests when the input has ended, or `signal` aborts. */
async function servePreviews(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  options: PreviewOptions,
  signal: AbortSignal,
): Promise<number> {
  const answer = (line: PreviewAnswer): void => {
    output.write(`${JSON.stringify(line)}\n`);
  };
  const server = new PictureServer(answer, {
    choice: options.engine,
    settings: (ofRun) => engineSettingsOf(options, ofRun),
  });
  const requests = await serveLines({
    input,
    schema: previewRequestSchema,
    ask: (request) => {
      server.ask(request);
    },
    refuse: (id, error) => {
      answer({ id, error });
    },
    signal,
  });
  await server.close();
  return requests;
}
