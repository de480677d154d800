/**
 * Progress on stderr, in the form that suits who reads it: one line painted over and over on a terminal, a plain line
 * now and then in a log, or JSON lines (`Progress` of src/protocol/progress.ts) for the extension.
 */
import type { Progress } from '../protocol/progress';
import { formatCount, formatDuration } from '../protocol/quantities';

export const progressModes = ['auto', 'json', 'none'] as const;
export type ProgressMode = (typeof progressModes)[number];

export interface ProgressReporter {
  /** Shows where the work is. May be called as often as wanted; most calls cost nothing. */
  report: (progress: Progress) => void;
  /** Writes a line that stays, such as a warning, without disturbing the painted one. Silent in JSON and none. */
  note: (text: string) => void;
  /** Shows the last report if it was held back, and leaves the terminal clean. */
  close: () => void;
}

/** The part of a stream that a reporter needs. */
export interface ProgressStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** Shortest time between two reports, in milliseconds. A change of message is always shown. */
const interval = { painted: 100, json: 100, plain: 5000 };

/** Makes the reporter for a stream; `now` is a clock in milliseconds. */
export function createProgressReporter(
  stream: ProgressStream,
  mode: ProgressMode,
  now: () => number = () => performance.now(),
): ProgressReporter {
  if (mode === 'none') return { report: ignore, note: ignore, close: ignore };
  if (mode === 'json') {
    const write = (progress: Progress): void => void stream.write(JSON.stringify(progress) + '\n');
    const { report, flush } = throttle(write, interval.json, now);
    return { report, note: ignore, close: flush };
  }
  if (stream.isTTY) return createPainter(stream, now);
  const write = (progress: Progress): void => void stream.write(describeProgress(progress) + '\n');
  const { report, flush } = throttle(write, interval.plain, now);
  return { report, note: (text) => void stream.write(text + '\n'), close: flush };
}

/** One line of text: what is done, how much of it, and how long it will take. */
export function describeProgress({ done, total, unit, secondsLeft, message }: Progress): string {
  const counted = total > 0 ? `: ${formatCount(done)} of ${formatCount(total)} ${unit}` : '';
  const left = secondsLeft === null || done >= total ? '' : `, ${formatDuration(secondsLeft)} left`;
  return message + counted + left;
}

function createPainter(stream: ProgressStream, now: () => number): ProgressReporter {
  const clear = '\r\x1b[2K';
  let painted = '';
  const paint = (progress: Progress): void => {
    // A line that wraps could not be painted over.
    painted = describeProgress(progress).slice(0, Math.max(1, (stream.columns ?? 80) - 1));
    stream.write(clear + painted);
  };
  const { report } = throttle(paint, interval.painted, now);
  return {
    report,
    note: (text) => void stream.write(`${clear}${text}\n${painted}`),
    close: () => {
      if (painted !== '') stream.write(clear);
      painted = '';
    },
  };
}

function throttle(write: (progress: Progress) => void, milliseconds: number, now: () => number) {
  let last = Number.NEGATIVE_INFINITY;
  let message: string | undefined;
  let held: Progress | undefined;
  return {
    report: (progress: Progress): void => {
      const time = now();
      if (time - last < milliseconds && progress.message === message) {
        held = progress;
        return;
      }
      last = time;
      message = progress.message;
      held = undefined;
      write(progress);
    },
    flush: (): void => {
      if (held !== undefined) write(held);
      held = undefined;
    },
  };
}

function ignore(): void {
  // Nobody wants to know.
}
