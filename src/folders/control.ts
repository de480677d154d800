/** Talking to a running trainer: one command, one reply, over the local socket that its lease names. */
import { createConnection } from 'node:net';
import { controlReplySchema, type ControlCommand, type ControlReply } from '../protocol/lease';
import { messageOf } from './lab-error';

const TIMEOUT_MS = 5000;

/** Sends one command. Resolves to the trainer's reply; to an error in words if it cannot be reached or does not answer. */
export function sendControlCommand(socketPath: string, command: ControlCommand): Promise<ControlReply> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    let text = '';
    const finish = (reply: ControlReply): void => {
      socket.destroy();
      resolve(reply);
    };
    socket.setTimeout(TIMEOUT_MS, () => {
      finish({ ok: false, error: 'The trainer does not answer.' });
    });
    socket.on('error', (error) => {
      finish({ ok: false, error: `The trainer cannot be reached: ${messageOf(error)}` });
    });
    socket.on('connect', () => socket.write(`${JSON.stringify(command)}\n`));
    socket.on('data', (data) => {
      text += data.toString('utf8');
      const end = text.indexOf('\n');
      if (end < 0) return;
      try {
        finish(controlReplySchema.parse(JSON.parse(text.slice(0, end))));
      } catch {
        finish({ ok: false, error: 'The trainer answered something that this version does not understand.' });
      }
    });
    socket.on('end', () => {
      finish({ ok: false, error: 'The trainer closed the connection.' });
    });
  });
}
