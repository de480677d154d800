/** Runs the tests of test/host inside the extension host of a real VS Code, and tells how they ended. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../scripts/lib/project';
import { reportLineIn, totalsIn, type Totals } from './totals-reporter';
import { openVscode } from './vscode-session';

const TIMEOUT_MS = 10 * 60_000;

export interface HostTestResult {
  totals: Totals;
  /** Errors and warnings in the logs that are not known noise. */
  problems: string[];
}

/** Opens a workspace, trusted or in Restricted Mode. `print` gets the report line by line. Throws when the tests did not come to an end. */
export async function runHostTests(trusted: boolean, print: (line: string) => void): Promise<HostTestResult> {
  const workspace = await mkdtemp(join(tmpdir(), 'srgan-lab-host-'));
  let totals: Totals | undefined;
  let finish: (code: number) => void;
  const exit = new Promise<number>((resolve) => (finish = resolve));
  const onLog = (_level: string, values: unknown): void => {
    for (const value of Array.isArray(values) ? values : [values]) {
      const line = reportLineIn(String(value));
      if (line === undefined) continue;
      totals ??= totalsIn(line);
      print(line);
    }
  };
  const session = await openVscode({
    workspace,
    extension: 'checkout',
    trusted,
    tests: inProject('out', 'test', 'host', 'index.js'),
    async beforeOpen(page) {
      await page.exposeFunction('codeAutomationLog', onLog);
      await page.exposeFunction('codeAutomationExit', (code: number) => {
        session.log.pause();
        finish(code);
      });
    },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`The tests in VS Code did not end.\n${session.log.lines.slice(-60).join('\n')}`));
      }, TIMEOUT_MS);
    });
    const code = await Promise.race([exit, late]);
    if (totals === undefined) {
      throw new Error(
        `The tests in VS Code ended with code ${code} and without a report.\n${session.log.lines.slice(-60).join('\n')}`,
      );
    }
    return { totals, problems: session.log.problems };
  } finally {
    clearTimeout(timer);
    await session.close();
    await rm(workspace, { recursive: true, force: true });
  }
}
