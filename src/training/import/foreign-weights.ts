/**
 * Weights in a file of another framework: names and shapes first, which are checked before any tensor is read. Names are
 * only ever compared with names that are wanted; none becomes a path.
 */
import type { HostTensor, NamedTensors } from '../engines/engine';
import type { Shape } from '../graph/shape';

export type ForeignFormat = 'tfjs' | 'hdf5' | 'safetensors';

export interface ForeignWeights {
  readonly format: ForeignFormat;
  /** The file or folder, for messages. */
  readonly path: string;
  /** Names, in Keras' formats `LAYER/WEIGHT`, with their shapes. */
  readonly shapes: ReadonlyMap<string, Shape>;
  /** What the lab itself wrote into the file to say which network it is; not checked yet. */
  readonly description: unknown;
  /** The named tensors; all of them must be among `shapes`. */
  read(names: readonly string[]): Promise<NamedTensors>;
}

/** Tensors of a name each, as an object that no name can damage. */
export function tensorsOf(entries: Iterable<readonly [string, HostTensor]>): NamedTensors {
  return Object.fromEntries(entries);
}
