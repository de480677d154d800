import assert from 'node:assert/strict';
import * as format from '../../../src/webviews/kit/format';

describe('numbers in words', () => {
  it('separates thousands and uses a real minus sign', () => {
    assert.equal(format.count(1234567), '1,234,567');
    assert.equal(format.count(-1200), '−1,200');
    assert.equal(format.counted(1, 'image'), '1 image');
    assert.equal(format.counted(2000, 'step'), '2,000 steps');
  });

  it('shows three significant digits of any size', () => {
    assert.equal(format.significant(0), '0');
    assert.equal(format.significant(0.123456), '0.123');
    assert.equal(format.significant(28.4567), '28.5');
    assert.equal(format.significant(12345), '12,345');
    assert.equal(format.significant(0.00012345), '1.23e−4');
    assert.equal(format.significant(-1e9), '−1.00e9');
    assert.equal(format.significant(Number.NaN), '–');
    assert.equal(format.significant(null), '–');
    assert.equal(format.significant(Number.NEGATIVE_INFINITY), '−∞');
  });

  it('labels ticks without rounding errors', () => {
    assert.equal(format.tick(0.30000000000000004), '0.3');
    assert.equal(format.tick(1e-5), '1e−5');
    assert.equal(format.tick(2000), '2,000');
    assert.equal(format.tick(0), '0');
  });

  it('signs every gain, and calls what rounds to zero neither', () => {
    assert.equal(format.gain(0.4249), '+0.42 dB');
    assert.equal(format.gain(-0.1), '−0.10 dB');
    assert.equal(format.gain(-0.004), '±0.00 dB');
    assert.equal(format.fixed(-0.04, 1), '0.0');
    assert.equal(format.fixed(-0.06, 1), '−0.1');
    assert.equal(format.count(-0.2), '0');
    assert.equal(format.decibels(28.4314), '28.43 dB');
    assert.equal(format.decibels(undefined), '– dB');
  });

  it('gives durations in at most two units', () => {
    assert.equal(format.duration(0.2), '0 s');
    assert.equal(format.duration(42), '42 s');
    assert.equal(format.duration(125), '2 min 5 s');
    assert.equal(format.duration(7200), '2 h');
    assert.equal(format.duration(90_061), '1 d 1 h');
  });

  it('tells time left as a person would', () => {
    assert.equal(format.timeLeft(0.4), 'nearly done');
    assert.equal(format.timeLeft(38), '40 s left');
    assert.equal(format.timeLeft(58), '1 min left');
    assert.equal(format.timeLeft(185), '3 min left');
    assert.equal(format.timeLeft(3599), '1 h left');
    assert.equal(format.timeLeft(7505), '2 h 5 min left');
  });

  it('chooses the unit of a step', () => {
    assert.equal(format.seconds(0.0052), '5.2 ms');
    assert.equal(format.seconds(0.0352), '35 ms');
    assert.equal(format.seconds(0.2134), '0.21 s');
    assert.equal(format.seconds(75), '1 min 15 s');
    assert.equal(format.percent(0.0123), '1.2 %');
    assert.equal(format.percent(0.456), '46 %');
  });

  it('writes elapsed time as a clock', () => {
    assert.equal(format.clock(45), '0:45');
    assert.equal(format.clock(750), '12:30');
    assert.equal(format.clock(3900), '1:05:00');
  });

  it('labels an axis with as many digits as tell its lines apart', () => {
    assert.deepEqual(format.ticks([28, 28.2, null]), ['28', '28.2', '']);
    assert.deepEqual(format.ticks([28.86991, 28.869915, 28.86992]), ['28.86991', '28.869915', '28.86992']);
    assert.deepEqual(format.ticks([0, 0]), ['0', '0']);
  });
});
