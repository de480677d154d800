/**
 * The content network: VGG19 (Simonyan and Zisserman 2015) up to the feature map that the content loss compares,
 * φi,j of Ledig et al. 2017: after the activation of the j-th convolution before the i-th pooling. With imported
 * ImageNet weights, or with fixed random ones (Liu et al., "A Generic Perceptual Loss for Modeling Structured Output
 * Dependencies", CVPR 2021).
 */
import type { ContentConfiguration } from '../../protocol/run-configuration';
import { NetworkBuilder, type Network } from './network';

/** Channels and number of the convolutions of VGG19's five blocks. */
const blocks = [
  { channels: 64, convolutions: 2 },
  { channels: 128, convolutions: 2 },
  { channels: 256, convolutions: 4 },
  { channels: 512, convolutions: 4 },
  { channels: 512, convolutions: 4 },
];

/** Mean of ImageNet in RGB, on a scale of 255: what VGG19 was trained without. */
const imagenetMean = [123.68, 116.779, 103.939];

/**
 * VGG19 reads pixels from 0 to 255. Ours are in [0, 1], so the first kernel is larger by this factor: that is exact,
 * borders included, and saves an operation.
 */
export const PIXEL_RANGE = 255;

/** Feature maps are divided by this number (Ledig et al. 2017, section 3.2). */
export const FEATURE_SCALE = 12.75;

/** A content network that ends with any convolution of VGG19, e.g. `conv3_4`; a run's ends with one of the paper's. */
export interface ContentNetworkChoice extends Omit<ContentConfiguration, 'layer'> {
  readonly layer: string;
}

/** From RGB [n, h, w, 3] in [0, 1] to feature maps. */
export function contentNetwork({ layer, network, width }: ContentNetworkChoice): Network {
  const builder = new NetworkBuilder();
  const share = network === 'vgg19' ? 1 : width;
  builder.append('preprocess', { type: 'offset', offsets: imagenetMean.map((mean) => -mean / PIXEL_RANGE) });
  let inputChannels = 3;
  for (const [index, { channels, convolutions }] of blocks.entries()) {
    const outputChannels = Math.max(1, Math.round(channels * share));
    for (let number = 1; number <= convolutions; number++) {
      const name = `conv${index + 1}_${number}`;
      builder.append(name, { type: 'convolution', kernel: 3, stride: 1, inputChannels, outputChannels });
      builder.append(`${name}/activation`, { type: 'leakyRelu', slope: 0 });
      if (name === layer) return builder.build('content');
      inputChannels = outputChannels;
    }
    builder.append(`pool${index + 1}`, { type: 'maxPool' });
  }
  throw new Error(`VGG19 has no layer ${layer}`);
}

/** Name of a parameter in Keras: `content/conv1_2/kernel` is `block1_conv2/kernel` there. */
export function kerasName(name: string): string {
  return name.replace(/^content\/conv(\d)_(\d)\//, 'block$1_conv$2/');
}
