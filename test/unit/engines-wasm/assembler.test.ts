/** The assembler: encodings by the specification's examples, and functions that compute what they say. */
import assert from 'node:assert/strict';
import { F64, FunctionBuilder, I32, ModuleBuilder, Vector } from '../../../src/assembler';
import { float32, signed, unsigned } from '../../../src/assembler/encoding';

/** Writes one function (address of results first) and runs it; the memory afterwards as floats and integers. */
function run(
  parameters: readonly number[],
  write: (f: FunctionBuilder, module: ModuleBuilder) => void,
  memoryContents: readonly number[] = [],
): { floats: Float32Array; integers: Int32Array } {
  const module = new ModuleBuilder({ math: ['exp'] });
  const f = new FunctionBuilder(
    parameters.map(() => 'i32'),
    false,
  );
  write(f, module);
  module.add('f', f);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  new Float32Array(memory.buffer).set(memoryContents);
  const imports = { lab: { memory }, math: { exp: (x: number) => Math.exp(x) } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), imports);
  exports['f']!(...parameters);
  return { floats: new Float32Array(memory.buffer), integers: new Int32Array(memory.buffer) };
}

describe('WebAssembly assembler', () => {
  it('LEB128', () => {
    assert.deepEqual(unsigned(624485), [0xe5, 0x8e, 0x26]);
    assert.deepEqual(unsigned(0), [0]);
    assert.deepEqual(unsigned(0xffffffff), [0xff, 0xff, 0xff, 0xff, 0x0f]);
    assert.deepEqual(signed(-123456), [0xc0, 0xbb, 0x78]);
    assert.deepEqual(signed(64), [0xc0, 0]);
    assert.deepEqual(signed(-1), [0x7f]);
    assert.deepEqual(float32(1), [0, 0, 0x80, 0x3f]);
  });

  it('loops, conditions and integer arithmetic', () => {
    const { integers } = run([10], (f) => {
      const count = f.integerParameter(0);
      const sum = f.integer(0);
      f.for(0, count, 3, (i) => {
        sum.advance(i);
      });
      f.for(5, 5, 1, () => {
        sum.set(1000);
      });
      f.if(
        sum.equals(18),
        () => {
          sum.set(sum.mul(7).div(2).rem(60).add(I32.constant(9).min(4)));
        },
        () => {
          sum.set(0);
        },
      );
      f.storeFloat(I32.constant(0), sum.toFloat());
      const down = f.integer(3);
      const rounds = f.integer(0);
      f.doWhile(
        () => {
          rounds.advance(1);
          down.set(down.sub(1));
        },
        () => down,
      );
      f.storeFloat(I32.constant(4), rounds.toFloat());
    });
    // 18 · 7 / 2 = 63, remainder 3, and 4.
    assert.deepEqual([...new Float32Array(integers.buffer, 0, 2)], [7, 3]);
  });

  it('bodies in turn, until the condition fails after any of them', () => {
    for (const count of [1, 2, 3, 4, 7]) {
      const { floats } = run([count], (f) => {
        const left = f.integerParameter(0);
        const turns = [f.integer(0), f.integer(0), f.integer(0)];
        f.doInTurnWhile(
          turns.map((turn) => () => {
            turn.advance(1);
            left.set(left.sub(1));
          }),
          () => left,
        );
        turns.forEach((turn, i) => {
          f.storeFloat(I32.constant(4 * i), turn.toFloat());
        });
      });
      const expected = [0, 1, 2].map((i) => Math.floor((count + 2 - i) / 3));
      assert.deepEqual([...floats.subarray(0, 3)], expected);
    }
  });

  it('integers are unsigned: addresses above 2 GiB compare as larger', () => {
    const { floats } = run([0x80000000 | 0], (f) => {
      f.storeFloat(I32.constant(0), f.integerParameter(0).moreThan(5).toFloat());
      f.storeFloat(I32.constant(4), f.integerParameter(0).div(2).toFloat());
    });
    assert.deepEqual([...floats.subarray(0, 2)], [1, 2 ** 30]);
  });

  it('vectors', () => {
    const contents = [1, -2, 3, -4, 10, 20, 30, 40];
    const results: ((a: Vector, b: Vector, f: FunctionBuilder) => Vector)[] = [
      (a, b) => a.add(b),
      (a, b) => b.sub(a).mul(a).div(b),
      (a) => a.moreThan(Vector.zero()).select(a, a.mul(Vector.of(0.5))),
      (a, b) => a.shuffle(b, [3, 4, 0, 7]),
      (a) => a.abs().sqrt().negate(),
      (a, b) => a.max(Vector.lanes(0, 1, 2, 3)).min(b),
      (a, b, f) => f.multiplyAdd(a, b, Vector.of(1)),
      (a) => a.and(a.lessThan(Vector.zero())),
      (a) => a.andNot(a.lessThan(Vector.zero())),
      (a) => a.lane(2).splat(),
    ];
    const { floats } = run(
      [0],
      (f) => {
        const [a, b] = [f.vector(I32.constant(0).load()), f.vector(I32.constant(0).load(16))];
        results.forEach((result, i) => {
          f.store(I32.constant(64), result(a, b, f), 16 * i);
        });
      },
      contents,
    );
    const expected = [
      [11, 18, 33, 36],
      [0.9, -2.2, 2.7, -4.4],
      [1, -1, 3, -2],
      [-4, 10, 1, 40],
      [-1, -Math.SQRT2, -Math.sqrt(3), -2],
      [1, 1, 3, 3],
      [11, -39, 91, -159],
      [0, -2, 0, -4],
      [1, 0, 3, 0],
      [3, 3, 3, 3],
    ].map((row) => row.map(Math.fround));
    assert.deepEqual(
      expected.map((_, i) => [...floats.subarray(16 + 4 * i, 20 + 4 * i)]),
      expected,
    );
  });

  it('lanes are loaded and stored alone', () => {
    const { floats } = run(
      [0],
      (f) => {
        f.store(I32.constant(16), I32.constant(4).loadLane());
        f.store(I32.constant(32), I32.constant(4).loadSplat());
        f.storeLane(I32.constant(48), I32.constant(0).load(), 3);
      },
      [1, 2, 3, 4],
    );
    assert.deepEqual([...floats.subarray(4, 14)], [2, 0, 0, 0, 2, 2, 2, 2, 4, 0]);
  });

  it('calls functions of Math in double precision, and functions of the module', () => {
    const { floats } = run([0], (f, module) => {
      const store = new FunctionBuilder(['i32', 'i32'], false);
      store.storeFloat(store.integerParameter(0), store.integerParameter(1).toFloat());
      f.call(module.add('store', store), [8, 42]);
      f.storeFloat(I32.constant(0), f.callMath(module.math('exp'), F64.constant(1)).toFloat());
    });
    assert.equal(floats[0], Math.fround(Math.E));
    assert.equal(floats[2], 42);
  });

  it('refuses two functions of one name, and unknown ones of Math', () => {
    const module = new ModuleBuilder();
    module.add('twice', new FunctionBuilder([], false));
    assert.throws(() => module.add('twice', new FunctionBuilder([], false)), /twice/);
    assert.throws(() => module.math('sin'), /Math\.sin/);
  });
});
