/**
 * The discriminator: Ledig et al. 2017, figure 4. 3×3 convolutions, batch normalisation in all but the first, leaky
 * ReLU, two dense layers. Its result is a logit; D(x) of the paper is its sigmoid.
 */
import type { DiscriminatorConfiguration } from '../../protocol/run-configuration';
import { NetworkBuilder, type Network } from './network';

const SLOPE = 0.2;

/** @param patch side of the HR patches it judges; the dense layer fixes it */
export function discriminatorNetwork(configuration: DiscriminatorConfiguration, patch: number): Network {
  const network = new NetworkBuilder();
  let inputChannels = 3;
  let side = patch;
  configuration.layers.forEach(({ channels, stride }, index) => {
    const number = index + 1;
    network.append(`conv${number}`, {
      type: 'convolution',
      kernel: 3,
      stride,
      inputChannels,
      outputChannels: channels,
    });
    if (index > 0) network.append(`norm${number}`, { type: 'batchNorm', channels });
    network.append(`conv${number}/activation`, { type: 'leakyRelu', slope: SLOPE });
    inputChannels = channels;
    side = Math.ceil(side / stride);
  });
  network.append('flatten', { type: 'flatten' });
  const { denseUnits } = configuration;
  network.append('dense1', {
    type: 'dense',
    inputUnits: side * side * inputChannels,
    outputUnits: denseUnits,
  });
  network.append('dense1/activation', { type: 'leakyRelu', slope: SLOPE });
  network.append('dense2', { type: 'dense', inputUnits: denseUnits, outputUnits: 1 });
  return network.build('discriminator');
}
