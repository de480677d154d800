/** The engines by name, and what `auto` becomes on this machine. */
import { LabError, messageOf } from '../../folders/lab-error';
import type { EngineName } from '../../protocol/engine-report';
import {
  defaultEngineSettings,
  type ConvolutionMethod,
  type EngineSettings,
} from '../../protocol/engine-settings';
import type { EngineChoice } from '../../protocol/run-configuration';
import { chooseEngine, type EngineDecision } from '../doctor/choose-engine';
import { reasonAgainstWideVectors } from '../doctor/prove-wide-vectors';
import { loadableTensorFlow } from '../doctor/trial';
import type { Engine } from './engine';
import { NativeEngine } from './native/native-engine';
import type { TensorFlowOptions } from './native/config-proto';
import { searchOptions } from './native/find-tensorflow';
import { EmbeddedEngine, type EmbeddedOptions } from './wasm/embedded-engine';
import type { ExactnessChoice } from './wasm/plan/lowering/lowering';

export interface EngineOptions {
  /** TensorFlow's library, for the native engine; where it is not given, the first that fits is found, and tried first. */
  readonly library?: string | undefined;
  /** How it computes; the defaults where not given. */
  readonly settings?: EngineSettings | undefined;
}

const exactness: Readonly<Record<ConvolutionMethod, ExactnessChoice>> = {
  auto: 'auto',
  'winograd-6x6': 'winograd6',
  'winograd-4x4': 'winograd4',
  'winograd-2x2': 'winograd2',
  direct: 'direct',
};

/** What the settings of a run are to the embedded engine, but for its vectors, which are tried. */
export function embeddedOptions({ embedded }: EngineSettings): EmbeddedOptions {
  const { threads, convolutions } = embedded;
  return { threads: threads === 'auto' ? undefined : threads, exactness: exactness[convolutions] };
}

/** Opens the embedded engine with the settings of a run. */
export async function openEmbedded(settings: EngineSettings): Promise<EmbeddedEngine> {
  const { embedded } = settings;
  const options = embeddedOptions(settings);
  if (embedded.wideVectors !== 'auto') {
    return EmbeddedEngine.open({ ...options, wideVectors: embedded.wideVectors });
  }
  const narrowBecause = await reasonAgainstWideVectors(embedded);
  return EmbeddedEngine.open({ ...options, wideVectors: narrowBecause === undefined, narrowBecause });
}

/** What the settings of a run are to TensorFlow. */
export function tensorFlowOptions({ native }: EngineSettings): TensorFlowOptions {
  const { bfloat16, gpuMemory } = native;
  return { bfloat16, ...(gpuMemory !== 'growth' && { gpuMemoryLimitMb: gpuMemory }) };
}

const engines: Readonly<Record<EngineName, (options: EngineOptions) => Promise<Engine>>> = {
  embedded: ({ settings = defaultEngineSettings }) => openEmbedded(settings),
  native: async ({ library, settings = defaultEngineSettings }) =>
    openNative(library ?? (await loadableTensorFlow(searchOptions())), tensorFlowOptions(settings)),
};

function openNative(library: string, options: TensorFlowOptions): Engine {
  try {
    return new NativeEngine(library, options);
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

/** Why a run has the engine that its configuration names. */
export const CHOSEN_REASON = 'It was chosen in the settings.';

/** The engine that a choice means here, and why. */
export function decideEngine(
  choice: EngineChoice,
  settings: EngineSettings = defaultEngineSettings,
): Promise<EngineDecision> {
  if (choice === 'auto') return chooseEngine({ ...searchOptions(), settings });
  return Promise.resolve({ engine: choice, reason: CHOSEN_REASON });
}

/** Opens the engine that a choice means here. Throws a `LabError` if it cannot run. */
export async function openEngine(choice: EngineChoice, settings?: EngineSettings): Promise<Engine> {
  const { engine, library } = await decideEngine(choice, settings);
  return openEngineByName(engine, { library, settings });
}
