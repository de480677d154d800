import assert from 'node:assert/strict';
import { philox, randomStream } from '../../../src/random/random-stream';

describe('random streams', () => {
  it('Philox4x32-10 gives the known answers of its authors', () => {
    assert.deepEqual(philox([0, 0, 0, 0], [0, 0]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    const ones = 0xffffffff;
    assert.deepEqual(
      philox([ones, ones, ones, ones], [ones, ones]),
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    );
    assert.deepEqual(
      philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]),
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    );
  });

  it('repeats for equal arguments and differs in seed, stream and step', () => {
    const draw = (seed: number, name: string, step: number): number[] => {
      const stream = randomStream(seed, name, step);
      return Array.from({ length: 9 }, () => stream.uniform());
    };
    assert.deepEqual(draw(1, 'crops', 5), draw(1, 'crops', 5));
    for (const other of [draw(2, 'crops', 5), draw(1, 'flips', 5), draw(1, 'crops', 6)]) {
      assert.notDeepEqual(draw(1, 'crops', 5), other);
    }
    assert.notDeepEqual(draw(1, 'crops', 5), draw(1, 'crops', 5 + 2 ** 32));
  });

  it('uniform numbers and integers are in range and even', () => {
    const stream = randomStream(7, 'even');
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 50_000; i++) {
      const value = stream.integer(10);
      assert.ok(Number.isInteger(value) && value >= 0 && value < 10);
      counts[value]!++;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
    assert.ok(chiSquare < 27.9, `χ² with 9 degrees of freedom is ${chiSquare}`); // p = 0.001
  });

  it('normal numbers have the moments of the normal distribution', () => {
    const stream = randomStream(3, 'bell');
    const values = Array.from({ length: 100_000 }, () => stream.normal());
    const moment = (power: number): number => values.reduce((sum, x) => sum + x ** power, 0) / values.length;
    assert.ok(Math.abs(moment(1)) < 0.015, `mean ${moment(1)}`);
    assert.ok(Math.abs(moment(2) - 1) < 0.02, `variance ${moment(2)}`);
    assert.ok(Math.abs(moment(4) - 3) < 0.15, `fourth moment ${moment(4)}`);
  });
});
