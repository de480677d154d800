/**
 * Convolutions of the embedded engine, layer by layer: GFLOP/s (of the direct algorithm) forward and of both gradients,
 * and how far each algorithm is from double precision. A layer's time is the shortest of some runs, which other work on
 * the machine changes least.
 */
import { EmbeddedEngine } from '../../src/training/engines/wasm/embedded-engine';
import type { Exactness } from '../../src/training/engines/wasm/plan/lowering/lowering';
import { convolutionGeometry, convolutionOutputShape } from '../../src/training/graph/convolution-geometry';
import type { AttributesOf, OperationKind } from '../../src/training/graph/operations';
import { graphFlops } from '../../src/training/graph/operations';
import * as reference from '../unit/engines-wasm/support/references';
import { singleOperation } from '../unit/engines-wasm/support/single-operation';
import {
  randomSource,
  randomTensor,
  relativeError,
  type Reference,
} from '../unit/engines-wasm/support/tensors';

interface Layer {
  readonly side: number;
  readonly from: number;
  readonly to: number;
  readonly kernel: number;
  readonly stride: number;
}

const layers: readonly (Layer & { readonly name: string })[] = [
  { name: 'quick residual', side: 12, from: 32, to: 32, kernel: 3, stride: 1 },
  { name: 'quick upscaling', side: 24, from: 32, to: 128, kernel: 3, stride: 1 },
  { name: 'quick output', side: 48, from: 32, to: 3, kernel: 9, stride: 1 },
  { name: 'paper residual', side: 24, from: 64, to: 64, kernel: 3, stride: 1 },
  { name: 'paper upscaling', side: 48, from: 64, to: 256, kernel: 3, stride: 1 },
  { name: 'paper output', side: 96, from: 64, to: 3, kernel: 9, stride: 1 },
  { name: 'D first', side: 96, from: 3, to: 64, kernel: 3, stride: 1 },
  { name: 'D second', side: 96, from: 64, to: 64, kernel: 3, stride: 2 },
  { name: 'D third', side: 48, from: 64, to: 128, kernel: 3, stride: 1 },
  { name: 'D fourth', side: 48, from: 128, to: 128, kernel: 3, stride: 2 },
  { name: 'D fifth', side: 24, from: 128, to: 256, kernel: 3, stride: 1 },
  { name: 'D sixth', side: 24, from: 256, to: 256, kernel: 3, stride: 2 },
  { name: 'D seventh', side: 12, from: 256, to: 512, kernel: 3, stride: 1 },
  { name: 'D eighth', side: 12, from: 512, to: 512, kernel: 3, stride: 2 },
  { name: 'VGG second', side: 96, from: 64, to: 64, kernel: 3, stride: 1 },
];

/** One of each way of computing, small enough for the reference. */
const kinds: readonly Layer[] = [
  { side: 36, from: 64, to: 64, kernel: 3, stride: 1 },
  { side: 48, from: 64, to: 64, kernel: 3, stride: 2 },
  { side: 12, from: 64, to: 64, kernel: 3, stride: 2 },
  { side: 24, from: 64, to: 3, kernel: 9, stride: 1 },
  { side: 24, from: 3, to: 64, kernel: 9, stride: 1 },
];

/** The shortest seconds of one operation. */
async function fastest<K extends OperationKind>(
  engine: EmbeddedEngine,
  kind: K,
  inputs: readonly Reference[],
  attributes: AttributesOf<K>,
): Promise<{ seconds: number; flops: number }> {
  const graph = singleOperation(kind, inputs, attributes);
  const executable = await engine.compile(graph, await engine.createState({}));
  const named = Object.fromEntries(
    graph.inputs.map(({ name }, i) => [
      name,
      { shape: inputs[i]!.shape, data: Float32Array.from(inputs[i]!.data) },
    ]),
  );
  let shortest = Infinity;
  for (let run = 0; run < 20; run++) {
    const calls = await executable.profile(named);
    const total = calls.reduce((sum, { seconds }) => sum + seconds, 0);
    shortest = Math.min(shortest, total);
  }
  executable.dispose();
  return { seconds: shortest, flops: graphFlops(graph) };
}

async function speeds(threads: number): Promise<void> {
  const engine = await EmbeddedEngine.open({ threads });
  console.log(`${engine.description.device}, Node ${process.versions.node}, batch 4, GFLOP/s`);
  console.log(`${'layer'.padEnd(34)} forward  dx      dfilter`);
  for (const { name, side, from, to, kernel, stride } of layers) {
    const random = randomSource(1);
    const windows = { stride, padding: 'same' as const };
    const x = randomTensor([4, side, side, from], random);
    const filter = randomTensor([kernel, kernel, from, to], random, 0.1);
    const dy = randomTensor(
      convolutionOutputShape(convolutionGeometry(x.shape, filter.shape, windows)),
      random,
    );
    const results = [
      await fastest(engine, 'Conv2D', [x, filter], windows),
      await fastest(engine, 'Conv2DBackpropInput', [dy, filter], { ...windows, inputShape: x.shape }),
      await fastest(engine, 'Conv2DBackpropFilter', [x, dy], { ...windows, filterShape: filter.shape }),
    ];
    const rates = results.map(({ seconds, flops }) => (flops / seconds / 1e9).toFixed(0).padStart(7));
    console.log(
      `${`${name} ${kernel}×${kernel} ${from}→${to} ${side}²/${stride}`.padEnd(34)}${rates.join(' ')}`,
    );
  }
  await engine.dispose();
}

async function errors({ side, from, to, kernel, stride }: Layer): Promise<void> {
  const random = randomSource(2);
  const windows = { stride, padding: 'same' as const };
  const x = randomTensor([1, side, side, from], random, 1, 0.3);
  const filter = randomTensor([kernel, kernel, from, to], random, 0.1);
  const geometry = convolutionGeometry(x.shape, filter.shape, windows);
  const dy = randomTensor(convolutionOutputShape(geometry), random);
  const expected = [
    reference.conv2D(x, filter, windows),
    reference.conv2DBackpropInput(dy, filter, x.shape, windows),
    reference.conv2DBackpropFilter(x, dy, filter.shape, windows),
  ];
  console.log(`\nrelative error, ${kernel}×${kernel} ${from}→${to} ${side}²/${stride}: forward, dx, dfilter`);
  for (const exactness of ['direct', 'winograd2', 'winograd4', 'winograd6'] satisfies Exactness[]) {
    const engine = await EmbeddedEngine.open({ exactness });
    const compute = async <K extends OperationKind>(
      kind: K,
      inputs: readonly Reference[],
      attributes: AttributesOf<K>,
    ): Promise<Float32Array> => {
      const graph = singleOperation(kind, inputs, attributes);
      const executable = await engine.compile(graph, await engine.createState({}));
      const named = graph.inputs.map(({ name }, i) => {
        const { shape, data } = inputs[i]!;
        return [name, { shape, data: Float32Array.from(data) }] as const;
      });
      const outputs = await executable.run(Object.fromEntries(named));
      return Object.values(outputs)[0]!.data;
    };
    const results = [
      await compute('Conv2D', [x, filter], windows),
      await compute('Conv2DBackpropInput', [dy, filter], { ...windows, inputShape: x.shape }),
      await compute('Conv2DBackpropFilter', [x, dy], { ...windows, filterShape: filter.shape }),
    ];
    const found = results.map((result, i) => relativeError(result, expected[i]!).toExponential(1));
    console.log(`${exactness.padEnd(12)} ${found.join('  ')}`);
    await engine.dispose();
  }
}

export async function benchConvolutions(threads: number): Promise<void> {
  await speeds(threads);
  for (const kind of kinds) await errors(kind);
}
