/**
 * A generator that makes pictures of noise, for a GAN without super-resolution: Radford, Metz and Chintala, "Unsupervised
 * Representation Learning with Deep Convolutional Generative Adversarial Networks", ICLR 2016. Two departures: sub-pixel
 * convolutions in place of transposed ones, and a linear output, as the super-resolution generator here has.
 */
import { NetworkBuilder, type Network } from './network';

/** Numbers that a picture is made of. */
export const NOISE_CHANNELS = 100;

/** Sides that are not halved any further. */
const SMALLEST_SIDE = 4;
const WIDEST = 128;
const NARROWEST = 16;
const RGB = 3;

/** From noise [n, 1, 1, 100] to pictures [n, side, side, 3]. */
export function noiseGenerator(side: number): Network {
  let [base, doublings] = [side, 0];
  while (base % 2 === 0 && base > SMALLEST_SIDE) [base, doublings] = [base / 2, doublings + 1];
  const network = new NetworkBuilder();
  const convolve = (name: string, kernel: number, inputChannels: number, outputChannels: number): void => {
    network.append(name, { type: 'convolution', kernel, stride: 1, inputChannels, outputChannels });
  };
  const activate = (name: string, channels: number): void => {
    network.append(`${name}/norm`, { type: 'batchNorm', channels });
    network.append(`${name}/activation`, { type: 'leakyRelu', slope: 0 });
  };
  let channels = WIDEST;
  convolve('project/conv', 1, NOISE_CHANNELS, base * base * channels);
  if (base > 1) network.append('project/shuffle', { type: 'pixelShuffle', factor: base });
  activate('project', channels);
  for (let level = 1; level <= doublings; level++) {
    const narrower = Math.max(NARROWEST, channels / 2);
    convolve(`upscale${level}/conv`, 3, channels, 4 * narrower);
    network.append(`upscale${level}/shuffle`, { type: 'pixelShuffle', factor: 2 });
    activate(`upscale${level}`, narrower);
    channels = narrower;
  }
  convolve('output/conv', 3, channels, RGB);
  return network.build('generator');
}
