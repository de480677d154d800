/** Weights that claim to be a network's, held against its description before anything is computed with them. */
import { LabError } from '../../folders/lab-error';
import type { NamedTensors } from '../engines/engine';
import { sameShape } from '../graph/shape';
import type { Network } from '../networks/network';
import { parameterSpecs } from '../networks/parameters';

/**
 * The network's tensors among those given. Throws a `LabError` that calls them “the weights of `what`” where one is
 * missing, of another shape, or holds something that is no finite number.
 */
export function fittingWeights(tensors: NamedTensors, network: Network, what: string): NamedTensors {
  const weights = parameterSpecs(network).map(({ name, shape }) => {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (tensor === undefined || !sameShape(tensor.shape, shape)) {
      const found = tensor === undefined ? 'is missing' : `is [${tensor.shape.join(', ')}]`;
      throw new LabError(
        `The weights of ${what} do not fit its description: ${name} ${found} and should be [${shape.join(', ')}].`,
      );
    }
    if (!tensor.data.every(Number.isFinite)) {
      throw new LabError(
        `The weights of ${what} cannot be used: ${name} holds values that are no finite numbers. ` +
          'It was damaged, or written after a training that diverged.',
      );
    }
    return [name, tensor] as const;
  });
  return Object.fromEntries(weights);
}
