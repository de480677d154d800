/**
 * Layers as Keras has them, as data: what TensorFlow.js' LayersModel and Keras' HDF5 file have in common. Only layers that
 * every version of both knows, with the names of Keras 2, which Keras 3 still reads.
 */
import type { HostTensor } from '../../engines/engine';

export interface KerasWeight {
  /** As Keras calls it: `kernel`, `moving_mean`. */
  readonly name: string;
  readonly tensor: HostTensor;
}

export interface KerasLayer {
  readonly className: string;
  readonly name: string;
  /** Arguments of its constructor, besides the name. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the layers it reads. */
  readonly inputs: readonly string[];
  /** In the order in which Keras keeps them. */
  readonly weights: readonly KerasWeight[];
}

export interface KerasModel {
  readonly name: string;
  readonly layers: readonly KerasLayer[];
  readonly input: string;
  readonly output: string;
}

/** The name of the layer that stands for the image. */
export const INPUT_LAYER = 'image';

/** A convolution with padding `same` and a kernel [h, w, in, out]. */
export function conv2d(
  name: string,
  input: string,
  kernel: HostTensor,
  { bias, stride = 1, trainable = true }: { bias?: HostTensor; stride?: number; trainable?: boolean },
): KerasLayer {
  return {
    className: 'Conv2D',
    name,
    config: { filters: kernel.shape[3], ...convolutionConfig(kernel, stride, bias), trainable },
    inputs: [input],
    weights: kernelAndBias(kernel, bias),
  };
}

/** A transposed convolution with padding `same` and a kernel [h, w, out, in], as Keras has them. */
export function conv2dTranspose(
  name: string,
  input: string,
  kernel: HostTensor,
  { bias, stride, trainable = true }: { bias?: HostTensor; stride: number; trainable?: boolean },
): KerasLayer {
  return {
    className: 'Conv2DTranspose',
    name,
    config: { filters: kernel.shape[2], ...convolutionConfig(kernel, stride, bias), trainable },
    inputs: [input],
    weights: kernelAndBias(kernel, bias),
  };
}

/** An image of ones with one channel, as large as what it is made from. */
export function onesLike(name: string, input: string, channels: number): KerasLayer {
  const zeros = { shape: [1, 1, channels, 1], data: new Float32Array(channels) };
  const one = { shape: [1], data: Float32Array.of(1) };
  return conv2d(name, input, zeros, { bias: one, trainable: false });
}

/** A layer without weights of its own. */
export function plainLayer(
  className: string,
  name: string,
  inputs: readonly string[],
  config: Readonly<Record<string, unknown>> = {},
): KerasLayer {
  return { className, name, config, inputs, weights: [] };
}

function convolutionConfig(
  { shape }: HostTensor,
  stride: number,
  bias: HostTensor | undefined,
): Record<string, unknown> {
  return {
    kernel_size: [shape[0], shape[1]],
    strides: [stride, stride],
    padding: 'same',
    data_format: 'channels_last',
    dilation_rate: [1, 1],
    activation: 'linear',
    use_bias: bias !== undefined,
  };
}

function kernelAndBias(kernel: HostTensor, bias: HostTensor | undefined): KerasWeight[] {
  return [
    { name: 'kernel', tensor: kernel },
    ...(bias === undefined ? [] : [{ name: 'bias', tensor: bias }]),
  ];
}
