import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { openReferenceEngine } from '../../../src/training/engines/tfjs/reference';
import type { TfjsEngine } from '../../../src/training/engines/tfjs/tfjs-engine';
import { GraphBuilder } from '../../../src/training/graph/graph-builder';
import type { StepGraph } from '../../../src/training/graph/step-graph';
import { initialState } from '../../../src/training/networks/initial-state';
import { traceAdversarialStep } from '../../../src/training/step/adversarial-step';
import { microConfiguration } from '../../support/configurations';
import { randomTensor, scalarTensor } from '../../support/run-operation';

/** Adds `x` to the variable `sum`, and returns what it was. */
function counterGraph(): StepGraph {
  const builder = new GraphBuilder();
  const x = builder.input('x', [2]);
  const sum = builder.variable('sum', [2]);
  builder.update('sum', builder.operation('Add', [sum, x], {})[0]!);
  builder.output('before', sum);
  return builder.build();
}

const pair = (a: number, b: number) => ({ shape: [2], data: Float32Array.of(a, b) });

describe('executor', () => {
  let engine: TfjsEngine;
  beforeEach(() => {
    engine = openReferenceEngine();
  });
  afterEach(() => engine.dispose());

  it('reads variables as they were when the step began, and replaces them at its end', async () => {
    const state = await engine.createState({ sum: pair(1, 2) });
    const step = await engine.compile(counterGraph(), state);
    assert.deepEqual([...(await step.run({ x: pair(10, 20) }))['before']!.data], [1, 2]);
    assert.deepEqual([...(await step.run({ x: pair(10, 20) }))['before']!.data], [11, 22]);
    assert.deepEqual([...(await state.read(['sum']))['sum']!.data], [21, 42]);
  });

  it('swaps variables that become each other', async () => {
    const builder = new GraphBuilder();
    const [a, b] = [builder.variable('a', [2]), builder.variable('b', [2])];
    builder.update('a', b);
    builder.update('b', a);
    const state = await engine.createState({ a: pair(1, 2), b: pair(3, 4) });
    const step = await engine.compile(builder.build(), state);
    await step.run({});
    const { a: newA, b: newB } = await state.read();
    assert.deepEqual(
      [[...newA!.data], [...newB!.data]],
      [
        [3, 4],
        [1, 2],
      ],
    );
  });

  it('runs one step after the other when they are started together', async () => {
    const state = await engine.createState({ sum: pair(0, 0) });
    const step = await engine.compile(counterGraph(), state);
    const runs = await Promise.all([1, 2, 3].map((x) => step.run({ x: pair(x, 1) })));
    assert.deepEqual(
      runs.map(({ before }) => before!.data[1]),
      [0, 1, 2],
    );
    assert.deepEqual([...(await state.read())['sum']!.data], [6, 3]);
  });

  it('refuses inputs that are missing, unknown or of another shape', async () => {
    const state = await engine.createState({ sum: pair(0, 0) });
    const step = await engine.compile(counterGraph(), state);
    await assert.rejects(step.run({}), /needs an input x/);
    await assert.rejects(step.run({ x: pair(1, 1), y: pair(1, 1) }), /has no input y/);
    await assert.rejects(step.run({ x: scalarTensor(1) }), /the input x is \[\], not \[2\]/);
    await assert.rejects(
      step.run({ x: { shape: [2], data: new Float32Array(3) } }),
      /cannot have 3 elements/,
    );
    assert.deepEqual([...(await state.read())['sum']!.data], [0, 0]);
  });

  it('refuses a state without a variable, or with one of another shape', async () => {
    const other = await engine.createState({ other: pair(0, 0) });
    await assert.rejects(engine.compile(counterGraph(), other), /the state has no sum/);
    const scalar = await engine.createState({ sum: scalarTensor(0) });
    await assert.rejects(
      engine.compile(counterGraph(), scalar),
      /sum is \[\] in the state, and \[2\] in the step/,
    );
  });

  it('a state refuses unknown names and other shapes, and then keeps everything', async () => {
    const state = await engine.createState({ a: pair(1, 2), b: pair(3, 4) });
    await assert.rejects(state.read(['c']), /the state has no c/);
    await assert.rejects(state.write({ a: pair(9, 9), c: pair(0, 0) }), /the state has no c/);
    await assert.rejects(state.write({ a: pair(9, 9), b: scalarTensor(1) }), /b is \[2\]/);
    assert.deepEqual([...(await state.read())['a']!.data], [1, 2]);
    await state.write({ b: pair(5, 6) });
    assert.deepEqual([...(await state.read())['b']!.data], [5, 6]);
  });

  it('lets the process do other things while a step runs', async () => {
    const configuration = microConfiguration();
    const graph = traceAdversarialStep(configuration);
    const state = await engine.createState(await initialState(configuration));
    const step = await engine.compile(graph, state);
    let turns = 0;
    const finished = new AbortController();
    const others = (async () => {
      for (; !finished.signal.aborted; turns++) await setImmediate();
    })();
    await step.run(inputsOf(graph));
    finished.abort();
    await others;
    assert.ok(turns > 1, `${turns} turns`);
  });

  it('holds no more tensors after 50 adversarial steps than after one', async function () {
    this.timeout(60_000);
    const configuration = microConfiguration({
      data: { patch: 4, batch: 1, flips: true, quarterTurns: true },
    });
    const graph = traceAdversarialStep(configuration);
    const state = await engine.createState(await initialState(configuration));
    const step = await engine.compile(graph, state);
    const inputs = inputsOf(graph);
    await step.run(inputs);
    const before = engine.tensorCount();
    for (let i = 0; i < 50; i++) await step.run(inputs);
    assert.equal(engine.tensorCount(), before);
    step.dispose();
    state.dispose();
    assert.equal(engine.tensorCount(), 0);
  });
});

function inputsOf(graph: StepGraph): Record<string, ReturnType<typeof scalarTensor>> {
  return Object.fromEntries(
    graph.inputs.map(({ name, value }) => {
      const { shape } = graph.values[value]!;
      return [name, shape.length === 0 ? scalarTensor(1e-4) : randomTensor(shape, name, 0.3)];
    }),
  );
}
