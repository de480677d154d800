/** `srgan-lab metrics`: PSNR and SSIM of SR images against HR images, with the protocol said. */
import { Option, type Command } from 'commander';
import type { MetricsResult } from '../../protocol/progress';
import type { Scale } from '../../protocol/run-configuration';
import { integerIn, scaleOption } from '../arguments';
import { execute } from '../output';
import { pairFiles, scorePairs } from '../score-files';

interface MetricsOptions {
  scale?: Scale;
  border?: number;
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
    .addHelpText(
      'after',
      `
Both are measured on Y of YCbCr in [16, 235], not rounded, as papers do; SSIM is that of Wang et al. 2004 with an
11×11 Gaussian. (The SRGAN paper's SSIM is another one, and higher.)

Examples:
  $ srgan-lab metrics hr/butterfly.png sr/butterfly.png --scale 4
  $ srgan-lab metrics photos-x4/hr enlarged --scale 4 --json`,
    )
    .action(async (hr: string, sr: string, { scale, border }: MetricsOptions, command: Command) => {
      await execute(command, async ({ progress, signal }) => {
        const pairing = await pairFiles(hr, sr, scale);
        const options = { onProgress: progress.report, signal };
        const result = await scorePairs(pairing, border ?? scale ?? 0, scale, options);
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
