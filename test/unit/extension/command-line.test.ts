/** The command line as a function: what a script prints and how it exits becomes a result or an error in words. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { z } from 'zod';
import { LabError } from '../../../src/folders/lab-error';
import { Cancelled, CommandLine, type Invocation } from '../../../src/extension/process/command-line';
import type { Progress } from '../../../src/protocol/progress';
import { temporaryFolders } from '../../support/temporary-folder';

const answer = z.object({ value: z.number() });

describe('CommandLine', () => {
  const makeFolder = temporaryFolders();

  function run(script: string, options: Partial<Invocation<z.infer<typeof answer>>> = {}) {
    const path = join(makeFolder(), 'cli.js');
    writeFileSync(path, script);
    const log = { info: () => undefined, warn: () => undefined };
    return new CommandLine(path, log).run({ args: ['do', 'it'], result: answer, ...options });
  }

  it('asks for JSON, and checks the result', async () => {
    const script = `
      const expected = ['--json', '--progress', 'json', 'do', 'it'];
      const same = JSON.stringify(process.argv.slice(2)) === JSON.stringify(expected);
      console.log('talk'); console.log(JSON.stringify({ value: same ? 7 : 0 }));`;
    assert.deepEqual(await run(script), { value: 7 });
    await assert.rejects(run('console.log(JSON.stringify({ value: "7" }))'), LabError);
  });

  it('reports progress, and passes over what is none', async () => {
    const seen: Progress[] = [];
    const report = { done: 1, total: 2, unit: 'images', secondsLeft: null, message: 'Writing' };
    const script = `
      console.error('a warning of Node'); console.error('{"done":"x"}');
      console.error(${JSON.stringify(JSON.stringify(report))}); console.log('{"value":1}');`;
    await run(script, { onProgress: (progress) => seen.push(progress) });
    assert.deepEqual(seen, [report]);
  });

  it('fails in the words of the command', async () => {
    const script = `console.log(JSON.stringify({ error: '/a is empty.' })); process.exitCode = 1;`;
    await assert.rejects(
      run(script),
      (error) => error instanceof LabError && error.message === '/a is empty.',
    );
  });

  it('takes bad news for a result where the command says so', async () => {
    const script = `console.log('{"value":2}'); process.exitCode = 1;`;
    assert.deepEqual(await run(script, { acceptedCodes: [0, 1] }), { value: 2 });
    await assert.rejects(run(script), LabError);
  });

  it('never takes a death for a success', async () => {
    const script = `console.log('{"value":1}'); process.kill(process.pid, 'SIGKILL');`;
    await assert.rejects(run(script), /SIGKILL/);
  });

  it('is cancelled by its signal, before and after the start', async () => {
    await assert.rejects(run('', { signal: AbortSignal.abort() }), Cancelled);
    const abort = new AbortController();
    const script = `console.error(JSON.stringify({ done: 0, total: 1, unit: 'x', secondsLeft: null, message: '' }));
      setInterval(() => {}, 1000);`;
    const running = run(script, {
      signal: abort.signal,
      onProgress: () => {
        abort.abort();
      },
    });
    await assert.rejects(running, Cancelled);
  });
});
