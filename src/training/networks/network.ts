/**
 * A network as data: nodes in an order that can be executed, each naming the nodes it reads. It holds no weights and
 * computes nothing; the readers of this folder run it, count it, initialise it. Every node knows its own parameters,
 * so none of them needs to know the size of the images.
 */
import type { Padding } from '../graph/convolution-geometry';

/** What the first node reads: the image batch that the network is applied to. */
export const INPUT = 'input';

interface Reading {
  /** Unique in the network. Parameters are named after it: `block1/conv1/kernel`. */
  readonly name: string;
  /** Name of the node it reads, or `INPUT`. */
  readonly from: string;
}

export interface Convolution extends Reading {
  readonly type: 'convolution';
  /** Side of the square kernel. */
  readonly kernel: number;
  readonly stride: number;
  readonly inputChannels: number;
  readonly outputChannels: number;
}

export interface Dense extends Reading {
  readonly type: 'dense';
  readonly inputUnits: number;
  readonly outputUnits: number;
}

export interface BatchNorm extends Reading {
  readonly type: 'batchNorm';
  readonly channels: number;
}

export interface PRelu extends Reading {
  readonly type: 'prelu';
  /** 1, or the number of channels. */
  readonly slopes: number;
}

/** ReLU where the slope is 0. */
export interface LeakyRelu extends Reading {
  readonly type: 'leakyRelu';
  readonly slope: number;
}

/** 1 / (1 + exp(−x)): bounds a result to (0, 1). */
export interface Sigmoid extends Reading {
  readonly type: 'sigmoid';
}

export interface Add extends Reading {
  readonly type: 'add';
  /** The other summand. */
  readonly and: string;
}

export interface PixelShuffle extends Reading {
  readonly type: 'pixelShuffle';
  readonly factor: number;
}

export interface MaxPool extends Reading {
  readonly type: 'maxPool';
}

export interface Flatten extends Reading {
  readonly type: 'flatten';
}

/** Mean over height and width of each channel: images of any size to a vector. */
export interface GlobalAverage extends Reading {
  readonly type: 'globalAverage';
}

/** Adds a constant to each channel. */
export interface Offset extends Reading {
  readonly type: 'offset';
  readonly offsets: readonly number[];
}

/** Fixed bicubic enlargement of an RGB image, as MATLAB's imresize does it. */
export interface Bicubic extends Reading {
  readonly type: 'bicubic';
  readonly factor: number;
}

export type Node =
  | Convolution
  | Dense
  | BatchNorm
  | PRelu
  | LeakyRelu
  | Sigmoid
  | Add
  | PixelShuffle
  | MaxPool
  | Flatten
  | GlobalAverage
  | Offset
  | Bicubic;

export interface Network {
  /** First part of the names of its state: `generator/conv1/kernel`. */
  readonly name: 'generator' | 'discriminator' | 'content' | 'classifier';
  readonly nodes: readonly Node[];
  /** Name of the node whose result is the network's. */
  readonly output: string;
}

/** Padding of all convolutions that have parameters. */
export const PADDING: Padding = 'same';

/** Distributes over the union, which Omit alone does not. */
type Layer = Node extends infer N ? (N extends Node ? Omit<N, 'name' | 'from'> : never) : never;

/** Chains layers: each reads the one before, unless told otherwise. */
export class NetworkBuilder {
  private readonly nodes: Node[] = [];
  private last = INPUT;

  /** Appends a layer and returns its name, for skip connections. */
  append(name: string, layer: Layer, from = this.last): string {
    this.nodes.push({ ...layer, name, from });
    this.last = name;
    return name;
  }

  build(name: Network['name']): Network {
    return { name, nodes: this.nodes, output: this.last };
  }
}
