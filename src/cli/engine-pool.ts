/** The engines of a command that opens several models: those of equal wishes share one, so that twenty checkpoints need no twenty thread pools. */
import type { EngineSettings } from '../protocol/engine-settings';
import type { EngineChoice } from '../protocol/run-configuration';
import type { Engine } from '../training/engines/engine';
import { openEngine } from '../training/engines/open-engine';
import { engineSettingsOf, type EngineSettingOptions } from './engine-options';

export interface EnginePoolOptions extends EngineSettingOptions {
  readonly engine?: EngineChoice;
}

export class EnginePool {
  private readonly engines = new Map<string, Engine>();

  /** @param options of the command line, which go before what a run wishes */
  constructor(private readonly options: EnginePoolOptions) {}

  /** Opens the engine that a model's run wishes, or `auto`. Throws a `LabError` if it cannot run. */
  readonly open = async (ofRun?: EngineChoice, settingsOfRun?: EngineSettings): Promise<Engine> => {
    const choice = this.options.engine ?? ofRun ?? 'auto';
    const settings = engineSettingsOf(this.options, settingsOfRun);
    const key = JSON.stringify([choice, settings]);
    const engine = this.engines.get(key) ?? (await openEngine(choice, settings));
    this.engines.set(key, engine);
    return engine;
  };

  /** After everything that was opened on them. */
  async dispose(): Promise<void> {
    for (const engine of this.engines.values()) await engine.dispose();
    this.engines.clear();
  }
}
