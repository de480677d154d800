/** All tensors of a run before its first step: both networks, their optimisers, and the content network. */
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { HostTensor, NamedTensors } from '../engines/engine';
import { elementCount } from '../graph/shape';
import { contentWeights } from './content-weights';
import { discriminatorNetwork } from './discriminator';
import { generatorNetwork } from './generator';
import { initialise } from './initialise';
import type { Network } from './network';
import { parameterSpecs } from './parameters';

/** Names of Adam's two moments of a parameter. */
export function momentNames(parameter: string): { m: string; v: string } {
  return { m: `adam/m/${parameter}`, v: `adam/v/${parameter}` };
}

/** Whether a checkpoint holds this tensor: all but the content network, which never changes. */
export function isPersistent(name: string): boolean {
  return !name.startsWith('content/');
}

/** Whether a tensor is one of Adam's moments of the network. */
export function isMomentOf(network: Network['name'], name: string): boolean {
  return /^adam\/[mv]\//.test(name) && name.split('/')[2] === network;
}

/** Adam's moments of a network before its first update: zeros. */
export function freshMoments(network: Network): Record<string, HostTensor> {
  return Object.fromEntries(
    parameterSpecs(network)
      .filter(({ trainable }) => trainable)
      .flatMap(({ name, shape }) =>
        Object.values(momentNames(name)).map((moment): [string, HostTensor] => [
          moment,
          { shape, data: new Float32Array(elementCount(shape)) },
        ]),
      ),
  );
}

/**
 * The state of a run at step 0. Discriminator and content network are part of it only where a stage is adversarial.
 *
 * @param folder the run’s folder, which a relative path of imported weights starts from
 * @throws LabError if imported weights cannot be read
 */
export async function initialState(configuration: RunConfiguration, folder?: string): Promise<NamedTensors> {
  const { scale, seed, data, stages } = configuration;
  const generator = generatorNetwork(configuration.generator, scale);
  const state = { ...initialise(generator, seed), ...freshMoments(generator) };
  if (!stages.some(({ name }) => name === 'adversarial')) return state;
  const discriminator = discriminatorNetwork(configuration.discriminator, data.patch);
  return {
    ...state,
    ...initialise(discriminator, seed),
    ...freshMoments(discriminator),
    ...(await contentWeights(configuration.content, folder)),
  };
}
