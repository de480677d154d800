/** The same weights in the orders of other frameworks. Ours are HWIO, TensorFlow's. */
import type { HostTensor } from '../engines/engine';
import { elementCount } from '../graph/shape';

/** Reorders axes: axis i of the result is axis `order[i]` of the tensor. */
export function transpose({ shape, data }: HostTensor, order: readonly number[]): HostTensor {
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const transposed = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const result = new Float32Array(data.length);
  const position = order.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from]!;
    for (let axis = position.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++position[axis]! < transposed[axis]!) break;
      from -= steps[axis]! * transposed[axis]!;
      position[axis] = 0;
    }
  }
  return { shape: transposed, data: result };
}

/** [h, w, in, out] → [out, in, h, w], as ONNX and PyTorch have kernels; its own inverse is `hwioFromOihw`. */
export function oihwFromHwio(kernel: HostTensor): HostTensor {
  return transpose(kernel, [3, 2, 0, 1]);
}

export function hwioFromOihw(kernel: HostTensor): HostTensor {
  return transpose(kernel, [2, 3, 1, 0]);
}

/** The same numbers in another shape. */
export function reshaped({ data }: HostTensor, shape: readonly number[]): HostTensor {
  return { shape, data };
}

/** A dense kernel [side·side·channels, units] whose rows follow an image [side, side, channels], for one [channels, side, side]. */
export function rowsByChannel(kernel: HostTensor, side: number, channels: number): HostTensor {
  const units = kernel.shape[1]!;
  const image = transpose(reshaped(kernel, [side, side, channels, units]), [2, 0, 1, 3]);
  return reshaped(image, kernel.shape);
}

/** The inverse of `rowsByChannel`. */
export function rowsByPixel(kernel: HostTensor, side: number, channels: number): HostTensor {
  const units = kernel.shape[1]!;
  const image = transpose(reshaped(kernel, [channels, side, side, units]), [1, 2, 0, 3]);
  return reshaped(image, kernel.shape);
}

/**
 * The last axis from TensorFlow's order before a pixel shuffle, (a·factor + b)·C + c, to PyTorch's,
 * c·factor² + a·factor + b.
 */
export function channelsForPyTorch(tensor: HostTensor, factor: number): HostTensor {
  return regroupLast(tensor, factor * factor, tensor.shape.at(-1)! / (factor * factor));
}

/** The inverse of `channelsForPyTorch`. */
export function channelsFromPyTorch(tensor: HostTensor, factor: number): HostTensor {
  return regroupLast(tensor, tensor.shape.at(-1)! / (factor * factor), factor * factor);
}

/** Swaps the two parts, [outer, inner], that the last axis consists of. */
function regroupLast(tensor: HostTensor, outer: number, inner: number): HostTensor {
  const rest = tensor.data.length / (outer * inner);
  return reshaped(transpose(reshaped(tensor, [rest, outer, inner]), [0, 2, 1]), tensor.shape);
}
