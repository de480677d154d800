import assert from 'node:assert/strict';
import { GraphBuilder } from '../../../src/training/graph/graph-builder';
import { simplify } from '../../../src/training/graph/simplify';
import type { StepGraph } from '../../../src/training/graph/step-graph';
import { contentNetwork } from '../../../src/training/networks/content';
import { discriminatorNetwork } from '../../../src/training/networks/discriminator';
import { generatorNetwork } from '../../../src/training/networks/generator';
import type { Network } from '../../../src/training/networks/network';
import { traceAdversarialStep } from '../../../src/training/step/adversarial-step';
import { presetConfiguration } from '../../support/configurations';

function kinds(graph: StepGraph): string[] {
  return graph.operations.map(({ kind }) => kind);
}

function count(graph: StepGraph, kind: string): number {
  return kinds(graph).filter((found) => found === kind).length;
}

describe('simplification', () => {
  it('computes equal sub-graphs once, whatever the order of a sum', () => {
    const builder = new GraphBuilder();
    const [a, b] = [builder.input('a', [2]), builder.input('b', [2])];
    const half = (x: number): number => builder.operation('Scale', [x], { factor: 0.5 })[0]!;
    const first = builder.operation('Add', [half(a), b], {})[0]!;
    const second = builder.operation('Add', [b, half(a)], {})[0]!;
    builder.output('sum', builder.operation('Add', [first, second], {})[0]!);
    assert.deepEqual(kinds(simplify(builder.build())), ['Scale', 'Add', 'Add']);
  });

  it('keeps operations apart that differ in an attribute', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [2]);
    for (const factor of [2, 3]) {
      builder.output(String(factor), builder.operation('Scale', [x], { factor })[0]!);
    }
    assert.equal(simplify(builder.build()).operations.length, 2);
  });

  it('drops what does nothing and what nobody reads', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [2, 3]);
    const unread = builder.variable('unread', [2]);
    builder.operation('Scale', [unread], { factor: 2 });
    const same = builder.operation('Reshape', [x], { shape: [2, 3] })[0]!;
    builder.output('y', builder.operation('Scale', [same], { factor: 1 })[0]!);
    const graph = simplify(builder.build());
    assert.deepEqual(graph.operations, []);
    assert.deepEqual(graph.variables, []);
    assert.deepEqual(graph.outputs, [{ name: 'y', value: graph.inputs[0]!.value }]);
  });

  it('keeps an operation of which only one result is read, and every updated variable', () => {
    const builder = new GraphBuilder();
    const x = builder.input('x', [4, 2]);
    const gamma = builder.variable('gamma', [2]);
    const mean = builder.variable('mean', [1, 2]);
    const attributes = { epsilon: 1e-5, groups: 1 };
    const [, batchMean] = builder.operation('BatchNormTraining', [x, gamma, gamma], attributes);
    builder.update('mean', batchMean!);
    const graph = simplify(builder.build());
    assert.deepEqual(kinds(graph), ['BatchNormTraining']);
    assert.equal(
      graph.variables.find(({ name }) => name === 'mean')!.update,
      graph.operations[0]!.outputs[1],
    );
    assert.ok(mean >= 0);
  });

  it('computes sums and products of scalar constants', () => {
    const builder = new GraphBuilder();
    const one = builder.constant([], Float32Array.of(1));
    const x = builder.input('x', [1, 1]);
    const scaled = builder.operation('Scale', [one], { factor: 0.25 })[0]!;
    const sum = builder.operation('Add', [scaled, one], {})[0]!;
    builder.output('d', builder.operation('MeanSquaredErrorGrad', [sum, x, x], {})[0]!);
    const graph = simplify(builder.build());
    assert.deepEqual(kinds(graph), ['MeanSquaredErrorGrad']);
    assert.deepEqual(
      graph.constants.map(({ data }) => [...data]),
      [[1.25]],
    );
  });

  it('lets the generator’s forward pass serve both half-steps of the paper’s step', () => {
    const configuration = presetConfiguration('paper');
    const convolutionsOf = (network: Network): number =>
      network.nodes.filter(({ type }) => type === 'convolution').length;
    const generator = convolutionsOf(generatorNetwork(configuration.generator, configuration.scale));
    const discriminator = convolutionsOf(discriminatorNetwork(configuration.discriminator, 96));
    const content = convolutionsOf(contentNetwork(configuration.content));

    const graph = traceAdversarialStep(configuration);
    // D sees HR and SR patches at once before its update and SR patches after; content compares two images.
    assert.equal(count(graph, 'Conv2D'), generator + 2 * discriminator + 2 * content);
    // Filters of D and of G; the content network's are never computed.
    assert.equal(count(graph, 'Conv2DBackpropFilter'), discriminator + generator);
    // Nobody needs the gradients of the images that G and D (in its own half-step) are given.
    assert.equal(
      count(graph, 'Conv2DBackpropInput'),
      discriminator - 1 + (generator - 1) + discriminator + content,
    );
  });

  it('does the same again without any effect', () => {
    const graph = traceAdversarialStep(presetConfiguration('quick'));
    assert.deepEqual(simplify(graph), graph);
  });
});
