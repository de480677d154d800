/**
 * Fresh weights from a seed. Kernels are normal with variance gain / fan-in (He et al., ICCV 2015): gain 2 before a
 * rectifier, 1 before a linear output. Each parameter draws from a stream of its own name, so adding a layer leaves the
 * others as they were.
 */
import type { HostTensor } from '../engines/engine';
import { elementCount } from '../graph/shape';
import { randomStream } from '../../random/random-stream';
import { OUTPUT_CONVOLUTION } from './generator';
import type { Network } from './network';
import { parameterSpecs, type ParameterSpec } from './parameters';

/** Slope of a PReLU before training, as its authors set it. */
const PRELU_SLOPE = 0.25;

/** Gain of the kernels of one network, by the name of their node. */
type Gains = (nodeName: string) => number;

/** All state of a network, by full name. Equal seeds give equal weights on every machine. */
export function initialise(network: Network, seed: number): Record<string, HostTensor> {
  const gains = gainsOf(network);
  return Object.fromEntries(
    parameterSpecs(network).map((spec) => [
      spec.name,
      { shape: spec.shape, data: initialValues(spec, gains, seed) },
    ]),
  );
}

function gainsOf(network: Network): Gains {
  switch (network.name) {
    case 'generator':
      return generatorGains(network);
    case 'discriminator':
    case 'classifier':
      return (name) => (name === network.output ? 1 : 2);
    case 'content':
      return () => 2;
  }
}

/**
 * Without normalisation every residual block would add to the variance of the trunk as much as there is; scaled by their
 * number, all of them together do. With a bicubic skip connection the output starts at zero, and the run at bicubic.
 */
function generatorGains(network: Network): Gains {
  const has = (type: string): boolean => network.nodes.some((node) => node.type === type);
  const blocks = network.nodes.filter(({ name }) => /^block\d+\/conv2$/.test(name)).length;
  return (name) => {
    if (name === OUTPUT_CONVOLUTION) return has('bicubic') ? 0 : 1;
    return /^block\d+\/conv2$/.test(name) && !has('batchNorm') ? 2 / blocks : 2;
  };
}

function initialValues({ name, shape, role, node }: ParameterSpec, gains: Gains, seed: number): Float32Array {
  const values = new Float32Array(elementCount(shape));
  switch (role) {
    case 'kernel': {
      const fanIn = shape.slice(0, -1).reduce((product, side) => product * side, 1);
      const deviation = Math.sqrt(gains(node.name) / fanIn);
      if (deviation === 0) return values;
      const stream = randomStream(seed, `initialise/${name}`);
      return values.map(() => deviation * stream.normal());
    }
    case 'alpha':
      return values.fill(PRELU_SLOPE);
    case 'gamma':
    case 'variance':
      return values.fill(1);
    case 'bias':
    case 'beta':
    case 'mean':
      return values;
  }
}
