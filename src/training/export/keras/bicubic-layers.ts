/**
 * MATLAB's bicubic enlargement, borders mirrored, in layers that Keras and TensorFlow.js have: none of them mirrors.
 *
 * Along one axis, y[i] = Σ w[t]·x[i + t] for t in −2 … 2. With zeros outside, row 0 lacks w[−1]·x[0] + w[−2]·x[1], row 1
 * lacks w[−2]·x[0], and the last two rows likewise: four corrections, each a convolution of pixels at hand, each valid in
 * one row. A convolution over an image of ones, which `same` pads with zeros, tells which row that is. The next
 * convolution sums the five variants. Exact for two pixels or more along each axis.
 */
import type { HostTensor } from '../../engines/engine';
import { BICUBIC_TAPS, bicubicPhases } from '../../networks/bicubic';
import { conv2d, conv2dTranspose, onesLike, plainLayer, type KerasLayer } from './layer';

const RGB = 3;

interface Variant {
  /** From the weights at −2 … 2 to those of this variant's convolution, at the same places. */
  readonly taps: (w: readonly number[]) => readonly number[];
  /** Weights over the image of ones, and what is added: together 1 in the variant's rows and 0 elsewhere. */
  readonly mask: { readonly taps: readonly number[]; readonly bias: number };
}

const variants: readonly Variant[] = [
  { taps: (w) => w, mask: { taps: [0, 0, 0, 0, 0], bias: 1 } },
  { taps: (w) => [0, 0, w[1]!, w[0]!, 0], mask: { taps: [0, -1, 0, 0, 0], bias: 1 } },
  { taps: (w) => [0, w[0]!, 0, 0, 0], mask: { taps: [-1, 1, 0, 0, 0], bias: 0 } },
  { taps: (w) => [0, w[4]!, w[3]!, 0, 0], mask: { taps: [0, 0, 0, -1, 0], bias: 1 } },
  { taps: (w) => [0, 0, 0, w[4]!, 0], mask: { taps: [0, 0, 0, 1, -1], bias: 0 } },
];

/** The layers that enlarge the RGB image `input` by `factor`; the last one is called `name`. */
export function bicubicLayers(name: string, input: string, factor: number): KerasLayer[] {
  const phases = bicubicPhases(factor);
  const layers: KerasLayer[] = [onesLike(`${name}_ones`, input, RGB)];
  const pass = (axis: 'rows' | 'columns', from: string, kernel: HostTensor): string => {
    const [taps, mask, masked] = ['taps', 'mask', 'masked'].map((part) => `${name}_${axis}_${part}`) as [
      string,
      string,
      string,
    ];
    const maskWeights = maskOf(axis, kernel.shape[3]!);
    layers.push(
      conv2d(taps, from, kernel, { trainable: false }),
      conv2d(mask, `${name}_ones`, maskWeights.kernel, { bias: maskWeights.bias, trainable: false }),
      plainLayer('Multiply', masked, [taps, mask]),
    );
    return masked;
  };
  const rows = pass('rows', input, rowKernel(phases));
  const columns = pass('columns', rows, columnKernel(phases));
  layers.push(conv2dTranspose(name, columns, shuffleKernel(factor), { stride: factor, trainable: false }));
  return layers;
}

/** [5, 1, 3, variants · factor · 3]: channel (v·factor + a)·3 + c is sub-row a of colour c by variant v. */
function rowKernel(phases: readonly number[][]): HostTensor {
  const kernel = zeros([BICUBIC_TAPS, 1, RGB, variants.length * phases.length * RGB]);
  for (const [v, variant] of variants.entries()) {
    for (const [a, weights] of phases.entries()) {
      for (const [tap, weight] of variant.taps(weights).entries()) {
        for (let c = 0; c < RGB; c++) put(kernel, [tap, 0, c, (v * phases.length + a) * RGB + c], weight);
      }
    }
  }
  return kernel;
}

/** [1, 5, variants · factor · 3, variants · factor² · 3]: sums the variants of the rows, and does the columns. */
function columnKernel(phases: readonly number[][]): HostTensor {
  const factor = phases.length;
  const sizes = [variants.length * factor * RGB, variants.length * factor * factor * RGB] as const;
  const kernel = zeros([1, BICUBIC_TAPS, ...sizes]);
  for (let input = 0; input < sizes[0]; input++) {
    const c = input % RGB;
    const a = Math.floor(input / RGB) % factor;
    for (const [v, variant] of variants.entries()) {
      for (const [b, weights] of phases.entries()) {
        const output = (v * factor * factor + a * factor + b) * RGB + c;
        for (const [tap, weight] of variant.taps(weights).entries())
          put(kernel, [0, tap, input, output], weight);
      }
    }
  }
  return kernel;
}

/** Over the image of ones: the same number of channels for each variant, in order. */
function maskOf(axis: 'rows' | 'columns', channels: number): { kernel: HostTensor; bias: HostTensor } {
  const kernel = zeros([...(axis === 'rows' ? [BICUBIC_TAPS, 1] : [1, BICUBIC_TAPS]), 1, channels]);
  const bias = zeros([channels]);
  for (let channel = 0; channel < channels; channel++) {
    const { mask } = variants[Math.floor(channel / (channels / variants.length))]!;
    bias.data[channel] = mask.bias;
    for (const [tap, weight] of mask.taps.entries()) kernel.data[tap * channels + channel] = weight;
  }
  return { kernel, bias };
}

/** [factor, factor, 3, variants · factor² · 3]: sums the variants and puts each sub-pixel into its place. */
function shuffleKernel(factor: number): HostTensor {
  const inputs = variants.length * factor * factor * RGB;
  const kernel = zeros([factor, factor, RGB, inputs]);
  for (let input = 0; input < inputs; input++) {
    const c = input % RGB;
    const phase = Math.floor(input / RGB) % (factor * factor);
    put(kernel, [Math.floor(phase / factor), phase % factor, c, input], 1);
  }
  return kernel;
}

function zeros(shape: readonly number[]): HostTensor {
  return { shape, data: new Float32Array(shape.reduce((product, side) => product * side, 1)) };
}

function put({ shape, data }: HostTensor, position: readonly number[], value: number): void {
  data[position.reduce((index, at, axis) => index * shape[axis]! + at, 0)] = value;
}
