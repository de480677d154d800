/**
 * Mocha's usual report, and after it one line that the test runner reads: how many passed, and what failed. It is the same in
 * a plain process and inside VS Code, where the only way out is the console.
 */
import { format } from 'node:util';
import { reporters, Runner, type Hook, type MochaOptions, type Test } from 'mocha';

export interface Totals {
  passed: number;
  skipped: number;
  /** Of each test that failed its title and the first lines of its error: a long log is not searched for them. */
  failures: string[];
}

const LINES_OF_AN_ERROR = 6;

const MARK = '[totals] ';
const REPORT_MARK = '[report] ';

/** The totals in a line of output, if it has them. */
export function totalsIn(line: string): Totals | undefined {
  const start = line.indexOf(MARK);
  return start < 0 ? undefined : (JSON.parse(line.slice(start + MARK.length)) as Totals);
}

/** Inside VS Code: marks each line of the report, so that it can be told from all else on the console. */
export function markReport(): void {
  reporters.Base.consoleLog = (...values: unknown[]) => {
    for (const line of format(...values).split('\n')) console.log(REPORT_MARK + line);
  };
}

/** The line of a report that `markReport` marked. */
export function reportLineIn(line: string): string | undefined {
  return line.startsWith(REPORT_MARK) ? line.slice(REPORT_MARK.length) : undefined;
}

export default class TotalsReporter extends reporters.Spec {
  constructor(runner: Runner, options?: MochaOptions) {
    super(runner, options);
    const failures: string[] = [];
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test: Test | Hook, error: unknown) => {
      const lines = (error instanceof Error ? (error.stack ?? error.message) : String(error)).split('\n');
      failures.push([test.fullTitle(), ...lines.slice(0, LINES_OF_AN_ERROR)].join('\n    '));
    });
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const totals: Totals = { passed: this.stats.passes, skipped: this.stats.pending, failures };
      reporters.Base.consoleLog(MARK + JSON.stringify(totals));
    });
  }
}
