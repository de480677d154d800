/** One generator on the engine that takes the weights of one checkpoint after the other: it is compiled once. */
import type { RgbImage } from '../../imaging/image';
import type { RunConfiguration } from '../../protocol/run-configuration';
import type { EngineState } from '../engines/engine';
import type { LoadedGenerator } from '../upscale/load-generator';
import { MODEST_BYTES, tilingFor } from '../upscale/tiling';
import { createUpscaler, type Upscaler } from '../upscale/upscaler';
import type { Enlarger, EnlargerOptions } from './enlarger';

export class CheckpointEnlarger implements Enlarger {
  readonly name = 'checkpoint';
  description = '';
  engine: string | null = null;
  private opened: { state: EngineState; upscaler: Upscaler } | undefined;

  constructor(
    private readonly configuration: RunConfiguration,
    private readonly openEngine: EnlargerOptions['openEngine'],
  ) {}

  /** Enlarges with these weights from now on. */
  async take({ description, weights }: LoadedGenerator): Promise<void> {
    this.description = description;
    if (this.opened !== undefined) {
      await this.opened.state.write(weights);
      return;
    }
    const { engine: choice, engineSettings, generator, scale } = this.configuration;
    const engine = await this.openEngine(choice, engineSettings);
    this.engine = engine.description.name;
    const state = await engine.createState(weights);
    const tiling = tilingFor(engine, generator, scale, MODEST_BYTES);
    this.opened = { state, upscaler: createUpscaler(engine, state, generator, scale, tiling) };
  }

  enlarge(lr: RgbImage, signal: AbortSignal): Promise<RgbImage> {
    if (this.opened === undefined) throw new Error('no checkpoint was taken yet');
    return this.opened.upscaler.upscale(lr, { signal });
  }

  dispose(): void {
    this.opened?.upscaler.dispose();
    this.opened?.state.dispose();
    this.opened = undefined;
  }
}
