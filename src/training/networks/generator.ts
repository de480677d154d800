/**
 * The generator: SRResNet of Ledig et al., "Photo-Realistic Single Image Super-Resolution Using a Generative Adversarial
 * Network", CVPR 2017, figure 4. 9×9 convolution, residual blocks at LR size, long skip connection, sub-pixel upscaling.
 */
import type { GeneratorConfiguration, Scale } from '../../protocol/run-configuration';
import { INPUT, NetworkBuilder, type Network } from './network';

/** Name of the last convolution, which makes RGB of features. */
export const OUTPUT_CONVOLUTION = 'output/conv';

const RGB = 3;

/** Factors of the pixel shuffles that together enlarge by `scale`. */
export function shuffleFactors(scale: Scale): readonly number[] {
  return scale === 3 ? [3] : new Array<number>(Math.log2(scale)).fill(2);
}

/** From LR [n, h, w, 3] to SR [n, scale·h, scale·w, 3], both in [0, 1]; SR is not clamped. */
export function generatorNetwork(configuration: GeneratorConfiguration, scale: Scale): Network {
  const { blocks, channels, normalisation, prelu, globalSkip, trunkEnd, output } = configuration;
  const network = new NetworkBuilder();
  const slopes = prelu === 'layer' ? 1 : channels;

  const convolve = (name: string, kernel: number, inputChannels: number, outputChannels: number): string =>
    network.append(name, { type: 'convolution', kernel, stride: 1, inputChannels, outputChannels });
  const normalise = (name: string): void => {
    if (normalisation === 'batch') network.append(name, { type: 'batchNorm', channels });
  };

  convolve('input/conv', 9, RGB, channels);
  const features = network.append('input/prelu', { type: 'prelu', slopes });
  let trunk = features;
  for (let block = 1; block <= blocks; block++) {
    convolve(`block${block}/conv1`, 3, channels, channels);
    normalise(`block${block}/norm1`);
    network.append(`block${block}/prelu`, { type: 'prelu', slopes });
    convolve(`block${block}/conv2`, 3, channels, channels);
    normalise(`block${block}/norm2`);
    trunk = network.append(`block${block}/add`, { type: 'add', and: trunk });
  }
  convolve('trunk/conv', 3, channels, channels);
  if (trunkEnd === 'prelu') network.append('trunk/prelu', { type: 'prelu', slopes });
  else normalise('trunk/norm');
  network.append('trunk/add', { type: 'add', and: features });

  shuffleFactors(scale).forEach((factor, index) => {
    const name = `upscale${index + 1}`;
    convolve(`${name}/conv`, 3, channels, channels * factor * factor);
    network.append(`${name}/shuffle`, { type: 'pixelShuffle', factor });
    network.append(`${name}/prelu`, { type: 'prelu', slopes });
  });
  const details = convolve(OUTPUT_CONVOLUTION, 9, channels, RGB);
  if (globalSkip === 'bicubic') {
    network.append('skip/bicubic', { type: 'bicubic', factor: scale }, INPUT);
    network.append('skip/add', { type: 'add', and: details });
  }
  if (output === 'sigmoid') network.append('output/sigmoid', { type: 'sigmoid' });
  return network.build('generator');
}
