/** The lease and the control socket of a run. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { sendControlCommand } from '../../../src/folders/control';
import { readLease } from '../../../src/folders/lease-file';
import { LEASE_FILE, type Lease } from '../../../src/protocol/lease';
import { openControlSocket } from '../../../src/training/run/control-socket';
import { takeLease } from '../../../src/training/run/lease';
import { temporaryFolders } from '../../support/temporary-folder';

const initial = { socket: '/tmp/none.sock', step: 0, stage: 'pixel' } as const;

function writeLease(run: string, lease: Lease): void {
  writeFileSync(join(run, LEASE_FILE), JSON.stringify(lease));
}

describe('run: lease', () => {
  const temporary = temporaryFolders();

  it('tells what the trainer does, at once where it matters, and its last word', async () => {
    const run = temporary();
    const lease = await takeLease(run, initial);
    assert.equal((await readLease(run))!.phase, 'starting');
    lease.update({ phase: 'training', message: 'Training.', step: 3 });
    await lease.end('stopped', 'Stopped at step 3.');
    const last = (await readLease(run))!;
    assert.equal(last.phase, 'stopped');
    assert.equal(last.message, 'Stopped at step 3.');
    assert.equal(last.step, 3);
    assert.deepEqual(readdirSync(run), [LEASE_FILE]);
  });

  it('is refused while a live trainer holds it, also to one that comes at the same moment', async () => {
    const run = temporary();
    const takers = await Promise.allSettled([takeLease(run, initial), takeLease(run, initial)]);
    const refused = takers.filter((taker) => taker.status === 'rejected');
    assert.equal(refused.length, 1);
    assert.match(String(refused[0]!.reason), /LabError: .*being trained by process/);
    for (const taker of takers) if (taker.status === 'fulfilled') await taker.value.end('stopped', '');
    const next = await takeLease(run, initial);
    await next.end('finished', '');
  });

  it('is taken over from a trainer that died, also where its pid lives on as another process', async () => {
    const run = temporary();
    const held = await takeLease(run, initial);
    const alive = held.current;
    await held.end('stopped', '');
    writeLease(run, { ...alive, phase: 'training', processStarted: 'at another time' });
    const taken = await takeLease(run, initial);
    await taken.end('stopped', '');
  });

  it('is read whole while it is written over in its place, and is damaged where it stays half', async () => {
    const run = temporary();
    const held = await takeLease(run, initial);
    await held.end('stopped', 'Stopped at step 3.');
    const path = join(run, LEASE_FILE);
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, 100));
    await assert.rejects(readLease(run), { name: 'LabError', message: /not valid JSON/ });
    const reading = readLease(run);
    setTimeout(() => {
      writeFileSync(path, whole);
    }, 5);
    assert.equal((await reading)!.message, 'Stopped at step 3.');
  });

  it('removes what a killed trainer left half written, and nothing else', async () => {
    const run = temporary();
    for (const name of ['.lease.json.0123456789ab.partial', '.mine', 'notes.partial']) {
      writeFileSync(join(run, name), 'half');
    }
    const lease = await takeLease(run, initial);
    assert.deepEqual(readdirSync(run).sort(), ['.mine', LEASE_FILE, 'notes.partial']);
    await lease.end('stopped', '');
  });

  it('removes the socket of a killed trainer, and no other file that a lease names', async function () {
    if (process.platform === 'win32') this.skip();
    const run = temporary();
    const held = await takeLease(run, initial);
    const alive = held.current;
    await held.end('stopped', '');
    const listen = async (path: string): Promise<Server> => {
      const server = createServer().listen(path);
      await once(server, 'listening');
      return server;
    };
    const left = join(run, 'srgan-lab-1234-0123abcd.sock');
    const other = join(run, 'other.sock');
    const file = join(run, 'srgan-lab-1234-ffffffff.sock');
    writeFileSync(file, 'a file');
    const servers = [await listen(left), await listen(other)];
    for (const socket of [left, other, file]) {
      writeLease(run, { ...alive, phase: 'training', processStarted: 'at another time', socket });
      const taken = await takeLease(run, initial);
      await taken.end('stopped', '');
    }
    assert.deepEqual(
      [left, other, file].map((path) => existsSync(path)),
      [false, true, true],
    );
    for (const server of servers) server.close();
  });

  it('is refused while another machine’s heartbeat is young', async () => {
    const run = temporary();
    const held = await takeLease(run, initial);
    const alive = held.current;
    await held.end('stopped', '');
    writeLease(run, { ...alive, phase: 'training', host: 'elsewhere' });
    await assert.rejects(takeLease(run, initial), { name: 'LabError', message: /the machine elsewhere/ });
    writeLease(run, { ...alive, phase: 'training', host: 'elsewhere', heartbeat: Date.now() - 60_000 });
    await (await takeLease(run, initial)).end('stopped', '');
  });

  it('is lost when another trainer writes its name in it, and is then left alone', async () => {
    const run = temporary();
    const lease = await takeLease(run, initial);
    const other = { ...lease.current, pid: 1, message: 'Mine now.' };
    writeLease(run, other);
    lease.update({ message: 'Still mine?' });
    await once(lease.lost, 'abort');
    assert.match(String(lease.lost.reason), /Another trainer \(process 1/);
    await lease.end('failed', 'no');
    assert.deepEqual(await readLease(run), other);
  });

  it('is lost when the folder is moved, and leaves its word there', async () => {
    const parent = temporary();
    const run = temporary();
    const lease = await takeLease(run, initial);
    renameSync(run, join(parent, 'moved'));
    lease.update({ message: 'Anybody here?' });
    await once(lease.lost, 'abort');
    assert.match(String(lease.lost.reason), /moved or renamed/);
    await lease.end('failed', 'no');
    assert.equal(existsSync(run), false);
    const { phase, message } = (await readLease(join(parent, 'moved')))!;
    assert.equal(phase, 'failed');
    assert.match(message, /moved or renamed.*Resume/);
  });

  it('is lost when the folder is deleted', async () => {
    const run = temporary();
    const lease = await takeLease(run, initial);
    rmSync(run, { recursive: true });
    lease.update({ message: 'Anybody here?' });
    await once(lease.lost, 'abort');
    assert.match(String(lease.lost.reason), /deleted, moved or emptied/);
    await lease.end('failed', 'no');
    assert.equal(existsSync(run), false);
  });
});

describe('run: control socket', () => {
  it('carries out commands and answers each', async () => {
    const heard: string[] = [];
    const socket = await openControlSocket(({ command }) => heard.push(command));
    assert.deepEqual(await sendControlCommand(socket.path, { command: 'ping' }), { ok: true });
    assert.deepEqual(await sendControlCommand(socket.path, { command: 'stop' }), { ok: true });
    assert.deepEqual(heard, ['ping', 'stop']);
    await socket.close();
    assert.equal(existsSync(socket.path), false);
    const reply = await sendControlCommand(socket.path, { command: 'ping' });
    assert.equal(reply.ok, false);
  });

  it('answers nonsense with an error, and hangs up on a line without end', async () => {
    const socket = await openControlSocket(() => assert.fail('nothing was commanded'));
    const talk = (text: string): Promise<string> =>
      new Promise((resolve) => {
        const client = createConnection(socket.path);
        client.write(text);
        client.on('data', (data) => {
          resolve(data.toString('utf8'));
          client.destroy();
        });
        client.on('error', () => undefined);
        client.on('close', () => {
          resolve('hung up');
        });
      });
    assert.match(await talk('{"command":"explode"}\n'), /"ok":false/);
    assert.match(await talk('nonsense\n'), /"ok":false/);
    assert.equal(await talk('x'.repeat(200_000)), 'hung up');
    await socket.close();
  });
});
