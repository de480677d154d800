/** Kernels for vectors of 256 bits: the same bits as those for 128, and when the engine takes them. */
import assert from 'node:assert/strict';
import type { NamedTensors } from '../../../src/training/engines/engine';
import type { EmbeddedOptions } from '../../../src/training/engines/wasm/embedded-engine';
import type { Exactness } from '../../../src/training/engines/wasm/plan/lowering/lowering';
import { compileKernels } from '../../../src/training/engines/wasm/simd-features';
import { KernelModule } from '../../../src/training/engines/wasm/kernels/kernel';
import { packedTiles } from '../../../src/training/engines/wasm/kernels/packed-tiles';
import { outerTile, panelTile } from '../../../src/training/engines/wasm/kernels/tiles';
import {
  encodeTiles,
  TILE_ROUTINES,
  wrongProducts,
} from '../../../src/training/engines/wasm/wide-vectors/check-products';
import {
  reasonAgainst,
  tryPairing,
  WRONG_PRODUCTS,
} from '../../../src/training/engines/wasm/wide-vectors/trial';
import { initialState } from '../../../src/training/networks/initial-state';
import { traceAdversarialStep } from '../../../src/training/step/adversarial-step';
import { openEmbedded } from './support/embedded';
import { smallRun, stepInputs } from './support/small-runs';

const run = smallRun({});

/** All weights after two adversarial steps. */
async function trained(options: EmbeddedOptions): Promise<NamedTensors> {
  const engine = await openEmbedded(options);
  try {
    const state = await engine.createState(await initialState(run));
    const graph = traceAdversarialStep(run);
    const step = await engine.compile(graph, state);
    for (let t = 1; t <= 2; t++) await step.run(stepInputs(graph, run, t));
    return await state.read();
  } finally {
    await engine.dispose();
  }
}

describe('wide vectors', function () {
  this.timeout(120_000);

  for (const simd of ['relaxed', 'plain'] as const) {
    const exactnesses: readonly Exactness[] = ['winograd6', 'winograd4', 'direct'];
    for (const exactness of exactnesses) {
      it(`train to the same bits by the kernels that are made for them (${exactness}, ${simd} SIMD)`, async () => {
        const options: EmbeddedOptions = { simd, exactness, threads: 2 };
        assert.deepEqual(await trained({ ...options, wideVectors: 'kernels' }), await trained(options));
      });
    }

    it(`are checked by exact products (${simd} SIMD)`, () => {
      // Asks for relaxed SIMD where it has to be asked for.
      compileKernels(simd);
      const tiles = new WebAssembly.Module(encodeTiles({ relaxed: simd === 'relaxed', wide: true }));
      assert.equal(wrongProducts(tiles), undefined);
    });
  }

  it('are on where the trial pairs every tile', () => {
    const tile =
      'Begin revec function wasm-function#2\nRevec: Decide to vectorize, 38 revectorizable nodes:\n';
    assert.equal(reasonAgainst({ code: 0, output: tile.repeat(TILE_ROUTINES) }), undefined);
    const last = 'Begin revec function wasm-function#4\nRevec: Build tree failed!\n';
    const output = tile.repeat(TILE_ROUTINES - 1) + last;
    assert.match(reasonAgainst({ code: 0, output })!, /pairs no vectors on this processor/);
  });

  it('are off, with the reason, where a trial fails', () => {
    assert.match(reasonAgainst({ code: 0, output: '' })!, /may lack AVX2/);
    assert.match(reasonAgainst({ code: 9, output: '' })!, /cannot pair vectors/);
    assert.match(reasonAgainst({ code: WRONG_PRODUCTS, output: '' })!, /wrong products/);
    assert.match(reasonAgainst({ code: -1, output: '' })!, /exit code -1/);
  });

  it('are what the engine says that it has', async () => {
    const reason = await tryPairing('relaxed');
    const engine = await openEmbedded({ threads: 1, wideVectors: true });
    try {
      const { device, versions } = engine.description;
      const kind = reason === undefined ? ' of 256 bits' : '';
      assert.match(device, new RegExp(`^CPU, WebAssembly (relaxed )?SIMD${kind}, 1 thread$`));
      assert.equal(versions['vectors'], reason === undefined ? '256 bits' : `128 bits: ${reason}`);
    } finally {
      await engine.dispose();
    }
    const plain = await openEmbedded({ threads: 1 });
    assert.equal(plain.description.versions['vectors'], '128 bits');
    await plain.dispose();
  });

  it('are not on unnoticed where products are wrong', () => {
    for (const { name } of [packedTiles, outerTile, panelTile]) {
      const module = new KernelModule({ relaxed: false, wide: true });
      const empty = <T extends { name: string }>(tile: T): T =>
        tile.name === name ? { ...tile, write: () => undefined } : tile;
      module.routine(empty(packedTiles));
      module.routine(empty(outerTile));
      module.routine(empty(panelTile));
      assert.equal(wrongProducts(new WebAssembly.Module(module.encode())), name);
    }
  });
});
