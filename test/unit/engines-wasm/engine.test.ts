/** The embedded engine as an engine: state, inputs, errors, concurrency, its end. */
import assert from 'node:assert/strict';
import type { NamedTensors } from '../../../src/training/engines/engine';
import type { EmbeddedEngine } from '../../../src/training/engines/wasm/embedded-engine';
import { GraphBuilder } from '../../../src/training/graph/graph-builder';
import type { StepGraph, ValueId } from '../../../src/training/graph/step-graph';
import { initialState } from '../../../src/training/networks/initial-state';
import { traceAdversarialStep } from '../../../src/training/step/adversarial-step';
import { estimateMemory } from '../../../src/training/engines/wasm/estimate-memory';
import { openEmbedded } from './support/embedded';
import { smallRun } from './support/small-runs';

/** total ← total + x; the sum is also the output. */
const counter: StepGraph = {
  values: [{ shape: [3] }, { shape: [3] }, { shape: [3] }],
  inputs: [{ name: 'x', value: 1 }],
  constants: [],
  variables: [{ name: 'total', value: 0, update: 2 }],
  operations: [{ kind: 'Add', inputs: [0, 1], attributes: {}, outputs: [2] }],
  outputs: [{ name: 'sum', value: 2 }],
};

const tensors = (name: string, ...values: number[]): NamedTensors => ({
  [name]: { shape: [values.length], data: Float32Array.from(values) },
});

describe('embedded engine', () => {
  let engine: EmbeddedEngine;
  before(async () => {
    engine = await openEmbedded({ threads: 2 });
  });
  after(() => engine.dispose());

  it('says what it is', () => {
    assert.equal(engine.description.name, 'embedded');
    assert.match(engine.description.device, /^CPU, WebAssembly (relaxed )?SIMD, 2 threads$/);
    assert.match(engine.description.versions['simd']!, /^(relaxed|plain)$/);
  });

  it('keeps state between runs, in the order of the calls', async () => {
    const state = await engine.createState(tensors('total', 1, 2, 3));
    const executable = await engine.compile(counter, state);
    const runs = [1, 2, 3].map((k) => executable.run(tensors('x', k, k, k)));
    const between = state.read();
    const sums = (await Promise.all(runs)).map(({ sum }) => [...sum!.data]);
    assert.deepEqual(sums, [
      [2, 3, 4],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    assert.deepEqual([...(await between)['total']!.data], [7, 8, 9]);
    await state.write(tensors('total', 0, 0, 0));
    assert.deepEqual([...(await executable.run(tensors('x', 5, 6, 7)))['sum']!.data], [5, 6, 7]);
  });

  it('tells the time of every call of a plan', async () => {
    const builder = new GraphBuilder();
    let value = builder.input('x', [3]);
    for (let i = 0; i < 30; i++) [value] = builder.operation('Scale', [value], { factor: 0.5 }) as [ValueId];
    builder.output('y', value);
    const executable = await engine.compile(builder.build(), await engine.createState({}));
    for (let round = 0; round < 300; round++) {
      const times = await executable.profile(tensors('x', 1, 2, 3));
      assert.equal(times.length, 30);
      assert.ok(times.every(({ seconds }) => seconds >= 0 && seconds < 60));
    }
  });

  it('leaves the event loop free while a step runs', async () => {
    const side = 600;
    const graph: StepGraph = {
      values: [{ shape: [side, side] }, { shape: [side, side] }],
      inputs: [{ name: 'a', value: 0 }],
      constants: [],
      variables: [],
      operations: [
        {
          kind: 'MatMul',
          inputs: [0, 0],
          attributes: { transposeA: false, transposeB: false },
          outputs: [1],
        },
      ],
      outputs: [{ name: 'product', value: 1 }],
    };
    const executable = await engine.compile(graph, await engine.createState({}));
    let turns = 0;
    const ticker = setInterval(() => turns++, 1);
    const a = { shape: [side, side], data: new Float32Array(side * side).fill(1) };
    const { product } = await executable.run({ a });
    clearInterval(ticker);
    assert.equal(product!.data[side], side);
    assert.ok(turns > 0);
  });

  it('refuses what does not fit, and nothing is written then', async () => {
    const state = await engine.createState({ ...tensors('total', 1, 2, 3), ...tensors('other', 1) });
    const executable = await engine.compile(counter, state);
    await assert.rejects(executable.run({}), /needs the input “x”/);
    await assert.rejects(executable.run(tensors('x', 1, 2)), /input x/);
    await assert.rejects(executable.run({ ...tensors('x', 1, 2, 3), ...tensors('y', 1) }), /no input “y”/);
    await assert.rejects(state.read(['nothing']), /nothing/);
    await assert.rejects(state.write({ ...tensors('total', 9, 9, 9), ...tensors('other', 1, 2) }), /other/);
    assert.deepEqual([...(await state.read(['total']))['total']!.data], [1, 2, 3]);
    await assert.rejects(engine.compile(counter, await engine.createState({})), /total/);
    await assert.rejects(engine.compile(counter, await engine.createState(tensors('total', 1))), /total/);
  });

  it('has no more memory after three hundred plans and states than after ten', async () => {
    const cycle = async (): Promise<void> => {
      const state = await engine.createState({ total: { shape: [3], data: new Float32Array(3) } });
      const executable = await engine.compile(counter, state);
      await executable.run(tensors('x', 1, 2, 3));
      executable.dispose();
      state.dispose();
    };
    for (let i = 0; i < 10; i++) await cycle();
    const bytes = engine.memoryBytes;
    for (let i = 0; i < 300; i++) await cycle();
    assert.equal(engine.memoryBytes, bytes);
  });

  it('needs the memory that is estimated', async () => {
    const other = await openEmbedded({ threads: 2 });
    const configuration = smallRun({});
    const graph = traceAdversarialStep(configuration);
    const { stateBytes, planBytes } = estimateMemory(graph, { threads: 2 });
    const state = await other.createState(await initialState(configuration));
    const executable = await other.compile(graph, state);
    assert.equal(executable.memoryBytes, planBytes);
    assert.ok(Math.abs(other.memoryBytes - stateBytes - planBytes) < 2 * 65536);
    await other.dispose();
  });

  it('grows its memory while threads are running', async () => {
    const small = await engine.compile(counter, await engine.createState(tensors('total', 1, 2, 3)));
    const running = small.run(tensors('x', 1, 1, 1));
    const data = new Float32Array(20_000_000).fill(2);
    const graph: StepGraph = {
      values: [{ shape: [data.length] }, { shape: [data.length] }],
      inputs: [],
      constants: [],
      variables: [{ name: 'large', value: 0, update: 1 }],
      operations: [{ kind: 'Scale', inputs: [0], attributes: { factor: 1.5 }, outputs: [1] }],
      outputs: [],
    };
    const state = await engine.createState({ large: { shape: [data.length], data } });
    const executable = await engine.compile(graph, state);
    await running;
    await executable.run({});
    assert.equal((await state.read())['large']!.data.at(-1), 3);
    assert.deepEqual([...(await small.run(tensors('x', 1, 1, 1)))['sum']!.data], [3, 4, 5]);
    executable.dispose();
    state.dispose();
  });

  it('ends its threads; a run after that is refused', async () => {
    const other = await openEmbedded({ threads: 3 });
    const executable = await other.compile(counter, await other.createState(tensors('total', 1, 2, 3)));
    const last = executable.run(tensors('x', 1, 1, 1));
    await other.dispose();
    assert.deepEqual([...(await last)['sum']!.data], [2, 3, 4]);
    await assert.rejects(executable.run(tensors('x', 1, 1, 1)), /closed/);
  });
});
