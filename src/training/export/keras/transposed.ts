/**
 * A k×k convolution to factor²·C channels followed by a pixel shuffle is one transposed convolution to C channels with
 * kernel k·factor, stride factor and padding `same`: each phase of its kernel is one of the k×k filters, turned around.
 */
import type { HostTensor } from '../../engines/engine';

interface Sizes {
  readonly kernel: number;
  readonly inputs: number;
  readonly channels: number;
  readonly factor: number;
}

/** [k, k, in, factor²·C] → [k·factor, k·factor, C, in], Keras' order of a transposed kernel. */
export function transposedKernel({ shape, data }: HostTensor, factor: number): HostTensor {
  const sizes = { kernel: shape[0]!, inputs: shape[2]!, channels: shape[3]! / factor ** 2, factor };
  const side = sizes.kernel * factor;
  const result = new Float32Array(data.length);
  forEachWeight(sizes, (plain, transposed) => {
    result[transposed] = data[plain]!;
  });
  return { shape: [side, side, sizes.channels, sizes.inputs], data: result };
}

/** The inverse of `transposedKernel`. */
export function plainKernel({ shape, data }: HostTensor, factor: number): HostTensor {
  const sizes = { kernel: shape[0]! / factor, inputs: shape[3]!, channels: shape[2]!, factor };
  const result = new Float32Array(data.length);
  forEachWeight(sizes, (plain, transposed) => {
    result[plain] = data[transposed]!;
  });
  return {
    shape: [sizes.kernel, sizes.kernel, sizes.inputs, sizes.channels * factor ** 2],
    data: result,
  };
}

/** Visits each weight by its index in both orders. */
function forEachWeight(
  { kernel, inputs, channels, factor }: Sizes,
  visit: (plain: number, transposed: number) => void,
): void {
  const side = kernel * factor;
  const outputs = channels * factor * factor;
  let plain = 0;
  for (let row = 0; row < kernel; row++) {
    for (let column = 0; column < kernel; column++) {
      for (let input = 0; input < inputs; input++) {
        for (let output = 0; output < outputs; output++) {
          const phase = Math.floor(output / channels);
          const y = (kernel - 1 - row) * factor + Math.floor(phase / factor);
          const x = (kernel - 1 - column) * factor + (phase % factor);
          visit(plain++, ((y * side + x) * channels + (output % channels)) * inputs + input);
        }
      }
    }
  }
}

/** Biases [factor²·C] of the phases as a transposed kernel [factor, factor, C, 1] over an image of ones. */
export function phaseBiasKernel({ data }: HostTensor, factor: number): HostTensor {
  return { shape: [factor, factor, data.length / factor ** 2, 1], data };
}

/** The kernel [factor, factor, C, factor²·C] that does nothing but shuffle. */
export function shuffleKernel(channels: number, factor: number): HostTensor {
  const inputs = channels * factor * factor;
  const data = new Float32Array(inputs * inputs);
  for (let input = 0; input < inputs; input++) data[input * inputs + input] = 1;
  return { shape: [factor, factor, channels, inputs], data };
}
