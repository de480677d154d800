/** What a file of another framework gives: a generator and its weights. */
import type { GeneratorConfiguration, Scale } from '../../protocol/run-configuration';
import type { NamedTensors } from '../engines/engine';

export interface ImportedGenerator {
  readonly scale: Scale;
  readonly generator: GeneratorConfiguration;
  readonly weights: NamedTensors;
}
