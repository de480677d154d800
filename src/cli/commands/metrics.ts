/** `srgan-lab metrics`: scores of SR images that exist already against HR images, with the protocol said. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { colourProtocols, protocolWords, type ColourProtocol } from '../../imaging/protocols';
import { metricsTable } from '../../protocol/metrics-table';
import { engineChoices, type Scale } from '../../protocol/run-configuration';
import { tableFormats, type TableFormat } from '../../protocol/text-table';
import { loadVggFeatures } from '../../training/perceptual/load-vgg';
import { openVggDistance, type VggDistance } from '../../training/perceptual/vgg-distance';
import { integerIn, scaleOption, vggOption } from '../arguments';
import { addEngineSettingOptions } from '../engine-options';
import { EnginePool, type EnginePoolOptions } from '../engine-pool';
import { execute, type CommandContext, type Outcome } from '../output';
import { pairFiles, scorePairs } from '../score-files';

interface MetricsOptions extends EnginePoolOptions {
  scale?: Scale;
  border?: number;
  protocol: ColourProtocol;
  vgg?: string;
  format: TableFormat;
}

export function registerMetrics(program: Command): void {
  const command = program
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
    .addOption(vggOption())
    .addOption(
      new Option('-e, --engine <name>', 'what computes the feature distance (default: auto)').choices(
        engineChoices,
      ),
    )
    .addOption(new Option('--format <name>', 'of the table').choices(tableFormats).default('text'));
  addEngineSettingOptions(command)
    .addHelpText(
      'after',
      `
Protocols:
${colourProtocols.map((name) => `  ${name.padEnd(6)} ${protocolWords[name]}`).join('\n')}

Examples:
  $ srgan-lab metrics hr/butterfly.png sr/butterfly.png --scale 4
  $ srgan-lab metrics photos-x4/hr enlarged --scale 4 --format markdown
  $ srgan-lab metrics hr.png sr.png --vgg vgg19 --json`,
    )
    .action(async (hr: string, sr: string, options: MetricsOptions, command: Command) => {
      await execute(command, (context) => measure(hr, sr, options, context));
    });
}

async function measure(
  hr: string,
  sr: string,
  options: MetricsOptions,
  { progress, signal }: CommandContext,
): Promise<Outcome> {
  const { scale, border = scale ?? 0, protocol, format } = options;
  const pairing = await pairFiles(hr, sr, scale);
  const engines = new EnginePool(options);
  let vgg: VggDistance | undefined;
  try {
    if (options.vgg !== undefined)
      vgg = await openVggDistance(await engines.open(), await loadVggFeatures(resolve(options.vgg)));
    const scoring = { border, scale, protocol, vgg };
    const result = await scorePairs(pairing, scoring, { onProgress: progress.report, signal });
    return { result, text: metricsTable(result, { protocol, scale }, format) };
  } finally {
    vgg?.dispose();
    await engines.dispose();
  }
}
