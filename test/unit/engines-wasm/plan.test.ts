/** Plans: memory by lifetime, barriers where they are needed, updates in place, the heap. */
import assert from 'node:assert/strict';
import { Heap } from '../../../src/training/engines/wasm/heap';
import { add, copy } from '../../../src/training/engines/wasm/kernels/elementwise';
import { Buffer } from '../../../src/training/engines/wasm/plan/buffer';
import { compileGraph } from '../../../src/training/engines/wasm/plan/compile';
import { planMemory } from '../../../src/training/engines/wasm/plan/memory-planner';
import { PlanBuilder } from '../../../src/training/engines/wasm/plan/plan-builder';
import type { StepGraph } from '../../../src/training/graph/step-graph';
import { openEmbedded } from './support/embedded';

const scalars = (...values: number[]): Float32Array => Float32Array.of(...values);

describe('memory planner', () => {
  it('never lets two living buffers overlap, and reuses what is dead', () => {
    let seed = 1;
    const random = (limit: number): number => {
      seed = (seed * 48271) % 2147483647;
      return seed % limit;
    };
    const lifetimes = new Map(
      Array.from({ length: 300 }, () => {
        const first = random(200);
        return [new Buffer(1 + random(4000)), { first, last: first + random(20) }] as const;
      }),
    );
    const { offsets, bytes } = planMemory(lifetimes);
    const placed = [...lifetimes].map(([buffer, lifetime]) => ({
      start: offsets.get(buffer)!,
      end: offsets.get(buffer)! + buffer.bytes,
      ...lifetime,
    }));
    for (const a of placed) {
      assert.ok(a.end <= bytes && a.start % 64 === 0);
      for (const b of placed) {
        if (a === b || a.first > b.last || b.first > a.last) continue;
        assert.ok(a.end <= b.start || b.end <= a.start, 'two living buffers overlap');
      }
    }
    const together = placed.reduce((sum, { start, end }) => sum + end - start, 0);
    assert.ok(bytes < together / 4, `${bytes} of ${together}`);
  });
});

describe('plan builder', () => {
  it('puts barriers before calls that depend on others, and only there', () => {
    const plan = new PlanBuilder(2);
    const [a, b, c, d] = [1, 2, 3, 4].map(() => plan.temporary(16)) as [Buffer, Buffer, Buffer, Buffer];
    for (const buffer of [a, b, c, d]) plan.keep(buffer);
    plan.call(copy, { result: b, x: a, count: 16 });
    plan.call(copy, { result: c, x: a, count: 16 });
    plan.call(add, { result: d, a: b, b: c, count: 16 });
    plan.call(copy, { result: a, x: c, count: 16 });
    plan.call(copy, { result: b, x: d, count: 16 });
    const barriers = plan.finish().entries.map(({ barrier }) => barrier);
    // d reads b and c; a may be overwritten, because its readers met; b waits for d.
    assert.deepEqual(barriers, [false, false, true, false, true]);
  });
});

/** x ← m·x + (1 − m)·y, in place, with the old x also copied into the variable z if `keepOld`. */
function movingAverage(keepOld: boolean): StepGraph {
  return {
    values: [[5], [1, 5], [5], [5]].map((shape) => ({ shape })),
    inputs: [{ name: 'y', value: 1 }],
    constants: [],
    variables: [{ name: 'x', value: 0, update: 2 }, ...(keepOld ? [{ name: 'z', value: 3, update: 0 }] : [])],
    operations: [{ kind: 'MovingAverage', inputs: [0, 1], attributes: { momentum: 0.5 }, outputs: [2] }],
    outputs: keepOld ? [{ name: 'old', value: 0 }] : [{ name: 'new', value: 2 }],
  };
}

describe('updates of the state', () => {
  it('are computed in place where nothing needs the old value', () => {
    const settings = { threads: 1, exactness: 'direct' } as const;
    const kernels = (graph: StepGraph): string[] =>
      compileGraph(graph, (name) => (name === 'x' ? 64 : 128), settings).plan.entries.map(
        ({ kernel }) => kernel,
      );
    assert.deepEqual(kernels(movingAverage(false)), ['movingAverage']);
    assert.ok(kernels(movingAverage(true)).includes('copy'));
  });

  it('leave old values readable by outputs and other variables', async () => {
    const engine = await openEmbedded({ threads: 2 });
    const tensor = (...values: number[]) => ({ shape: [5], data: scalars(...values) });
    const state = await engine.createState({ x: tensor(1, 2, 3, 4, 5), z: tensor(0, 0, 0, 0, 0) });
    const executable = await engine.compile(movingAverage(true), state);
    const { old } = await executable.run({ y: { shape: [1, 5], data: scalars(3, 4, 5, 6, 7) } });
    assert.deepEqual([...old!.data], [1, 2, 3, 4, 5]);
    const { x, z } = await state.read();
    assert.deepEqual([...x!.data], [2, 3, 4, 5, 6]);
    assert.deepEqual([...z!.data], [1, 2, 3, 4, 5]);
    await engine.dispose();
  });

  it('runs a graph without operations', async () => {
    const graph: StepGraph = {
      values: [{ shape: [1] }],
      inputs: [{ name: 'x', value: 0 }],
      constants: [],
      variables: [],
      operations: [],
      outputs: [{ name: 'y', value: 0 }],
    };
    const engine = await openEmbedded({ threads: 2 });
    const executable = await engine.compile(graph, await engine.createState({}));
    const { y } = await executable.run({ x: { shape: [1], data: scalars(3) } });
    assert.equal(y!.data[0], 3);
    await engine.dispose();
  });

  it('may swap variables', async () => {
    const graph: StepGraph = {
      values: [{ shape: [1] }, { shape: [1] }],
      inputs: [],
      constants: [],
      variables: [
        { name: 'a', value: 0, update: 1 },
        { name: 'b', value: 1, update: 0 },
      ],
      operations: [],
      outputs: [],
    };
    const engine = await openEmbedded({ threads: 1 });
    const state = await engine.createState({
      a: { shape: [1], data: scalars(1) },
      b: { shape: [1], data: scalars(2) },
    });
    await (await engine.compile(graph, state)).run({});
    const { a, b } = await state.read();
    assert.deepEqual([a!.data[0], b!.data[0]], [2, 1]);
    await engine.dispose();
  });
});

describe('heap', () => {
  it('joins what is freed and grows when nothing fits', () => {
    const heap = new Heap();
    const [a, b, c] = [heap.allocate(1000), heap.allocate(1000), heap.allocate(1000)];
    assert.equal(new Set([a, b, c]).size, 3);
    assert.ok([a, b, c].every((address) => address >= 64 && address % 64 === 0));
    heap.free(a);
    heap.free(b);
    assert.equal(heap.allocate(2000), a);
    const before = heap.bytes;
    const large = heap.allocate(1_000_000);
    assert.ok(heap.bytes > before && large + 1_000_000 <= heap.bytes);
    heap.floats(large, 250_000).fill(1);
    heap.free(large);
    assert.equal(heap.allocate(1_000_000), large);
  });

  it('says so when 4 GiB are not enough', () => {
    assert.throws(() => new Heap().allocate(2 ** 32), /memory/);
  });
});
