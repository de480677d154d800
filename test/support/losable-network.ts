/** A connection that can be lost: passes on what comes to a port of its own, until it is told not to. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface LosableNetwork {
  /** Who connects here is connected to the target. */
  readonly port: number;
  /** Cuts every connection and takes no new one. */
  lose(): void;
  restore(): void;
  close(): Promise<void>;
}

/** @param target port on this machine */
export async function openLosableNetwork(target: number): Promise<LosableNetwork> {
  let lost = false;
  const sockets = new Set<Socket>();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const keep = (socket: Socket, other: () => Socket): void => {
    sockets.add(socket);
    // Who is cut off in the middle of a message says so; the other end hears of it.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      other().destroy();
    });
  };
  const server = createServer((near) => {
    if (lost) {
      near.destroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    keep(near, () => far);
    keep(far, () => near);
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    lose: () => {
      lost = true;
      cut();
    },
    restore: () => {
      lost = false;
    },
    close: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
