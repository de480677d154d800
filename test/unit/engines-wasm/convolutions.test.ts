/** Convolutions and both gradients of the embedded engine against double-precision loops: sizes, strides, channels. */
import assert from 'node:assert/strict';
import type { EmbeddedEngine } from '../../../src/training/engines/wasm/embedded-engine';
import type { Exactness } from '../../../src/training/engines/wasm/plan/lowering/lowering';
import {
  convolutionGeometry,
  convolutionOutputShape,
  type Padding,
} from '../../../src/training/graph/convolution-geometry';
import { openEmbedded } from './support/embedded';
import * as reference from './support/references';
import { runOperation } from './support/single-operation';
import { assertClose, randomSource, randomTensor } from './support/tensors';

interface Layer {
  batch?: number;
  height: number;
  width: number;
  from: number;
  to: number;
  kernel: number;
  stride?: number;
  padding?: Padding;
}

const layers: Layer[] = [
  { height: 12, width: 12, from: 16, to: 24, kernel: 3, batch: 2 },
  { height: 12, width: 12, from: 32, to: 32, kernel: 3, batch: 4 },
  { height: 9, width: 7, from: 8, to: 16, kernel: 3 },
  { height: 5, width: 6, from: 9, to: 13, kernel: 3, batch: 2 },
  { height: 1, width: 1, from: 8, to: 8, kernel: 3 },
  { height: 2, width: 3, from: 5, to: 8, kernel: 3 },
  { height: 14, width: 10, from: 16, to: 16, kernel: 3, padding: 'valid' },
  // Where F(6×6) has fewer products than F(4×4): in blocks of tiles and, with many channels, panel by panel.
  { height: 30, width: 29, from: 9, to: 10, kernel: 3 },
  { height: 18, width: 17, from: 16, to: 13, kernel: 3, batch: 3 },
  { height: 6, width: 6, from: 10, to: 70, kernel: 3, batch: 4 },
  { height: 6, width: 5, from: 76, to: 9, kernel: 3, batch: 5 },
  { height: 26, width: 20, from: 12, to: 8, kernel: 3, padding: 'valid' },
  { height: 16, width: 16, from: 3, to: 32, kernel: 9 },
  { height: 15, width: 17, from: 32, to: 3, kernel: 9, batch: 2 },
  { height: 9, width: 20, from: 2, to: 20, kernel: 9, batch: 2 },
  { height: 13, width: 8, from: 20, to: 1, kernel: 6 },
  { height: 3, width: 2, from: 24, to: 3, kernel: 9, batch: 2 },
  { height: 11, width: 12, from: 3, to: 16, kernel: 9, padding: 'valid' },
  { height: 7, width: 9, from: 12, to: 2, kernel: 5, padding: 'valid', batch: 2 },
  { height: 7, width: 9, from: 9, to: 10, kernel: 5 },
  { height: 12, width: 12, from: 3, to: 16, kernel: 3 },
  { height: 12, width: 12, from: 16, to: 3, kernel: 3 },
  { height: 12, width: 12, from: 16, to: 16, kernel: 3, stride: 2, batch: 2 },
  { height: 25, width: 27, from: 17, to: 18, kernel: 3, stride: 2, batch: 2 },
  { height: 11, width: 13, from: 6, to: 10, kernel: 3, stride: 2 },
  { height: 9, width: 9, from: 4, to: 5, kernel: 3, stride: 2, padding: 'valid' },
  { height: 16, width: 16, from: 16, to: 8, kernel: 3, stride: 2, batch: 3 },
  { height: 16, width: 30, from: 9, to: 44, kernel: 3, stride: 2 },
  { height: 12, width: 12, from: 13, to: 30, kernel: 3, stride: 2 },
  { height: 15, width: 31, from: 12, to: 21, kernel: 3, stride: 2, batch: 2 },
  { height: 15, width: 12, from: 8, to: 12, kernel: 3, stride: 2 },
  { height: 20, width: 18, from: 10, to: 9, kernel: 3, stride: 2, padding: 'valid', batch: 2 },
  // So large that its channels, and those of its gradients, come in two chunks, of which the second is small.
  { height: 32, width: 32, from: 70, to: 74, kernel: 3, stride: 2, batch: 2 },
  { height: 1, width: 1, from: 8, to: 8, kernel: 3, stride: 2 },
  { height: 2, width: 3, from: 8, to: 9, kernel: 3, stride: 2 },
  { height: 10, width: 10, from: 4, to: 5, kernel: 1, stride: 2 },
  { height: 13, width: 11, from: 4, to: 7, kernel: 5, padding: 'valid' },
  { height: 8, width: 8, from: 1, to: 1, kernel: 5 },
  { height: 17, width: 17, from: 2, to: 3, kernel: 4, stride: 3 },
];

const describeLayer = (layer: Layer): string =>
  `${layer.height}×${layer.width}, ${layer.from}→${layer.to}, ${layer.kernel}×${layer.kernel}` +
  `, stride ${layer.stride ?? 1}, ${layer.padding ?? 'same'}`;

/** Random operands of a layer and of its gradients. */
function operandsOf(layer: Layer) {
  const random = randomSource(3);
  const windows = { stride: layer.stride ?? 1, padding: layer.padding ?? 'same' };
  const x = randomTensor([layer.batch ?? 1, layer.height, layer.width, layer.from], random, 1, 0.2);
  const filter = randomTensor([layer.kernel, layer.kernel, layer.from, layer.to], random, 0.2);
  const shape = convolutionOutputShape(convolutionGeometry(x.shape, filter.shape, windows));
  return { windows, x, filter, dy: randomTensor(shape, random) };
}

interface Settings {
  readonly exactness: Exactness;
  readonly simd: 'relaxed' | 'plain';
  /** The kernels for vectors of 256 bits. */
  readonly wideVectors?: 'kernels';
  readonly threads: number;
  readonly tolerance: number;
}

const settings: readonly Settings[] = [
  { exactness: 'direct', simd: 'relaxed', threads: 2, tolerance: 1e-6 },
  { exactness: 'direct', simd: 'plain', threads: 3, tolerance: 1e-6 },
  { exactness: 'direct', simd: 'relaxed', wideVectors: 'kernels', threads: 2, tolerance: 1e-6 },
  { exactness: 'winograd6', simd: 'relaxed', threads: 2, tolerance: 2e-5 },
  { exactness: 'winograd6', simd: 'plain', threads: 1, tolerance: 2e-5 },
  { exactness: 'winograd4', simd: 'relaxed', threads: 2, tolerance: 5e-6 },
  { exactness: 'winograd4', simd: 'plain', threads: 1, tolerance: 5e-6 },
  { exactness: 'winograd4', simd: 'plain', wideVectors: 'kernels', threads: 3, tolerance: 5e-6 },
  { exactness: 'winograd2', simd: 'plain', threads: 3, tolerance: 2e-6 },
];

for (const { exactness, simd, wideVectors, threads, tolerance } of settings) {
  const kernels = wideVectors === undefined ? '' : 'wide ';
  describe(`embedded engine, convolutions (${exactness}, ${kernels}${simd} SIMD, ${threads} threads)`, () => {
    let engine: EmbeddedEngine;
    before(async () => {
      engine = await openEmbedded({ exactness, simd, wideVectors, threads });
    });
    after(() => engine.dispose());

    for (const layer of layers) {
      it(describeLayer(layer), async () => {
        const { windows, x, filter, dy } = operandsOf(layer);

        const [y] = await runOperation(engine, 'Conv2D', [x, filter], windows);
        assertClose(y!, reference.conv2D(x, filter, windows), tolerance, 'Conv2D');

        const inputAttributes = { ...windows, inputShape: x.shape };
        const [dx] = await runOperation(engine, 'Conv2DBackpropInput', [dy, filter], inputAttributes);
        const expectedDx = reference.conv2DBackpropInput(dy, filter, x.shape, windows);
        assertClose(dx!, expectedDx, tolerance, 'Conv2DBackpropInput');

        const filterAttributes = { ...windows, filterShape: filter.shape };
        const [dfilter] = await runOperation(engine, 'Conv2DBackpropFilter', [x, dy], filterAttributes);
        const expectedDfilter = reference.conv2DBackpropFilter(x, dy, filter.shape, windows);
        assertClose(dfilter!, expectedDfilter, tolerance, 'Conv2DBackpropFilter');
      });
    }
  });
}

describe('embedded engine, convolutions on any number of threads', () => {
  const engines: EmbeddedEngine[] = [];
  before(async () => {
    for (const threads of [1, 2, 5]) engines.push(await openEmbedded({ threads }));
  });
  after(() => Promise.all(engines.map((engine) => engine.dispose())));

  for (const layer of layers) {
    it(`bit-identical: ${describeLayer(layer)}`, async () => {
      const { windows, x, filter, dy } = operandsOf(layer);
      const [one, ...others] = await Promise.all(
        engines.map(async (engine) => [
          ...(await runOperation(engine, 'Conv2D', [x, filter], windows)),
          ...(await runOperation(engine, 'Conv2DBackpropInput', [dy, filter], {
            ...windows,
            inputShape: x.shape,
          })),
          ...(await runOperation(engine, 'Conv2DBackpropFilter', [x, dy], {
            ...windows,
            filterShape: filter.shape,
          })),
        ]),
      );
      for (const other of others) assert.deepEqual(other, one);
    });
  }
});
