/**
 * The entry point of the tests that run inside VS Code's extension host: `run` is called there, finds every test by way
 * of the bundler, and rejects when one fails.
 */
import Mocha from 'mocha';
import TotalsReporter, { markReport } from '../support/totals-reporter';

export async function run(): Promise<void> {
  markReport();
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, color: false, reporter: TotalsReporter });
  mocha.suite.emit('pre-require', globalThis, 'test/host', mocha);
  await import('all-host-tests');
  const failures = await new Promise<number>((resolve) => {
    mocha.run(resolve);
  });
  if (failures > 0) throw new Error(`${failures} tests failed.`);
}
