/** Updates as early as they can be: the same bits, less memory, and never before somebody reads the old value. */
import assert from 'node:assert/strict';
import { initialState } from '../../../src/training/networks/initial-state';
import { estimateMemory } from '../../../src/training/engines/wasm/estimate-memory';
import { GraphBuilder } from '../../../src/training/graph/graph-builder';
import { elementCount } from '../../../src/training/graph/shape';
import type { Operation, StepGraph, ValueId } from '../../../src/training/graph/step-graph';
import { updateEarly } from '../../../src/training/graph/update-early';
import { traceAdversarialStep } from '../../../src/training/step/adversarial-step';
import { presetConfiguration } from '../../support/configurations';
import { openEmbedded } from '../engines-wasm/support/embedded';
import { smallRun, stepInputs } from '../engines-wasm/support/small-runs';

/** What each operation does, by the names of the variables whose updates it computes, or its kind. */
function order({ operations, variables }: StepGraph): string[] {
  const names = new Map(variables.map(({ name, update }) => [update, name]));
  return operations.map(({ kind, outputs }) => names.get(outputs[0]) ?? kind);
}

/** Adam's updates as they are written down: D's together before G's half-step reads the first of them, G's at the end. */
function updateLate(graph: StepGraph): StepGraph {
  const { operations } = graph;
  const updates = operations.filter(({ kind }) => kind === 'AdamUpdate');
  const reads = (values: readonly ValueId[]) => (operation: Operation) =>
    operation.inputs.some((input) => values.includes(input));
  const firstReader = operations.findIndex(reads(updates.flatMap(({ outputs }) => outputs)));
  const others = operations.filter((operation) => !updates.includes(operation));
  const at = others.indexOf(operations[firstReader]!);
  const isRead = ({ outputs }: Operation): boolean => operations.some(reads(outputs));
  return {
    ...graph,
    operations: [
      ...others.slice(0, at),
      ...updates.filter(isRead),
      ...others.slice(at),
      ...updates.filter((update) => !isRead(update)),
    ],
  };
}

describe('updates of variables', () => {
  it('come directly after their operands', () => {
    const builder = new GraphBuilder();
    const mean = builder.variable('mean', [2]);
    const x = builder.input('x', [1, 2]);
    const y = builder.operation('Scale', [x], { factor: 3 })[0]!;
    builder.output('y', builder.operation('Scale', [y], { factor: 2 })[0]!);
    builder.update('mean', builder.operation('MovingAverage', [mean, x], { momentum: 0.9 })[0]!);
    assert.deepEqual(order(updateEarly(builder.build())), ['mean', 'Scale', 'Scale']);
  });

  it('wait for whoever reads the old value, under another name, too', () => {
    const builder = new GraphBuilder();
    const mean = builder.variable('mean', [2]);
    const x = builder.input('x', [1, 2]);
    const y = builder.operation('Scale', [x], { factor: 3 })[0]!;
    const old = builder.operation('Reshape', [mean], { shape: [1, 2] })[0]!;
    builder.output('old', builder.operation('Scale', [old], { factor: 5 })[0]!);
    builder.output('z', builder.operation('Scale', [y], { factor: 2 })[0]!);
    builder.update('mean', builder.operation('MovingAverage', [mean, x], { momentum: 0.9 })[0]!);
    assert.deepEqual(order(updateEarly(builder.build())), ['Scale', 'Reshape', 'Scale', 'mean', 'Scale']);
  });

  it('stay where they are when the old value is read after them', () => {
    const builder = new GraphBuilder();
    const mean = builder.variable('mean', [2]);
    const updated = builder.operation('MovingAverage', [mean, builder.input('x', [1, 2])], {
      momentum: 0.9,
    })[0]!;
    builder.update('mean', updated);
    builder.output('newer', builder.operation('Scale', [updated], { factor: 2 })[0]!);
    builder.output('older', builder.operation('Scale', [mean], { factor: 2 })[0]!);
    assert.deepEqual(order(updateEarly(builder.build())), ['mean', 'Scale', 'Scale']);
  });

  it('keep an adversarial step as it is, to the last bit', async () => {
    const configuration = smallRun({});
    const early = traceAdversarialStep(configuration);
    const late = updateLate(early);
    assert.notDeepEqual(order(early), order(late));
    assert.deepEqual(order(updateEarly(late)), order(early));
    const engine = await openEmbedded();
    const results = [];
    for (const graph of [early, late]) {
      const state = await engine.createState(await initialState(configuration));
      const executable = await engine.compile(graph, state);
      for (const t of [1, 2]) results.push(await executable.run(stepInputs(graph, configuration, t)));
      results.push(await state.read());
    }
    await engine.dispose();
    assert.deepEqual(results.slice(0, 3), results.slice(3));
  });

  it('let go of the largest filter’s gradient before most of the backward pass', () => {
    const early = traceAdversarialStep({
      ...presetConfiguration('paper'),
      // With more layers of it, the generator's half-step would take most.
      content: { network: 'random-vgg', layer: 'conv2_2', width: 1, seed: 0 },
    });
    const bytes = (graph: StepGraph): number => estimateMemory(graph, { threads: 2 }).planBytes;
    // A dense layer's gradient is made on Adam's way, and never in memory.
    const filters = early.variables
      .map(({ value }) => early.values[value]!.shape)
      .filter((shape) => shape.length === 4);
    const largest = Math.max(...filters.map((shape) => 4 * elementCount(shape)));
    assert.ok(bytes(updateLate(early)) - bytes(early) > largest / 2);
  });
});
