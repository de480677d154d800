/** Processes as objects: how they end is told truthfully, and stopping reaches everything that they started. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { processStart } from '../../../src/folders/process-identity';
import { LabProcess, type ProcessOptions } from '../../../src/extension/process/lab-process';

function start(script: string, options: Partial<ProcessOptions> = {}): LabProcess {
  return new LabProcess({
    command: process.execPath,
    args: ['-e', script],
    cwd: process.cwd(),
    environment: {},
    onStdout: () => undefined,
    onStderr: () => undefined,
    graceMs: 5000,
    ...options,
  });
}

const waits = 'setInterval(() => {}, 1000); console.log("ready");';

describe('LabProcess', () => {
  it('delivers every line of both streams before it says that it stopped', async () => {
    const out: string[] = [];
    const err: string[] = [];
    const child = start('console.log("a\\nb"); console.error("c"); process.stdout.write("no newline")', {
      onStdout: (line) => out.push(line),
      onStderr: (line) => err.push(line),
    });
    assert.deepEqual(await child.stopped, { kind: 'code', code: 0 });
    assert.deepEqual(out, ['a', 'b', 'no newline']);
    assert.deepEqual(err, ['c']);
  });

  it('tells exit codes and signals apart', async () => {
    assert.deepEqual(await start('process.exit(3)').stopped, { kind: 'code', code: 3 });
    const killed = await start('process.kill(process.pid, "SIGKILL")').stopped;
    assert.deepEqual(killed, { kind: 'signal', signal: 'SIGKILL' });
  });

  it('tells that a program is not there', async () => {
    const child = start('', { command: '/nowhere/at/all' });
    assert.equal((await child.stopped).kind, 'unstartable');
    assert.equal((await child.stop()).kind, 'unstartable');
  });

  it('stops a whole tree, however often it is asked', async () => {
    let grandchild = 0;
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      console.log(child.pid); ${waits}`;
    const child = await new Promise<LabProcess>((resolve) => {
      const process = start(script, {
        onStdout: (line) => {
          if (grandchild === 0) grandchild = Number(line);
          else resolve(process);
        },
      });
    });
    assert.notEqual(processStart(grandchild), undefined);
    const [first, second] = await Promise.all([child.stop(), child.stop()]);
    assert.deepEqual(first, { kind: 'signal', signal: 'SIGTERM' });
    assert.equal(first, second);
    assert.equal(await child.stop(), first);
    // The signal reached it at the same moment; the system may bury it a moment later.
    while (processStart(grandchild) !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('ends by force what does not listen', async () => {
    const child = await new Promise<LabProcess>((resolve) => {
      const process = start(`process.on('SIGTERM', () => {}); ${waits}`, {
        graceMs: 100,
        onStdout: () => {
          resolve(process);
        },
      });
    });
    assert.deepEqual(await child.stop(), { kind: 'signal', signal: 'SIGKILL' });
  });
});
