/** What of an engine's state a checkpoint keeps, fetched one tensor at a time: a large state is never held twice. */
import type { EngineState, HostTensor } from '../engines/engine';
import type { Shape } from '../graph/shape';
import type { TensorSource } from './safetensors';

export interface PersistentState {
  readonly source: TensorSource;
  /** Tensors with a number that is infinite or not a number. */
  readonly broken: readonly string[];
}

/** Looks at the named tensors. The source reads them again, so nothing may run on the state until it has been used. */
export async function persistentState(
  state: EngineState,
  names: readonly string[],
): Promise<PersistentState> {
  const read = async (name: string): Promise<HostTensor> => (await state.read([name]))[name]!;
  const shapes: Record<string, Shape> = {};
  const broken: string[] = [];
  for (const name of names) {
    const { shape, data } = await read(name);
    shapes[name] = shape;
    if (!data.every(Number.isFinite)) broken.push(name);
  }
  return { source: { shapes, read: async (name) => (await read(name)).data }, broken };
}
