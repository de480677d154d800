/** Every operation of the vocabulary in plain double-precision JavaScript: loops over the definition, nothing clever. */
import {
  convolutionGeometry,
  type ConvolutionGeometry,
  type Padding,
} from '../../../../src/training/graph/convolution-geometry';
import { elementCount, type Shape } from '../../../../src/training/graph/shape';
import type { Reference } from './tensors';

type Data = Float64Array;
const zeros = (shape: Shape): Data => new Float64Array(elementCount(shape));
const channelsOf = (x: Reference): number => x.shape.at(-1)!;

/** Calls `visit` with the offsets in x, filter and y of every product of a convolution. */
function forProducts(g: ConvolutionGeometry, visit: (x: number, filter: number, y: number) => void): void {
  const { batch, rows, columns, inputChannels, outputChannels } = g;
  for (let n = 0; n < batch; n++)
    for (let oh = 0; oh < rows.output; oh++)
      for (let ow = 0; ow < columns.output; ow++)
        for (let kh = 0; kh < rows.kernel; kh++)
          for (let kw = 0; kw < columns.kernel; kw++) {
            const ih = oh * rows.stride + kh - rows.before;
            const iw = ow * columns.stride + kw - columns.before;
            if (ih < 0 || iw < 0 || ih >= rows.input || iw >= columns.input) continue;
            const y = ((n * rows.output + oh) * columns.output + ow) * outputChannels;
            const x = ((n * rows.input + ih) * columns.input + iw) * inputChannels;
            const filter = (kh * columns.kernel + kw) * inputChannels * outputChannels;
            for (let i = 0; i < inputChannels; i++)
              for (let o = 0; o < outputChannels; o++) visit(x + i, filter + i * outputChannels + o, y + o);
          }
}

export interface Windows {
  stride: number;
  padding: Padding;
}

export function conv2D(x: Reference, filter: Reference, windows: Windows): Data {
  const g = convolutionGeometry(x.shape, filter.shape, windows);
  const y = zeros([g.batch, g.rows.output, g.columns.output, g.outputChannels]);
  forProducts(g, (ix, iw, iy) => (y[iy]! += x.data[ix]! * filter.data[iw]!));
  return y;
}

export function conv2DBackpropInput(dy: Reference, filter: Reference, inputShape: Shape, w: Windows): Data {
  const dx = zeros(inputShape);
  const g = convolutionGeometry(inputShape, filter.shape, w);
  forProducts(g, (ix, iw, iy) => (dx[ix]! += dy.data[iy]! * filter.data[iw]!));
  return dx;
}

export function conv2DBackpropFilter(x: Reference, dy: Reference, filterShape: Shape, w: Windows): Data {
  const dfilter = zeros(filterShape);
  const g = convolutionGeometry(x.shape, filterShape, w);
  forProducts(g, (ix, iw, iy) => (dfilter[iw]! += x.data[ix]! * dy.data[iy]!));
  return dfilter;
}

export function matMul(a: Reference, b: Reference, transposeA: boolean, transposeB: boolean): Data {
  const [aRows, aColumns] = a.shape as [number, number];
  const [bRows, bColumns] = b.shape as [number, number];
  const [rows, depth] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const columns = transposeB ? bRows : bColumns;
  const product = zeros([rows, columns]);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let k = 0; k < depth; k++) {
        const left = a.data[transposeA ? k * aColumns + i : i * aColumns + k]!;
        const right = b.data[transposeB ? j * bColumns + k : k * bColumns + j]!;
        product[i * columns + j]! += left * right;
      }
  return product;
}

/** Σ over pixels of f(element offset), for each channel. */
function channelSums(x: Reference, f: (offset: number, channel: number) => number): Data {
  const channels = channelsOf(x);
  const sums = new Float64Array(channels);
  x.data.forEach((_, i) => (sums[i % channels]! += f(i, i % channels)));
  return sums;
}

export function channelSum(x: Reference): Data {
  return channelSums(x, (i) => x.data[i]!);
}

/** `compute` on each of `groups` equal parts of all tensors, and its results one after the other. */
export function inGroups(
  groups: number,
  tensors: readonly Reference[],
  compute: (parts: readonly Reference[]) => Data[],
): Data[] {
  const part = (array: Data, group: number): Data =>
    array.slice((group * array.length) / groups, ((group + 1) * array.length) / groups);
  const results = Array.from({ length: groups }, (_, group) =>
    compute(tensors.map(({ shape, data }) => ({ shape, data: part(data, group) }))),
  );
  return results[0]!.map((_, i) => Float64Array.from(results.flatMap((result) => [...result[i]!])));
}

export function batchNormTraining(x: Reference, gamma: Reference, beta: Reference, epsilon: number): Data[] {
  const channels = channelsOf(x);
  const pixels = x.data.length / channels;
  const mean = channelSum(x).map((sum) => sum / pixels);
  const variance = channelSums(x, (i, c) => (x.data[i]! - mean[c]!) ** 2).map((sum) => sum / pixels);
  const shape = [channels];
  const y = batchNormInference(x, gamma, beta, { shape, data: mean }, { shape, data: variance }, epsilon);
  return [y, mean, variance];
}

export function batchNormInference(
  x: Reference,
  gamma: Reference,
  beta: Reference,
  mean: Reference,
  variance: Reference,
  epsilon: number,
): Data {
  const channels = channelsOf(x);
  return x.data.map((value, i) => {
    const c = i % channels;
    const normal = (value - mean.data[c]!) / Math.sqrt(variance.data[c]! + epsilon);
    return gamma.data[c]! * normal + beta.data[c]!;
  });
}

export function batchNormTrainingGrad(
  dy: Reference,
  x: Reference,
  gamma: Reference,
  mean: Reference,
  variance: Reference,
  epsilon: number,
): Data[] {
  const channels = channelsOf(x);
  const pixels = x.data.length / channels;
  const deviation = variance.data.map((v) => Math.sqrt(v + epsilon));
  const normal = x.data.map((v, i) => (v - mean.data[i % channels]!) / deviation[i % channels]!);
  const dgamma = channelSums(x, (i) => dy.data[i]! * normal[i]!);
  const dbeta = channelSum(dy);
  const dx = dy.data.map((d, i) => {
    const c = i % channels;
    const centred = d - dbeta[c]! / pixels - (normal[i]! * dgamma[c]!) / pixels;
    return (gamma.data[c]! / deviation[c]!) * centred;
  });
  return [dx, dgamma, dbeta];
}

export function preluGrad(dy: Reference, x: Reference, alpha: Reference): Data[] {
  const slopes = alpha.data.length;
  const dx = dy.data.map((d, i) => (x.data[i]! > 0 ? d : d * alpha.data[i % slopes]!));
  const dalpha = new Float64Array(slopes);
  x.data.forEach((value, i) => {
    if (value <= 0) dalpha[i % slopes]! += dy.data[i]! * value;
  });
  return [dx, dalpha];
}

/** Offsets of packed and image elements that pixel shuffle pairs; `shape` is that of the image. */
export function forShuffled(shape: Shape, f: number, visit: (image: number, packed: number) => void): void {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const [h, w] = [height / f, width / f];
  for (let n = 0; n < batch; n++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let k = 0; k < channels; k++) {
          const depth = ((y % f) * f + (x % f)) * channels + k;
          const packed = ((n * h + Math.floor(y / f)) * w + Math.floor(x / f)) * f * f * channels + depth;
          visit(((n * height + y) * width + x) * channels + k, packed);
        }
}

/** For each pooled element, the offsets of its window in row-major order. */
export function forWindows(shape: Shape, visit: (pooled: number, window: number[]) => void): void {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const [h, w] = [Math.floor(height / 2), Math.floor(width / 2)];
  for (let n = 0; n < batch; n++)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++)
        for (let k = 0; k < channels; k++) {
          const corner = (dy: number, dx: number): number =>
            ((n * height + 2 * y + dy) * width + 2 * x + dx) * channels + k;
          visit(((n * h + y) * w + x) * channels + k, [
            corner(0, 0),
            corner(0, 1),
            corner(1, 0),
            corner(1, 1),
          ]);
        }
}

export function mirrorPad(x: Reference, amount: number): Data {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const mirrored = (i: number, size: number): number => {
    const phase = (((i % (2 * size)) + 2 * size) % (2 * size)) | 0;
    return phase < size ? phase : 2 * size - 1 - phase;
  };
  const [paddedHeight, paddedWidth] = [height + 2 * amount, width + 2 * amount];
  const y = zeros([batch, paddedHeight, paddedWidth, channels]);
  for (let n = 0; n < batch; n++)
    for (let i = 0; i < paddedHeight; i++)
      for (let j = 0; j < paddedWidth; j++)
        for (let k = 0; k < channels; k++) {
          const row = n * height + mirrored(i - amount, height);
          const source = (row * width + mirrored(j - amount, width)) * channels + k;
          y[((n * paddedHeight + i) * paddedWidth + j) * channels + k] = x.data[source]!;
        }
  return y;
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export const mean = (values: Data): number => values.reduce((a, b) => a + b, 0) / values.length;

/** The loss of SoftmaxCrossEntropy, and softmax(logits). */
export function softmaxCrossEntropy(logits: Reference, target: Reference): { loss: number; shares: Data } {
  const [rows, classes] = logits.shape as readonly [number, number];
  const shares = zeros(logits.shape);
  let loss = 0;
  for (let start = 0; start < rows * classes; start += classes) {
    const row = logits.data.subarray(start, start + classes);
    const greatest = Math.max(...row);
    const exponentials = row.map((x) => Math.exp(x - greatest));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    row.forEach((x, k) => {
      shares[start + k] = exponentials[k]! / sum;
      loss += (target.data[start + k]! * (Math.log(sum) + greatest - x)) / rows;
    });
  }
  return { loss, shares };
}
