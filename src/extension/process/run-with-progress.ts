/** A command of the command line under a progress notification: how far it is, how long it will take, and a way to cancel. */
import * as vscode from 'vscode';
import type { Progress } from '../../protocol/progress';
import { formatCount, formatDuration } from '../../protocol/quantities';
import type { CommandLine, Invocation } from './command-line';

/** Runs it to its end. Throws a `LabError`, or `Cancelled` after the button. */
export async function runWithProgress<T>(
  commandLine: CommandLine,
  title: string,
  invocation: Omit<Invocation<T>, 'onProgress' | 'signal'>,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => {
      abort.abort();
      progress.report({ message: 'cancelling …' });
    });
    let percent = 0;
    const onProgress = (report: Progress): void => {
      if (abort.signal.aborted) return;
      const now = report.total > 0 ? Math.min(100, (100 * report.done) / report.total) : 0;
      // A command of several parts counts from zero again; the bar only moves forward.
      const increment = Math.max(0, now - percent);
      percent = Math.max(percent, now);
      progress.report({ message: describe(report), increment });
    };
    try {
      return await commandLine.run({ ...invocation, onProgress, signal: abort.signal });
    } finally {
      subscription.dispose();
    }
  });
}

/** `12 of 40 images · 3 min left`. */
export function describe({ done, total, unit, secondsLeft, message }: Progress): string {
  const parts = [total > 0 ? `${formatCount(done)} of ${formatCount(total)} ${unit}` : message];
  if (secondsLeft !== null && done < total) parts.push(`${formatDuration(secondsLeft)} left`);
  return parts.join(' · ');
}
