/**
 * Looks into pictures and enlarges them for the previews, in a process of its own. Each request has one answer, but an
 * enlargement, which has many until it has ended.
 */
import type { z } from 'zod';
import { LabError } from '../../folders/lab-error';
import { previewAnswerSchema, type previewRequestSchema, type PreviewAnswer } from '../../protocol/preview';
import type { Log } from '../process/command-line';
import { ServingProcess, type LifeEnd, type ServingLife } from '../process/serving-process';

type Request = z.infer<typeof previewRequestSchema>;
type WithoutId<R> = R extends unknown ? Omit<R, 'id'> : never;

interface Pending {
  /** The life of the process in which it was asked. */
  readonly life: ServingLife;
  /** Returns whether it has all that it waits for. */
  readonly take: (answer: PreviewAnswer) => boolean;
  readonly fail: (error: LabError | null) => void;
}

export interface PictureServerOptions {
  readonly script: string;
  /** Options of the command, such as those of engines. */
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly log: Log;
}

export class PictureServer {
  private readonly process: ServingProcess;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  constructor({ script, args = [], environment = {}, log }: PictureServerOptions) {
    this.process = new ServingProcess({
      script,
      args: ['preview', '--serve', ...args],
      environment,
      log,
      receive: (value) => {
        const answer = previewAnswerSchema.safeParse(value);
        if (answer.success) this.settle(answer.data);
      },
      ended: (life, end) => {
        this.abandon(life, end);
      },
    });
  }

  /** Keeps the process, once it is started, until the returned handle and all others are disposed. */
  use(): { dispose(): void } {
    return this.process.use();
  }

  /** Asks for one thing, which `pick` finds in its answer. Null if the process was ended meanwhile. Throws a `LabError`. */
  ask<T>(request: WithoutId<Request>, pick: (answer: PreviewAnswer) => T | undefined): Promise<T | null> {
    return new Promise((resolve, reject) => {
      this.send(request, {
        take: (answer) => {
          const found = pick(answer);
          if (found !== undefined) resolve(found);
          return found !== undefined;
        },
        fail: (error) => {
          if (error === null) resolve(null);
          else reject(error);
        },
      });
    });
  }

  /** Asks for an enlargement and hears everything of it. The last call is an end, or `fail`. */
  enlarge(
    request: WithoutId<Extract<Request, { do: 'enlarge' }>>,
    hear: (answer: PreviewAnswer) => void,
    fail: (error: LabError) => void,
  ): void {
    this.send(request, {
      take: (answer) => {
        hear(answer);
        return 'ended' in answer;
      },
      fail: (error) => {
        if (error !== null) fail(error);
      },
    });
  }

  /** Tells what has no answer. Nothing happens where no process runs. */
  tell(request: WithoutId<Extract<Request, { do: 'look' | 'stop' }>>): void {
    if (this.process.running) this.process.send({ ...request, id: ++this.lastId });
  }

  private send(request: WithoutId<Request>, waiting: Omit<Pending, 'life'>): void {
    const id = ++this.lastId;
    const life = this.process.send({ ...request, id });
    this.pending.set(id, { ...waiting, life });
  }

  private settle(answer: PreviewAnswer): void {
    const pending = answer.id === null ? undefined : this.pending.get(answer.id);
    if (answer.id === null || pending === undefined) return;
    if ('error' in answer) {
      this.pending.delete(answer.id);
      pending.fail(new LabError(answer.error));
    } else if (pending.take(answer)) this.pending.delete(answer.id);
  }

  private abandon(life: ServingLife, end: LifeEnd): void {
    for (const [id, pending] of this.pending) {
      if (pending.life !== life) continue;
      this.pending.delete(id);
      pending.fail(
        end.wished
          ? null
          : new LabError(
              `The process that reads pictures ended by itself (${end.reason}), perhaps for want of memory. Reload to try again.`,
            ),
      );
    }
  }
}
