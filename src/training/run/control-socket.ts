/**
 * The trainer's ear: a local socket (a named pipe on Windows) that takes one command a line and answers each with one
 * line. Its path is in the lease. Only this user may connect.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, lstat, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { messageOf } from '../../folders/lab-error';
import { parseValue } from '../../folders/read-json';
import { controlCommandSchema, type ControlCommand, type ControlReply } from '../../protocol/lease';

/** Longer than any command; who sends more is not one of us. */
const MAX_LINE = 64 * 1024;
/** What fits into the system's socket address on every Unix. */
const MAX_PATH_BYTES = 100;

export interface ControlSocket {
  readonly path: string;
  close(): Promise<void>;
}

/** Listens. `handle` carries a command out; what it throws is the answer's error. */
export async function openControlSocket(handle: (command: ControlCommand) => void): Promise<ControlSocket> {
  const path = socketPath();
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    serve(socket, handle);
  });
  await listen(server, path);
  if (process.platform !== 'win32') await chmod(path, 0o600);
  // A process that ends in a hurry leaves no socket behind either.
  const remove = (): void => {
    if (process.platform !== 'win32') rmSync(path, { force: true });
  };
  process.once('exit', remove);
  return {
    path,
    close: async () => {
      for (const socket of connections) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      process.off('exit', remove);
      remove();
    },
  };
}

/** How a socket's file is named. */
const SOCKET_NAME = /^srgan-lab-\d+-[0-9a-f]{8}\.sock$/;

/** Removes the socket of a trainer that was killed. What its lease names is only believed if it is such a socket. */
export async function removeControlSocket(path: string): Promise<void> {
  if (!SOCKET_NAME.test(basename(path))) return;
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSocket() === true) await rm(path, { force: true }).catch(() => undefined);
}

function socketPath(): string {
  const name = `srgan-lab-${process.pid}-${randomBytes(4).toString('hex')}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const path = join(tmpdir(), `${name}.sock`);
  return Buffer.byteLength(path) <= MAX_PATH_BYTES ? path : `/tmp/${name}.sock`;
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function serve(socket: Socket, handle: (command: ControlCommand) => void): void {
  let text = '';
  // A client that goes away in the middle of a command is no concern of the run.
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    text += data.toString('utf8');
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const reply = answer(text.slice(0, end), handle);
      text = text.slice(end + 1);
      socket.write(`${JSON.stringify(reply)}\n`);
    }
    if (text.length > MAX_LINE) socket.destroy();
  });
}

function answer(line: string, handle: (command: ControlCommand) => void): ControlReply {
  try {
    const value: unknown = JSON.parse(line);
    handle(parseValue(controlCommandSchema, value, 'The command'));
    return { ok: true };
  } catch (error) {
    return { ok: false, error: messageOf(error) };
  }
}
