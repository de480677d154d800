import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { formatCount, formatDuration } from '../../../src/protocol/quantities';
import { createProgressReporter, describeProgress } from '../../../src/cli/progress';
import { progressSchema, type Progress } from '../../../src/protocol/progress';

function at(done: number, message = 'Making'): Progress {
  return { done, total: 1000, unit: 'images', secondsLeft: 200, message };
}

/** A stream that remembers, and a clock that is set. */
function recorder(terminal?: { columns: number }) {
  const written: string[] = [];
  const clock = { time: 0 };
  const stream = {
    write: (text: string) => written.push(text),
    ...(terminal && { isTTY: true, columns: terminal.columns }),
  };
  return { written, clock, stream, now: () => clock.time };
}

describe('progress', () => {
  it('is said in words', () => {
    assert.equal(describeProgress(at(20)), 'Making: 20 of 1,000 images, 3 min left');
    assert.equal(describeProgress({ ...at(20), secondsLeft: null }), 'Making: 20 of 1,000 images');
    assert.equal(describeProgress(at(1000)), 'Making: 1,000 of 1,000 images');
    assert.equal(describeProgress({ ...at(0, 'Looking'), total: 0 }), 'Looking');
  });

  it('in a log is a line now and then, and the last one', () => {
    const { written, clock, stream, now } = recorder();
    const { report, note, close } = createProgressReporter(stream, 'auto', now);
    for (const [time, done] of [
      [0, 1],
      [10, 2],
      [4000, 3],
      [5100, 4],
      [5200, 5],
    ] as const) {
      clock.time = time;
      report(at(done));
    }
    report(at(6, 'Checking'));
    note('A warning.');
    report(at(7, 'Checking'));
    close();
    const lines = written.join('').split('\n');
    assert.deepEqual(
      lines.map((line) => /^(\w+): (\d+)/.exec(line)?.slice(1).join(' ') ?? line),
      ['Making 1', 'Making 4', 'Checking 6', 'A warning.', 'Checking 7', ''],
    );
  });

  it('on a terminal paints one line that never wraps, and wipes it', () => {
    const { written, clock, stream, now } = recorder({ columns: 20 });
    const { report, note, close } = createProgressReporter(stream, 'auto', now);
    report(at(1));
    clock.time = 200;
    report(at(2));
    assert.deepEqual(written, ['\r\x1b[2KMaking: 1 of 1,000 ', '\r\x1b[2KMaking: 2 of 1,000 ']);
    note('A warning.');
    assert.equal(written.at(-1), '\r\x1b[2KA warning.\nMaking: 2 of 1,000 ');
    close();
    assert.equal(written.at(-1), '\r\x1b[2K');
  });

  it('as JSON is one report a line', () => {
    const { written, clock, stream, now } = recorder();
    const { report, note, close } = createProgressReporter(stream, 'json', now);
    report(at(1));
    report(at(2));
    clock.time = 150;
    report(at(3));
    report(at(4));
    note('not JSON');
    close();
    const lines = written.map((line) => progressSchema.parse(JSON.parse(line)).done);
    assert.deepEqual(lines, [1, 3, 4]);
  });

  it('can be silent', () => {
    const { written, stream, now } = recorder();
    const { report, note, close } = createProgressReporter(stream, 'none', now);
    report(at(1));
    note('text');
    close();
    assert.deepEqual(written, []);
  });
});

describe('numbers in words', () => {
  it('are grouped, and times rounded to what matters', () => {
    assert.equal(formatCount(1234567), '1,234,567');
    assert.deepEqual([0, 8.4, 89, 90, 185, 3600, 7500, 200_000].map(formatDuration), [
      '0 s',
      '8 s',
      '89 s',
      '2 min',
      '3 min',
      '60 min',
      '2 h 5 min',
      '2 d 7 h',
    ]);
  });
});
