/** Adam on a dense layer whose gradient is made on the way: the same bits as from a gradient in memory. */
import assert from 'node:assert/strict';
import type { EmbeddedEngine, EmbeddedOptions } from '../../../src/training/engines/wasm/embedded-engine';
import { estimateMemory } from '../../../src/training/engines/wasm/estimate-memory';
import { fuse } from '../../../src/training/engines/wasm/plan/fusion';
import { GraphBuilder } from '../../../src/training/graph/graph-builder';
import { typedOperation } from '../../../src/training/graph/operations';
import { elementCount } from '../../../src/training/graph/shape';
import type { StepGraph, ValueId } from '../../../src/training/graph/step-graph';
import { traceAdversarialStep } from '../../../src/training/step/adversarial-step';
import { presetConfiguration } from '../../support/configurations';
import { randomTensor, scalarTensor } from '../../support/run-operation';
import { openEmbedded } from './support/embedded';

interface Size {
  readonly batch: number;
  readonly inputs: number;
  readonly units: number;
}

type Values = Record<'weights' | 'x' | 'dy' | 'gradient', ValueId>;

/** weights ← Adam of xᵀ · dy; `also` may use what there is besides. */
function denseUpdate(
  { batch, inputs, units }: Size,
  also: (builder: GraphBuilder, values: Values) => void = () => undefined,
): StepGraph {
  const builder = new GraphBuilder();
  const names = ['weights', 'm', 'v'];
  const [weights, m, v] = names.map((name) => builder.variable(name, [inputs, units]));
  const [x, dy] = [builder.input('x', [batch, inputs]), builder.input('dy', [batch, units])];
  const scalars = [builder.input('stepSize', []), builder.input('epsilon', [])];
  const transposes = { transposeA: true, transposeB: false };
  const gradient = builder.operation('MatMul', [x, dy], transposes)[0]!;
  const operands = [weights!, m!, v!, gradient, ...scalars];
  const updates = builder.operation('AdamUpdate', operands, { beta1: 0.9, beta2: 0.999 });
  names.forEach((name, i) => {
    builder.update(name, updates[i]!);
  });
  also(builder, { weights: weights!, x, dy, gradient });
  return builder.build();
}

const keepGradient = (builder: GraphBuilder, { gradient }: Values): void => {
  builder.output('gradient', gradient);
};

/** How many gradients are made on the way. */
const madeOnTheWay = (graph: StepGraph): number =>
  fuse(graph, graph.operations.map(typedOperation)).gradientProducts.size;

/** The state of a graph's variables after two steps. */
async function trained(engine: EmbeddedEngine, graph: StepGraph, { batch, inputs, units }: Size) {
  const shape = [inputs, units];
  const v = randomTensor(shape, 'v', 1e-3);
  const state = await engine.createState({
    weights: randomTensor(shape, 'weights', 1),
    m: randomTensor(shape, 'm', 1e-3),
    v: { shape, data: v.data.map((x) => x * x) },
  });
  const step = await engine.compile(graph, state);
  for (const seed of ['first', 'second']) {
    await step.run({
      x: randomTensor([batch, inputs], `${seed} x`, 1),
      dy: randomTensor([batch, units], `${seed} dy`, 1),
      stepSize: scalarTensor(1e-3),
      epsilon: scalarTensor(1e-8),
    });
  }
  return state.read();
}

const sizes: readonly Size[] = [
  { batch: 8, inputs: 36, units: 16 },
  { batch: 3, inputs: 13, units: 7 },
  { batch: 1, inputs: 1, units: 1 },
  { batch: 5, inputs: 9, units: 21 },
  { batch: 33, inputs: 6, units: 130 },
];
const settings: readonly EmbeddedOptions[] = [
  { threads: 1 },
  { threads: 3 },
  { threads: 2, simd: 'plain' },
  { threads: 2, wideVectors: 'kernels' },
];

describe('embedded engine, Adam on dense layers', () => {
  for (const options of settings) {
    it(`has the bits of a gradient in memory: ${JSON.stringify(options)}`, async () => {
      const engine = await openEmbedded(options);
      try {
        for (const size of sizes) {
          const expected = await trained(engine, denseUpdate(size, keepGradient), size);
          assert.deepEqual(await trained(engine, denseUpdate(size), size), expected, JSON.stringify(size));
        }
      } finally {
        await engine.dispose();
      }
    });
  }

  it('makes a gradient on the way that nothing else reads, from a small batch that stays as it is', () => {
    const small = { batch: 8, inputs: 36, units: 16 };
    assert.equal(madeOnTheWay(denseUpdate(small)), 1);
    assert.equal(madeOnTheWay(denseUpdate(small, keepGradient)), 0);
    assert.equal(madeOnTheWay(denseUpdate({ ...small, batch: 2 ** 20 })), 0);
    const updated = denseUpdate(small, (builder, { x }) => {
      builder.variable('features', [8, 36]);
      builder.update('features', x);
    });
    assert.equal(madeOnTheWay(updated), 0);
  });

  it('makes no product on the way that is something else to Adam', () => {
    const builder = new GraphBuilder();
    const [weights, v, gradient] = ['weights', 'v', 'gradient'].map((name) => builder.input(name, [4, 4]));
    const product = builder.operation('MatMul', [v!, v!], { transposeA: true, transposeB: false })[0]!;
    const operands = [
      weights!,
      product,
      v!,
      gradient!,
      builder.input('stepSize', []),
      builder.input('epsilon', []),
    ];
    builder.output('new', builder.operation('AdamUpdate', operands, { beta1: 0.9, beta2: 0.999 })[0]!);
    assert.equal(madeOnTheWay(builder.build()), 0);
  });

  it('makes both gradients of the discriminator’s dense layers on the way', () => {
    assert.equal(madeOnTheWay(traceAdversarialStep(presetConfiguration('paper'))), 2);
  });

  it('takes less memory in a whole step than the gradient of the discriminator’s largest layer would', () => {
    const paper = presetConfiguration('paper');
    const graph = traceAdversarialStep({ ...paper, data: { ...paper.data, batch: 1 } });
    const kernel = graph.variables.find(({ name }) => name === 'discriminator/dense1/kernel')!;
    const gradientBytes = 4 * elementCount(graph.values[kernel.value]!.shape);
    assert.ok(estimateMemory(graph, { threads: 2 }).planBytes < gradientBytes);
  });
});
