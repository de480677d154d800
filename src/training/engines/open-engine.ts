/** The engines by name, and what `auto` becomes on this machine. */
import { LabError, messageOf } from '../../folders/lab-error';
import type { EngineName } from '../../protocol/engine-report';
import type { EngineChoice } from '../../protocol/run-configuration';
import { chooseEngine, usableTensorFlow, type EngineDecision } from '../doctor/choose-engine';
import type { Engine } from './engine';
import { NativeEngine } from './native/native-engine';
import { searchOptions } from './native/find-tensorflow';
import { EmbeddedEngine } from './wasm/embedded-engine';

export interface EngineOptions {
  /** TensorFlow's library, for the native engine; the first that fits is found where it is not given. */
  readonly library?: string | undefined;
}

const engines: Readonly<Record<EngineName, (options: EngineOptions) => Promise<Engine>>> = {
  embedded: () => EmbeddedEngine.open(),
  native: async ({ library }) => openNative(library ?? (await usableTensorFlow(searchOptions()))?.library),
};

function openNative(library: string | undefined): Engine {
  if (library === undefined) {
    throw new LabError(
      'The native engine needs a TensorFlow, and there is none that fits on this machine. ' +
        'Set it up (srgan-lab engine setup), or choose the embedded engine.',
    );
  }
  try {
    return new NativeEngine(library);
  } catch (error) {
    throw new LabError(
      `The TensorFlow at ${library} cannot be used: ${messageOf(error)} ` +
        'srgan-lab engine doctor tells more; the embedded engine needs none.',
      { cause: error },
    );
  }
}

/** Opens the engine of that name. Throws a `LabError` if it cannot run here. */
export function openEngineByName(name: EngineName, options: EngineOptions = {}): Promise<Engine> {
  return engines[name](options);
}

/** The engine that a choice means here, and why. */
export function decideEngine(choice: EngineChoice): Promise<EngineDecision> {
  if (choice === 'auto') return chooseEngine(searchOptions());
  return Promise.resolve({ engine: choice, reason: 'Chosen in the run’s configuration.' });
}

/** Opens the engine that a choice means here. Throws a `LabError` if it cannot run. */
export async function openEngine(choice: EngineChoice): Promise<Engine> {
  const decision = await decideEngine(choice);
  return openEngineByName(decision.engine, decision);
}
