/** Largest differences between what a consumer computes and what our engine does, gathered into a table. */
import assert from 'node:assert/strict';
import type { HostTensor } from '../../../../src/training/engines/engine';

/** Of images in [0, 1]. */
export const TOLERANCE = 1e-4;

export class Differences {
  private readonly rows: { consumer: string; subject: string; difference: number }[] = [];

  /** Fails where shapes differ, or a value by more than the tolerance. */
  add(consumer: string, subject: string, result: HostTensor, expected: HostTensor): void {
    assert.deepEqual(result.shape, expected.shape, `${consumer}, ${subject}`);
    assert.equal(result.data.length, expected.data.length);
    let difference = 0;
    result.data.forEach((value, i) => {
      // A value that is no number makes the difference none, and so the test fail.
      difference = Math.max(difference, Math.abs(value - expected.data[i]!));
    });
    this.rows.push({ consumer, subject, difference });
    assert.ok(difference <= TOLERANCE, `${consumer}, ${subject}: ${difference}`);
  }

  /** Lines of a table: consumers, and a column for each subject. */
  table(): string[] {
    const subjects = [...new Set(this.rows.map(({ subject }) => subject))];
    const consumers = [...new Set(this.rows.map(({ consumer }) => consumer))];
    const lines = [
      ['largest difference', ...subjects],
      ...consumers.map((consumer) => [
        consumer,
        ...subjects.map((subject) => {
          const row = this.rows.find((each) => each.consumer === consumer && each.subject === subject);
          return row === undefined ? '–' : row.difference.toExponential(1);
        }),
      ]),
    ];
    const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
    return lines.map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
  }
}
