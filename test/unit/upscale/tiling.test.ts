/** Windows follow the memory there is, and what they are said to take is what the engine then holds. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { presets } from '../../../src/protocol/presets';
import type { GeneratorConfiguration } from '../../../src/protocol/run-configuration';
import { EmbeddedEngine } from '../../../src/training/engines/wasm/embedded-engine';
import { generatorNetwork } from '../../../src/training/networks/generator';
import { initialise } from '../../../src/training/networks/initialise';
import { receptiveRadius } from '../../../src/training/networks/parameters';
import { traceInference } from '../../../src/training/step/inference';
import { MODEST_BYTES, tilingFor, windowBytesPerPixel } from '../../../src/training/upscale/tiling';

const GIB = 2 ** 30;
const description = { name: 'embedded', device: 'CPU', threads: 2, versions: {} } as const;
const { generator } = presets.paper;

describe('upscale: windows by memory', function () {
  this.timeout(60_000);

  it('takes a quarter of what is free, up to a gibibyte, or what it is told', () => {
    const side = (available: number, most?: number): number =>
      tilingFor({ description }, generator, 4, most, available).largest;
    assert.ok(side(2 * GIB) > side(GIB));
    assert.equal(side(64 * GIB), side(4 * GIB));
    assert.equal(side(64 * GIB, MODEST_BYTES), side(GIB));
    const bytes = windowBytesPerPixel(description, generator, 4) * side(64 * GIB) ** 2;
    assert.ok(bytes <= GIB && bytes > 0.98 * GIB, `${bytes} bytes`);
  });

  it('leaves windows a core where there is next to no memory', () => {
    const { largest } = tilingFor({ description }, generator, 4, undefined, 2 ** 20);
    assert.equal(largest, 3 * receptiveRadius(generator, 4));
  });

  it('goes by the memory of a GPU where that computes', () => {
    const devices = [
      { name: '/device:GPU:0', type: 'GPU', memoryBytes: GIB },
      { name: '/device:CPU:0', type: 'CPU', memoryBytes: 2 ** 28 },
    ];
    const native = { ...description, name: 'native' };
    const onGpu = tilingFor({ description: { ...native, devices } }, generator, 4, undefined, 64 * GIB);
    assert.deepEqual(onGpu, tilingFor({ description: native }, generator, 4, undefined, GIB));
  });

  it('knows what a window takes on the embedded engine, within a fifth', async () => {
    const networks: GeneratorConfiguration[] = [
      { blocks: 1, channels: 8, normalisation: 'batch', prelu: 'channel', globalSkip: 'bicubic' },
      { blocks: 4, channels: 32, normalisation: 'none', prelu: 'layer', globalSkip: 'none' },
    ];
    for (const network of networks) {
      const engine = await EmbeddedEngine.open();
      try {
        const state = await engine.createState(initialise(generatorNetwork(network, 4), 1));
        const graph = traceInference(network, 4, { batch: 1, height: 180, width: 150 });
        const { memoryBytes } = await engine.compile(graph, state);
        const expected = 180 * 150 * windowBytesPerPixel(engine.description, network, 4);
        assert.ok(Math.abs(memoryBytes - expected) < 0.2 * expected, `${memoryBytes}, expected ${expected}`);
      } finally {
        await engine.dispose();
      }
    }
  });
});
