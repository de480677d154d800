/** What happens in a run, in the words that its events, its log and the terminal share. */
import { basename } from 'node:path';
import { engineNames, type EngineName } from '../../protocol/engine-report';
import { defaultEngineSettings, type EngineSettings } from '../../protocol/engine-settings';
import type { ValidationLine } from '../../protocol/metrics';
import { countOf, formatCount, ordinal } from '../../protocol/quantities';
import type { RunConfiguration, Stage } from '../../protocol/run-configuration';
import type { Before } from './device-queue';

/** `Waits for first to end, 2nd in line.` */
export function describeWaiting({ training, waiting }: Before): string {
  const names = (training.length > 0 ? training : waiting).map((each) => basename(each));
  const others = names.length > 1 ? ` and ${formatCount(names.length - 1)} more` : '';
  return `Waits for ${names[0] ?? 'its turn'}${others} to end, ${ordinal(waiting.length + 1)} in line.`;
}

/** What a stage does, and by which content loss. */
export function describeStage(stage: Stage, { content }: RunConfiguration): string {
  const steps = `${stage.name === 'pixel' ? 'Pixel' : 'Adversarial'} stage: ${countOf(stage.steps, 'step')}`;
  if (stage.name === 'pixel') return `${steps}, the generator alone (SRResNet).`;
  const network =
    content.network === 'vgg19'
      ? 'VGG19 with imported weights'
      : 'a VGG with fixed random weights, because no VGG19 was imported';
  return `${steps}, generator against discriminator (SRGAN). Content loss: ${content.layer} of ${network}.`;
}

/** PSNR and SSIM beside bicubic, e.g. `PSNR 27.31 dB (bicubic 27.02, +0.29), SSIM 0.7812`. */
export function describeScore({ model, bicubic }: Pick<ValidationLine, 'model' | 'bicubic'>): string {
  const gain = model.psnr - bicubic.psnr;
  const sign = gain < 0 ? '−' : '+';
  return `PSNR ${model.psnr.toFixed(2)} dB (bicubic ${bicubic.psnr.toFixed(2)}, ${sign}${Math.abs(gain).toFixed(2)}), SSIM ${model.ssim.toFixed(4)}`;
}

/** What a run computes on, with the settings that are not the usual ones, e.g. `CPU, 2 threads, direct convolutions`. */
export function describeDevice(
  { name, device }: { name: string; device: string },
  { embedded, native }: EngineSettings = defaultEngineSettings,
): string {
  const special: Record<EngineName, readonly string[]> = {
    embedded:
      embedded.convolutions === defaultEngineSettings.embedded.convolutions
        ? []
        : [`${embedded.convolutions} convolutions`],
    native: [
      ...(native.bfloat16 ? ['bfloat16'] : []),
      ...(native.gpuMemory === 'growth' ? [] : [`at most ${native.gpuMemory} MB of GPU memory`]),
    ],
  };
  const known = engineNames.find((each) => each === name);
  return [device, ...(known === undefined ? [] : special[known])].join(', ');
}
