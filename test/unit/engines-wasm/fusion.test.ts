/** Which operations become part of the kernel before them, and that the results are the same. */
import assert from 'node:assert/strict';
import { fuse } from '../../../src/training/engines/wasm/plan/fusion';
import { GraphBuilder } from '../../../src/training/graph/graph-builder';
import { typedOperation } from '../../../src/training/graph/operations';
import type { StepGraph, ValueId } from '../../../src/training/graph/step-graph';
import { traceAdversarialStep } from '../../../src/training/step/adversarial-step';
import { traceInference } from '../../../src/training/step/inference';
import { presetConfiguration } from '../../support/configurations';

const fusionOf = (graph: StepGraph) => fuse(graph, graph.operations.map(typedOperation));

/** Kinds of the operations that are left, with a + for each one in their epilogues. */
function kinds(graph: StepGraph): string[] {
  const { epilogues, absorbed } = fusionOf(graph);
  return graph.operations.flatMap(({ kind }, index) => {
    const epilogue = epilogues.get(index);
    const parts = [epilogue?.bias, epilogue?.normalisation, epilogue?.slope].filter(
      (part) => part !== undefined,
    );
    return absorbed.has(index) ? [] : [kind + '+'.repeat(parts.length)];
  });
}

/** Conv2D, BiasAdd, LeakyRelu; `use` may read what lies between. */
function layer(
  use: (builder: GraphBuilder, values: Record<'sums' | 'biased' | 'y', ValueId>) => void,
): StepGraph {
  const builder = new GraphBuilder();
  const x = builder.input('x', [1, 4, 4, 2]);
  const filter = builder.variable('filter', [3, 3, 2, 2]);
  const bias = builder.variable('bias', [2]);
  const windows = { stride: 1, padding: 'same' } as const;
  const sums = builder.operation('Conv2D', [x, filter], windows)[0]!;
  const biased = builder.operation('BiasAdd', [sums, bias], {})[0]!;
  const y = builder.operation('LeakyRelu', [biased], { slope: 0.2 })[0]!;
  builder.output('y', y);
  use(builder, { sums, biased, y });
  return builder.build();
}

describe('fusion', () => {
  it('lets a convolution add its bias and rectify', () => {
    assert.deepEqual(kinds(layer(() => undefined)), ['Conv2D++']);
  });

  it('stores what somebody else reads', () => {
    const used = layer((builder, { biased }) => {
      builder.output('scaled', builder.operation('Scale', [biased], { factor: 2 })[0]!);
    });
    assert.deepEqual(kinds(used), ['Conv2D+', 'LeakyRelu', 'Scale']);
    const wanted = layer((builder, { sums }) => {
      builder.output('sums', sums);
    });
    assert.deepEqual(kinds(wanted), ['Conv2D', 'BiasAdd', 'LeakyRelu']);
  });

  it('leaves a bias alone that is computed after the convolution', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [1, 4, 4, 2]);
    const filter = builder.variable('filter', [3, 3, 2, 2]);
    const bias = builder.variable('bias', [2]);
    const sums = builder.operation('Conv2D', [x, filter], { stride: 1, padding: 'same' })[0]!;
    const doubled = builder.operation('Scale', [bias], { factor: 2 })[0]!;
    builder.output('y', builder.operation('BiasAdd', [sums, doubled], {})[0]!);
    assert.deepEqual(kinds(builder.build()), ['Conv2D', 'Scale', 'BiasAdd']);
  });

  it('leaves no bias and no leaky ReLU of its own to the convolutions of the paper’s step', () => {
    const graph = traceAdversarialStep(presetConfiguration('paper'));
    const { absorbed } = fusionOf(graph);
    const left = graph.operations.filter(({ kind }, index) => kind === 'LeakyRelu' && !absorbed.has(index));
    // D's hidden dense layer in its two passes.
    assert.equal(left.length, 2);
    const images = graph.operations.filter(
      ({ kind, outputs }, index) =>
        kind === 'BiasAdd' && !absorbed.has(index) && graph.values[outputs[0]!]!.shape.length === 4,
    );
    // The content network's offset of the pixels' mean, for HR and SR.
    assert.equal(images.length, 2);
  });

  it('makes batch normalisation by given statistics a part of the convolution before it', () => {
    const { generator, scale } = presetConfiguration('paper');
    const graph = traceInference(generator, scale, { batch: 1, height: 8, width: 8 });
    const left = kinds(graph);
    assert.equal(left.filter((kind) => kind === 'Conv2D+++').length, generator.blocks);
    assert.ok(!left.some((kind) => kind.startsWith('BatchNormInference')));
    // Those behind the pixel shuffles are left.
    assert.equal(left.filter((kind) => kind === 'PRelu').length, 2);
  });
});
