/** The engines that a run can choose, by the name in its configuration. */
import type { EngineChoice } from '../../protocol/run-configuration';
import type { Engine } from './engine';
import { openEmbeddedEngine } from './tfjs/embedded';

const engines: Readonly<Record<EngineChoice, () => Promise<Engine>>> = {
  auto: openEmbeddedEngine,
  embedded: openEmbeddedEngine,
};

/** Opens the engine of that name. Throws a `LabError` if it cannot run here. */
export function openEngine(choice: EngineChoice): Promise<Engine> {
  return engines[choice]();
}
