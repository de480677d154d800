/** A network as Keras layers. Most nodes are a layer; pixel shuffle and bicubic enlargement are made of several. */
import type { HostTensor } from '../../engines/engine';
import { BATCH_NORM_EPSILON } from '../../networks/interpret';
import { INPUT, type Convolution, type Node, type PixelShuffle } from '../../networks/network';
import { layerName, nodeShapes, parameterOf, shuffledConvolutions, type Exportable } from '../exportable';
import { reshaped } from '../layouts';
import { bicubicLayers } from './bicubic-layers';
import { inKerasOrder } from './keras-order';
import {
  conv2d,
  conv2dTranspose,
  INPUT_LAYER,
  onesLike,
  plainLayer,
  type KerasLayer,
  type KerasModel,
} from './layer';
import { phaseBiasKernel, shuffleKernel, transposedKernel } from './transposed';

/** Axes that the slopes of a PReLU are shared over: height and width, and the channels where there is one a layer. */
const HEIGHT_AND_WIDTH = [1, 2];
const CHANNELS_AXIS = 3;

export function kerasModel(exportable: Exportable): KerasModel {
  const { network, side } = exportable;
  const size = side ?? null;
  const input = plainLayer('InputLayer', INPUT_LAYER, [], {
    batch_input_shape: [null, size, size, 3],
    dtype: 'float32',
    sparse: false,
  });
  const layers = [input, ...new LayerMaker(exportable).make()];
  const names = new Set(layers.map(({ name }) => name));
  if (names.size !== layers.length) throw new Error(`two layers of the ${network.name} have one name`);
  const output = layerName(network.output);
  return { name: network.name, layers: inKerasOrder(layers, output), input: INPUT_LAYER, output };
}

class LayerMaker {
  private readonly shapes;
  /** Convolutions that become part of the transposed convolution of their pixel shuffle, by the shuffle's name. */
  private readonly shuffled: ReadonlyMap<string, Convolution>;

  constructor(private readonly exportable: Exportable) {
    this.shapes = nodeShapes(exportable);
    this.shuffled = shuffledConvolutions(exportable.network);
  }

  make(): KerasLayer[] {
    const absorbed = new Set(this.shuffled.values());
    return this.exportable.network.nodes
      .filter((node) => node.type !== 'convolution' || !absorbed.has(node))
      .flatMap((node) => this.layersOf(node));
  }

  private layersOf(node: Node): KerasLayer[] {
    const { exportable } = this;
    const name = layerName(node.name);
    const from = nameOfInput(node.from);
    const parameter = (role: Parameters<typeof parameterOf>[2]): HostTensor =>
      parameterOf(exportable, node, role);
    switch (node.type) {
      case 'convolution':
        return [conv2d(name, from, parameter('kernel'), { bias: parameter('bias'), stride: node.stride })];
      case 'pixelShuffle':
        return this.pixelShuffle(node);
      case 'bicubic':
        return bicubicLayers(name, from, node.factor);
      case 'dense':
        return [
          {
            className: 'Dense',
            name,
            config: { units: node.outputUnits, activation: 'linear', use_bias: true },
            inputs: [from],
            weights: (['kernel', 'bias'] as const).map((role) => ({ name: role, tensor: parameter(role) })),
          },
        ];
      case 'batchNorm':
        return [
          {
            className: 'BatchNormalization',
            name,
            config: {
              axis: CHANNELS_AXIS,
              momentum: 0.99,
              epsilon: BATCH_NORM_EPSILON,
              center: true,
              scale: true,
            },
            inputs: [from],
            weights: (
              [
                ['gamma', 'gamma'],
                ['beta', 'beta'],
                ['moving_mean', 'mean'],
                ['moving_variance', 'variance'],
              ] as const
            ).map(([theirs, ours]) => ({ name: theirs, tensor: parameter(ours) })),
          },
        ];
      case 'prelu': {
        const shared = node.slopes === 1 ? [...HEIGHT_AND_WIDTH, CHANNELS_AXIS] : HEIGHT_AND_WIDTH;
        const alpha = reshaped(parameter('alpha'), [1, 1, node.slopes]);
        return [
          {
            ...plainLayer('PReLU', name, [from], { shared_axes: shared }),
            weights: [{ name: 'alpha', tensor: alpha }],
          },
        ];
      }
      case 'leakyRelu':
        return [
          node.slope === 0
            ? plainLayer('Activation', name, [from], { activation: 'relu' })
            : plainLayer('LeakyReLU', name, [from], { alpha: node.slope }),
        ];
      case 'sigmoid':
        return [plainLayer('Activation', name, [from], { activation: 'sigmoid' })];
      case 'add':
        return [plainLayer('Add', name, [from, nameOfInput(node.and)])];
      case 'maxPool':
        return [
          plainLayer('MaxPooling2D', name, [from], { pool_size: [2, 2], strides: [2, 2], padding: 'valid' }),
        ];
      case 'flatten':
        return [plainLayer('Flatten', name, [from])];
      case 'globalAverage':
        return [plainLayer('GlobalAveragePooling2D', name, [from])];
      case 'offset':
        return [offset(name, from, node.offsets)];
    }
  }

  private pixelShuffle(node: PixelShuffle): KerasLayer[] {
    const name = layerName(node.name);
    const { factor } = node;
    const convolution = this.shuffled.get(node.name);
    if (convolution === undefined) {
      const { channels } = this.shapes.get(node.name)!;
      const kernel = shuffleKernel(channels, factor);
      return [conv2dTranspose(name, nameOfInput(node.from), kernel, { stride: factor, trainable: false })];
    }
    const from = nameOfInput(convolution.from);
    const own = layerName(convolution.name);
    const kernel = transposedKernel(parameterOf(this.exportable, convolution, 'kernel'), factor);
    const biases = phaseBiasKernel(parameterOf(this.exportable, convolution, 'bias'), factor);
    return [
      conv2dTranspose(own, from, kernel, { stride: factor }),
      onesLike(`${own}_ones`, from, convolution.inputChannels),
      conv2dTranspose(`${own}_bias`, `${own}_ones`, biases, { stride: factor }),
      plainLayer('Add', name, [own, `${own}_bias`]),
    ];
  }
}

/** Adds to each channel: a 1×1 convolution that passes the channels on. */
function offset(name: string, from: string, offsets: readonly number[]): KerasLayer {
  const channels = offsets.length;
  const data = new Float32Array(channels * channels);
  for (let channel = 0; channel < channels; channel++) data[channel * channels + channel] = 1;
  const bias = { shape: [channels], data: Float32Array.from(offsets) };
  return conv2d(name, from, { shape: [1, 1, channels, channels], data }, { bias, trainable: false });
}

function nameOfInput(node: string): string {
  return node === INPUT ? INPUT_LAYER : layerName(node);
}
