/**
 * `npm test [-- PART…]`: everything that must hold, part by part: formatting, lint, types, build, unit tests, tests inside
 * VS Code, end to end. Each part ends with its own line; at the end what failed is said once more, and the last line counts
 * the tests of all. A check that failed counts as one failed test.
 */
import { readdirSync } from 'node:fs';
import { runHostTests } from '../test/support/host-tests';
import { totalsIn, type Totals } from '../test/support/totals-reporter';
import { build } from './build';
import { Child, describeExit, stopChildrenOnSignals } from './lib/child';
import { inProject, messageOf, projectRoot } from './lib/project';

const nothing: Totals = { passed: 0, skipped: 0, failures: [] };

/** Runs a tool of the project in Node.js and shows its output; `onLine` sees each line. */
async function runTool(path: string[], args: string[], onLine?: (line: string) => void): Promise<void> {
  const tool = new Child(process.execPath, [inProject('node_modules', ...path), ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
    output: 'lines',
    onLine: (line) => {
      onLine?.(line);
      if (totalsIn(line) === undefined) console.log(line);
    },
  });
  const exit = await tool.stopped;
  if (exit.code !== 0) throw new Error(`${path.at(-1) ?? 'It'} ended with ${describeExit(exit)}.`);
}

/** Runs Mocha on test files. Warnings of Node.js, such as a deprecation or a leak, count as a failure. */
async function runMocha(pattern: string, args: string[]): Promise<Totals> {
  let totals: Totals | undefined;
  const warnings: string[] = [];
  try {
    const reporter = ['--reporter', inProject('test', 'support', 'totals-reporter.ts')];
    await runTool(['mocha', 'bin', 'mocha.js'], [...reporter, ...args, pattern], (line) => {
      totals ??= totalsIn(line);
      if (/^\(node:\d+\) .*Warning/.test(line)) warnings.push(line);
    });
  } catch (error) {
    // Mocha's exit code tells of failed tests, which the totals count; without totals it never came to its end.
    if (totals === undefined || totals.failures.length === 0) throw error;
  }
  if (totals === undefined) throw new Error(`Mocha gave no report on ${pattern}.`);
  return withProblems(totals, warnings);
}

/** Problems in the logs of tests that passed: told, and counted as one failure. */
function withProblems(totals: Totals, problems: string[]): Totals {
  if (problems.length === 0) return totals;
  const failure = `Errors or warnings in the logs that are not known noise:\n${problems.join('\n')}`;
  console.log(`\n${failure}`);
  return { ...totals, failures: [...totals.failures, failure] };
}

function add(a: Totals, b: Totals): Totals {
  return {
    passed: a.passed + b.passed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
  };
}

async function hostTests(): Promise<Totals> {
  let sum = nothing;
  for (const trusted of [true, false]) {
    console.log(trusted ? 'In a trusted workspace:' : 'In Restricted Mode:');
    const { totals, problems } = await runHostTests(trusted, (line) => {
      if (totalsIn(line) === undefined) console.log(line);
    });
    sum = add(sum, withProblems(totals, problems));
  }
  return sum;
}

/** A file after the other: each is one story that ends where it fails, and Mocha would end all of them there. */
async function endToEndTests(): Promise<Totals> {
  let sum = nothing;
  for (const name of readdirSync(inProject('test', 'e2e')).sort()) {
    if (name.endsWith('.test.ts')) {
      sum = add(sum, await runMocha(`test/e2e/${name}`, ['--timeout', '300000']));
    }
  }
  return sum;
}

async function check(work: () => Promise<void>): Promise<Totals> {
  await work();
  return nothing;
}

interface Part {
  name: string;
  what: string;
  run: () => Promise<Totals>;
}

const parts: Part[] = [
  {
    name: 'format',
    what: 'Formatting (Prettier)',
    run: () => check(() => runTool(['prettier', 'bin', 'prettier.cjs'], ['--check', '.'])),
  },
  {
    name: 'lint',
    what: 'Lint and borders between rooms (ESLint)',
    run: () => check(() => runTool(['eslint', 'bin', 'eslint.js'], ['--max-warnings', '0', '.'])),
  },
  {
    name: 'types',
    what: 'Types (TypeScript)',
    run: () =>
      check(async () => {
        for (const project of ['.', 'src/webviews']) {
          await runTool(['typescript', 'bin', 'tsc'], ['-p', project]);
        }
      }),
  },
  { name: 'build', what: 'Build', run: () => check(() => build({ production: false }, true)) },
  { name: 'unit', what: 'Unit tests', run: () => runMocha('test/unit/**/*.test.ts', []) },
  { name: 'host', what: 'Tests inside VS Code', run: hostTests },
  {
    name: 'e2e',
    what: 'End to end: a browser drives VS Code',
    run: endToEndTests,
  },
];

/** Parts that use the bundles. */
const needBuild = ['unit', 'host', 'e2e'];

function choose(names: string[]): Part[] {
  if (names.length === 0) return parts;
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    const known = parts.map((part) => part.name).join(', ');
    throw new Error(`There is no part ${unknown.join(', ')}. The parts are ${known}.`);
  }
  const all = names.some((name) => needBuild.includes(name)) ? ['build', ...names] : names;
  return parts.filter((part) => all.includes(part.name));
}

async function runPart(part: Part): Promise<Totals> {
  console.log(`\n── ${part.what}`);
  const start = performance.now();
  let totals: Totals;
  let ended = '';
  try {
    totals = await part.run();
  } catch (error) {
    ended = `: ${messageOf(error)}`;
    totals = { ...nothing, failures: [`${part.what}${ended}`] };
  }
  const count = totals.passed + totals.failures.length > 0 && ended === '' ? `, ${describe(totals)}` : ended;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`── ${part.name} ${totals.failures.length === 0 ? 'ok' : 'FAILED'} in ${seconds} s${count}`);
  return totals;
}

function describe({ passed, failures, skipped }: Totals): string {
  return `${passed} passed, ${failures.length} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

export async function main(args: string[]): Promise<void> {
  stopChildrenOnSignals();
  let sum = nothing;
  for (const part of choose(args)) {
    const totals = await runPart(part);
    sum = add(sum, totals);
    // Without bundles the rest would only fail for that.
    if (part.name === 'build' && totals.failures.length > 0) break;
  }
  if (sum.failures.length > 0) {
    console.log(`\nWhat failed:\n${sum.failures.map((failure) => `- ${failure}`).join('\n')}`);
    process.exitCode = 1;
  }
  console.log(`\n${describe(sum)}`);
}
