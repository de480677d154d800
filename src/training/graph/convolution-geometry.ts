/**
 * Where a convolution's window lies on its input. One convention everywhere, TensorFlow's: `same` gives ⌈input / stride⌉
 * outputs and puts the smaller half of the zeros before; `valid` adds none.
 */
import type { Shape } from './shape';
import { formatShape, imageShape } from './shape';

export type Padding = 'same' | 'valid';

/** One axis of a convolution. */
export interface WindowAxis {
  readonly input: number;
  readonly kernel: number;
  readonly stride: number;
  readonly output: number;
  /** Zeros before the first element; with `same` and an even total, as many after. */
  readonly before: number;
  /** Zeros that the last window reaches after the last element. */
  readonly after: number;
}

/** Lays windows of `kernel` elements over `input` elements. Throws where not one fits. */
export function windowAxis(input: number, kernel: number, stride: number, padding: Padding): WindowAxis {
  const output = padding === 'same' ? Math.ceil(input / stride) : Math.floor((input - kernel) / stride) + 1;
  if (output < 1) throw new Error(`a window of ${kernel} does not fit into ${input} elements`);
  const zeros = padding === 'same' ? Math.max(0, (output - 1) * stride + kernel - input) : 0;
  const before = Math.floor(zeros / 2);
  return { input, kernel, stride, output, before, after: zeros - before };
}

/** The geometry of a two-dimensional convolution. */
export interface ConvolutionGeometry {
  readonly batch: number;
  readonly rows: WindowAxis;
  readonly columns: WindowAxis;
  readonly inputChannels: number;
  readonly outputChannels: number;
}

/**
 * @param input [batch, height, width, inputChannels]
 * @param filter [kernelHeight, kernelWidth, inputChannels, outputChannels]
 */
export function convolutionGeometry(
  input: Shape,
  filter: Shape,
  { stride, padding }: { stride: number; padding: Padding },
): ConvolutionGeometry {
  const { batch, height, width, channels } = imageShape(input, 'the input of a convolution');
  const [kernelHeight, kernelWidth, inputChannels, outputChannels] = filter;
  if (
    filter.length !== 4 ||
    kernelHeight === undefined ||
    kernelWidth === undefined ||
    inputChannels === undefined ||
    outputChannels === undefined
  ) {
    throw new Error(`a convolution kernel must be [height, width, in, out], not ${formatShape(filter)}`);
  }
  if (channels !== inputChannels) {
    throw new Error(`a kernel ${formatShape(filter)} does not fit an input ${formatShape(input)}`);
  }
  return {
    batch,
    rows: windowAxis(height, kernelHeight, stride, padding),
    columns: windowAxis(width, kernelWidth, stride, padding),
    inputChannels,
    outputChannels,
  };
}

/** [batch, height, width, outputChannels] of the result. */
export function convolutionOutputShape(geometry: ConvolutionGeometry): Shape {
  return [geometry.batch, geometry.rows.output, geometry.columns.output, geometry.outputChannels];
}

/** Multiplications and additions of the direct algorithm, zeros of the border counted too. */
export function convolutionFlops(geometry: ConvolutionGeometry): number {
  const { batch, rows, columns, inputChannels, outputChannels } = geometry;
  const window = rows.kernel * columns.kernel * inputChannels;
  return 2 * batch * rows.output * columns.output * outputChannels * window;
}
