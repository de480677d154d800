/**
 * One worker of a pool, as a process of its own: a crash in a library's native code ends nothing else, one that hangs can
 * be ended, its memory is given back whole, and libuv's few threads, on which sharp works, are not shared.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { WorkerMessage, WorkerReply, WorkerRequest } from './worker-messages';

/** The worker is gone without an answer. */
export interface Lost {
  /** Why, as a sentence. */
  lost: string;
  /** Whether it was ended because it took too long. */
  overdue: boolean;
}

export class WorkerProcess {
  readonly #child: ChildProcess;
  #errors = '';

  private constructor(entry: string) {
    this.#child = fork(entry, {
      // Not the options of this process, such as a debugger's port.
      execArgv: [],
      // Linux's C library would keep the memory of images that are gone, nearly as much again.
      env: { ...process.env, MALLOC_MMAP_THRESHOLD_: String(4 * 2 ** 20) },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000);
    });
    // Without a listener a failure to send would end this process; the end of the worker tells of it.
    this.#child.on('error', () => undefined);
  }

  /** Starts it and waits until it takes jobs. Throws with what it printed if it ends instead. */
  static async start(entry: string): Promise<WorkerProcess> {
    const worker = new WorkerProcess(entry);
    const message = await worker.#next(60_000);
    if ('ready' in message) return worker;
    await worker.stop();
    throw new Error(
      'lost' in message ? `A worker could not be started. ${message.lost}` : 'A worker spoke too soon.',
    );
  }

  /** Hands over a job. If the worker ends, or takes longer than `limit` milliseconds and is ended, it is lost. */
  async ask(job: unknown, limit: number): Promise<WorkerReply | Lost> {
    // If it cannot be sent, the worker is about to end, which is waited for.
    this.#child.send({ job } satisfies WorkerRequest, () => undefined);
    const message = await this.#next(limit);
    if ('ready' in message) throw new Error('A worker said twice that it is ready.');
    if ('lost' in message) await this.stop();
    return message;
  }

  /** Ends it at once. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'close');
    // It may have failed to start.
    if (this.#child.kill('SIGKILL')) await ended;
  }

  /** What the worker says next, or how it ends. */
  #next(limit: number): Promise<WorkerMessage | Lost> {
    return new Promise((resolve) => {
      const settle = (outcome: WorkerMessage | Lost): void => {
        clearTimeout(timer);
        this.#child.off('message', onMessage).off('close', onClose).off('error', onError);
        resolve(outcome);
      };
      const onMessage = (message: WorkerMessage): void => {
        settle(message);
      };
      const onClose = (code: number | null, signal: NodeJS.Signals | null): void => {
        const how = signal === null ? `with code ${code}` : `by ${signal}`;
        const said = this.#errors.trim();
        settle({
          lost: `The process that worked on it ended ${how}${said === '' ? '.' : `: ${said}`}`,
          overdue: false,
        });
      };
      const onError = (error: Error): void => {
        if (this.#child.pid === undefined) settle({ lost: `${error.message}.`, overdue: false });
      };
      const timer = setTimeout(() => {
        settle({
          lost: `It took longer than ${Math.round(limit / 1000)} seconds and was given up.`,
          overdue: true,
        });
      }, limit);
      this.#child.on('message', onMessage).on('close', onClose).on('error', onError);
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        onClose(this.#child.exitCode, this.#child.signalCode);
      }
    });
  }
}
