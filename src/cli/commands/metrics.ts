/** `srgan-lab metrics`: PSNR and SSIM of SR images against HR images, with the protocol said. */
import { Option, type Command } from 'commander';
import { colourProtocols, protocolWords, type ColourProtocol } from '../../imaging/protocols';
import type { MetricsResult } from '../../protocol/progress';
import type { Scale } from '../../protocol/run-configuration';
import { integerIn, scaleOption } from '../arguments';
import { execute } from '../output';
import { pairFiles, scorePairs } from '../score-files';

interface MetricsOptions {
  scale?: Scale;
  border?: number;
  protocol: ColourProtocol;
}

export function registerMetrics(program: Command): void {
  program
    .command('metrics')
    .summary('measure PSNR and SSIM of images')
    .description('Measure PSNR and SSIM of SR images against HR images.')
    .argument('<hr>', 'HR image, or a folder of them')
    .argument('<sr>', 'SR image, or a folder of images with the names of the HR images')
    .addOption(scaleOption('sets the border to the scale, and cuts HR to a multiple of it'))
    .addOption(
      new Option('--border <pixels>', 'pixels left out at each side (default: the scale, or 0)').argParser(
        integerIn(0, 1000),
      ),
    )
    .addOption(
      new Option('--protocol <name>', 'how it is scored, see below').choices(colourProtocols).default('y'),
    )
    .addHelpText(
      'after',
      `
Protocols:
${colourProtocols.map((name) => `  ${name.padEnd(6)} ${protocolWords[name]}`).join('\n')}

Examples:
  $ srgan-lab metrics hr/butterfly.png sr/butterfly.png --scale 4
  $ srgan-lab metrics photos-x4/hr enlarged --scale 4 --json`,
    )
    .action(async (hr: string, sr: string, options: MetricsOptions, command: Command) => {
      const { scale, border = scale ?? 0, protocol } = options;
      await execute(command, async ({ progress, signal }) => {
        const pairing = await pairFiles(hr, sr, scale);
        const scoring = { border, scale, protocol };
        const result = await scorePairs(pairing, scoring, { onProgress: progress.report, signal });
        return { result, text: describe(result) };
      });
    });
}

function describe({ protocol, border, images, mean, unmatched }: MetricsResult): string {
  const rows = images.length > 1 ? [...images, { name: `mean of ${images.length}`, ...mean }] : images;
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, psnr, ssim }) => {
    const decibels = psnr === null ? 'equal' : `${psnr.toFixed(4)} dB`;
    return `${name.padEnd(width)}  ${decibels.padStart(11)}  ${ssim.toFixed(4)}`;
  });
  if (unmatched.length > 0) lines.push(`Without a counterpart, so not counted: ${unmatched.join(', ')}`);
  return [`${protocol}, border of ${border} pixels`, ...lines].join('\n');
}
