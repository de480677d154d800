/**
 * The gradients of a convolution, composed of forward convolutions: TensorFlow.js's WebAssembly backend has a fast
 * forward kernel (XNNPACK), a slow gradient for the input and none for the filter.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AttributesOf } from '../../graph/operations';
import { convolutionGeometry, type WindowAxis } from '../../graph/convolution-geometry';
import { imageShape, type Shape } from '../../graph/shape';
import { plainKernels } from './kernels';
import { crop, packPhases, phaseAxis, reverseAxes, swapOuterAxes, type PhaseAxis } from './kernels/packing';
import type { TensorBackend } from './tensor-backend';

type Shape4 = readonly [number, number, number, number];
type Memory = Pick<TensorBackend, 'allocate' | 'view' | 'release'>;

/** Zeros around the image. */
export interface ExplicitPadding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** A forward convolution of stride 1. */
export type Convolve = (
  x: TensorInfo,
  filter: TensorInfo,
  padding: ExplicitPadding,
  dilation: number,
) => TensorInfo;

/** Makes a tensor and fills it from others; `fill` gets the views of all. */
function make(
  memory: Memory,
  shape: Shape,
  from: readonly TensorInfo[],
  fill: (to: Float32Array, from: readonly Float32Array[]) => void,
): TensorInfo {
  const tensor = memory.allocate(shape);
  fill(
    memory.view(tensor),
    from.map((source) => memory.view(source)),
  );
  return tensor;
}

/**
 * dx as a convolution of dy with the filter's phases (see `phaseAxis`), put in place by a pixel shuffle. With stride 1
 * there is one phase, and nothing to shuffle.
 */
export function convolutionInputGradient(
  memory: Memory,
  convolve: Convolve,
  { dy, filter }: { dy: TensorInfo; filter: TensorInfo },
  attributes: AttributesOf<'Conv2DBackpropInput'>,
): TensorInfo {
  const { stride, inputShape } = attributes;
  const { batch, rows, columns, inputChannels, outputChannels } = convolutionGeometry(
    inputShape,
    filter.shape,
    attributes,
  );
  const rowPhases = phaseAxis(rows.kernel, stride, rows.before);
  const columnPhases = phaseAxis(columns.kernel, stride, columns.before);
  const packed = make(
    memory,
    [rowPhases.taps, columnPhases.taps, outputChannels, stride * stride * inputChannels],
    [filter],
    (to, [from]) => {
      packPhases(
        from!,
        [rows.kernel, columns.kernel, inputChannels, outputChannels],
        { stride, before: [rows.before, columns.before], rows: rowPhases, columns: columnPhases },
        to,
      );
    },
  );
  const [top, bottom] = phasePadding(rows, rowPhases);
  const [left, right] = phasePadding(columns, columnPhases);
  const phases = convolve(dy, packed, { top, bottom, left, right }, 1);
  memory.release(packed);
  if (stride === 1) return phases;

  const { height, width } = imageShape(phases.shape, 'the phases of a gradient');
  const shuffledShape: Shape4 = [batch, height * stride, width * stride, inputChannels];
  const shuffled = make(memory, shuffledShape, [phases], (to, [from]) => {
    plainKernels.PixelShuffle([from!], [to], {
      attributes: { factor: stride },
      inputShapes: [phases.shape],
      outputShapes: [shuffledShape],
    });
  });
  memory.release(phases);
  return cropped(memory, shuffled, [batch, rows.input, columns.input, inputChannels]);
}

/** The upper left part of an image batch in place of the whole, which is released. */
function cropped(memory: Memory, image: TensorInfo, shape: Shape4): TensorInfo {
  const { batch, height, width, channels } = imageShape(image.shape, 'the image to crop');
  if (height === shape[1] && width === shape[2]) return image;
  const part = make(memory, shape, [image], (to, [from]) => {
    crop(from!, [batch, height, width, channels], to, shape);
  });
  memory.release(image);
  return part;
}

/** Zeros before and after dy, so that there is one result for each block of `stride` elements of dx. */
function phasePadding(axis: WindowAxis, phases: PhaseAxis): [number, number] {
  const blocks = Math.ceil(axis.input / axis.stride);
  const before = -phases.first;
  return [before, blocks + phases.taps - 1 - before - axis.output];
}

/**
 * dfilter: the convolution of x with dy, dilated by the stride, where batch and channels have changed places:
 * x as [in, h, w, n], dy as [h′, w′, n, out], the result as [in, kh, kw, out].
 */
export function convolutionFilterGradient(
  memory: Memory,
  convolve: Convolve,
  { x, dy }: { x: TensorInfo; dy: TensorInfo },
  attributes: AttributesOf<'Conv2DBackpropFilter'>,
): TensorInfo {
  const { batch, rows, columns, inputChannels, outputChannels } = convolutionGeometry(
    x.shape,
    attributes.filterShape,
    attributes,
  );
  const pixels = rows.input * columns.input;
  const outputs = rows.output * columns.output;
  const image = make(memory, [inputChannels, rows.input, columns.input, batch], [x], (to, [from]) => {
    reverseAxes(from!, [batch, pixels, inputChannels], to);
  });
  const kernel = make(memory, [rows.output, columns.output, batch, outputChannels], [dy], (to, [from]) => {
    swapOuterAxes(from!, [batch, outputs, outputChannels], to);
  });
  const [top, bottom] = filterPadding(rows);
  const [left, right] = filterPadding(columns);
  const swapped = convolve(image, kernel, { top, bottom, left, right }, attributes.stride);
  memory.release(image);
  memory.release(kernel);
  const fitting = cropped(memory, swapped, [inputChannels, rows.kernel, columns.kernel, outputChannels]);
  const result = make(memory, attributes.filterShape, [fitting], (to, [from]) => {
    swapOuterAxes(from!, [inputChannels, rows.kernel * columns.kernel, outputChannels], to);
  });
  memory.release(fitting);
  return result;
}

/**
 * Zeros around x, so that dy fits in as many places as the kernel has elements. Where the last elements of x were not
 * read, it fits in more, and the result is cropped.
 */
function filterPadding({ input, kernel, stride, output, before }: WindowAxis): [number, number] {
  return [before, Math.max(0, (output - 1) * stride + kernel - input - before)];
}
