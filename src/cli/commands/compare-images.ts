/** `srgan-lab compare-images`: pictures against a reference; with `--serve`, what the page of compared images asks. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { LabError, messageOf } from '../../folders/lab-error';
import { protocolWords } from '../../imaging/protocols';
import {
  compareRequestSchema,
  type CompareAnswer,
  type ComparedImages,
  type ComparisonChoice,
  type Figure,
} from '../../protocol/compare-images';
import { comparisonProtocols, MOST_BORDER, type ComparisonProtocol } from '../../protocol/comparison-choices';
import { countOf } from '../../protocol/quantities';
import {
  alignedTable,
  csvTable,
  markdownTable,
  tableFormats,
  type TableFormat,
} from '../../protocol/text-table';
import { integerIn } from '../arguments';
import { ImageComparison } from '../image-comparison';
import { ImageComparisonServer } from '../image-comparison-server';
import { execute } from '../output';
import { serveLines } from '../serve-lines';

interface CompareImagesOptions {
  protocol: ComparisonProtocol;
  border: number;
  enlarge: boolean;
  format: TableFormat;
  serve?: true;
}

export function registerCompareImages(program: Command): void {
  program
    .command('compare-images')
    .summary('pictures against a reference: PSNR, SSIM, MS-SSIM')
    .description('Compare pictures with a reference: PSNR, SSIM and MS-SSIM, with the protocol said.')
    .argument('[reference]', 'picture that the others are compared with')
    .argument('[images...]', 'pictures of the same scene')
    .addOption(
      new Option('--protocol <name>', 'how it is scored, see below')
        .choices(comparisonProtocols)
        .default('y'),
    )
    .addOption(
      new Option('--border <pixels>', 'pixels left out at each side')
        .argParser(integerIn(0, MOST_BORDER))
        .default(0),
    )
    .option('--no-enlarge', 'do not enlarge and measure pictures that are a whole factor smaller')
    .addOption(new Option('--format <name>', 'of the table').choices(tableFormats).default('text'))
    .option('--serve', 'answer requests on stdin, one JSON document a line, until it ends; for programs')
    .addHelpText(
      'after',
      `
Sizes may differ by what a cut to a multiple of a scale leaves over (up to 7 columns or rows at the right and the bottom), and
a picture may be a whole factor smaller: it is enlarged by bicubic imresize. What was done is said.

Protocols:
${comparisonProtocols.map((name) => `  ${name.padEnd(6)} ${protocolWords[name]}`).join('\n')}

Examples:
  $ srgan-lab compare-images original.png srgan.png srresnet.png --border 4
  $ srgan-lab compare-images original.png small.png --format markdown`,
    )
    .action(
      async (
        reference: string | undefined,
        images: string[],
        options: CompareImagesOptions,
        command: Command,
      ) => {
        await execute(command, async ({ signal }) => {
          if (options.serve) {
            const answered = await serve(process.stdin, process.stdout, signal);
            return { result: { answered }, text: `Answered ${countOf(answered, 'request')}.` };
          }
          if (reference === undefined || images.length === 0) {
            throw new LabError('Name a reference and at least one other picture.');
          }
          const result = await compare(
            resolve(reference),
            images.map((path) => resolve(path)),
            options,
            signal,
          );
          const failed = result.images.some((each) => 'problem' in each);
          return { result, text: tableOf(result, options.format), exitCode: failed ? 1 : 0 };
        });
      },
    );
}

async function compare(
  reference: string,
  images: readonly string[],
  { protocol, border, enlarge }: ComparisonChoice,
  signal: AbortSignal,
): Promise<ComparedImages> {
  const comparison = new ImageComparison();
  const compared: ComparedImages['images'] = [];
  for (const image of images) {
    signal.throwIfAborted();
    try {
      const measurement = await comparison.measure(reference, image, { protocol, border, enlarge });
      compared.push({ image, measurement });
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      compared.push({ image, problem: messageOf(error) });
    }
  }
  return { reference, protocol, measured: protocolWords[protocol], border, images: compared };
}

/** With the protocol above it and, below, what was done about sizes and what was not measured; CSV has figures alone. */
function tableOf({ reference, measured, border, images }: ComparedImages, format: TableFormat): string {
  const rows = images.map((each) => ({
    image: each.image,
    figures: 'measurement' in each ? each.measurement.figures : [],
    said: 'measurement' in each ? each.measurement.alignment : each.problem,
  }));
  const names = [...new Set(rows.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  const cells = (text: (figure: Figure) => string): string[][] =>
    rows.map(({ image, figures }) => [
      image,
      ...names.map((name) => {
        const figure = figures.find((each) => each.name === name);
        return figure === undefined ? '' : text(figure);
      }),
    ]);
  const header = ['image', ...names];
  if (format === 'csv') return csvTable([header, ...cells(({ value }) => exact(value))]);
  const table = format === 'markdown' ? markdownTable : alignedTable;
  return [
    `Against ${reference}: ${measured}; border of ${countOf(border, 'pixel')}.`,
    table([header, ...cells(rounded)]),
    ...rows.flatMap(({ said }) => (said === null ? [] : [said])),
  ].join('\n\n');
}

function rounded({ value, digits, unit }: Figure): string {
  if (value === null) return '';
  if (value === 'infinite') return 'equal';
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}

function exact(value: Figure['value']): string {
  return value === null ? '' : value === 'infinite' ? 'inf' : String(value);
}

/** Resolves to the number of requests when the input has ended, or `signal` aborts. */
async function serve(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<number> {
  const answer = (line: CompareAnswer): void => {
    output.write(`${JSON.stringify(line)}\n`);
  };
  const server = new ImageComparisonServer(answer);
  const requests = await serveLines({
    input,
    schema: compareRequestSchema,
    ask: (request) => {
      server.ask(request);
    },
    refuse: (id, error) => {
      answer({ id, error });
    },
    signal,
  });
  await server.idle();
  return requests;
}
