/**
 * A serving process that answers: each request gets an id, and what waits for it hears the answers with that id until it has
 * all that it waits for. Nothing hangs when the process ends, by a wish or by itself.
 */
import type { z } from 'zod';
import { LabError } from '../../folders/lab-error';
import type { Log } from './command-line';
import { ServingProcess, type LifeEnd, type ServingLife } from './serving-process';

export interface AnsweringOptions<Answer> {
  /** The bundle of the command line. */
  readonly script: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** How long it is kept after its last user. */
  readonly lingerMs?: number;
  readonly log: Log;
  readonly answer: z.ZodType<Answer>;
  /** What is said to whoever waits when the process ended by itself; `reason` says how. */
  readonly ended: (reason: string) => string;
}

export interface Waiting<Answer> {
  /** Returns whether it has all that it waits for. */
  readonly take: (answer: Answer) => boolean;
  /** The last call: an answer was an error, or the process is gone; null where that was wished. */
  readonly fail: (error: LabError | null) => void;
}

interface Pending<Answer> extends Waiting<Answer> {
  /** The life of the process in which it was asked. */
  readonly life: ServingLife;
}

export class AnsweringProcess<Request extends object, Answer extends { id: number | null }> {
  private readonly process: ServingProcess;
  private readonly pending = new Map<number, Pending<Answer>>();
  private lastId = 0;

  constructor(private readonly options: AnsweringOptions<Answer>) {
    const { answer, ...serving } = options;
    this.process = new ServingProcess({
      ...serving,
      receive: (value) => {
        const parsed = answer.safeParse(value);
        if (parsed.success) this.settle(parsed.data);
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

  /** Ends the process, if there is one. */
  stop(): void {
    this.process.stop();
  }

  /** Asks for one thing, which `pick` finds in its answer. Null if the process was ended meanwhile. Throws a `LabError`. */
  ask<T>(request: Request, pick: (answer: Answer) => T | undefined): Promise<T | null> {
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

  /** Asks for what has many answers. */
  send(request: Request, waiting: Waiting<Answer>): void {
    const id = ++this.lastId;
    const life = this.process.send({ ...request, id });
    this.pending.set(id, { ...waiting, life });
  }

  /** Tells what has no answer. Nothing happens where no process runs. */
  tell(request: Request): void {
    if (this.process.running) this.process.send({ ...request, id: ++this.lastId });
  }

  private settle(answer: Answer): void {
    const pending = answer.id === null ? undefined : this.pending.get(answer.id);
    if (answer.id === null || pending === undefined) return;
    if ('error' in answer && typeof answer.error === 'string') {
      this.pending.delete(answer.id);
      pending.fail(new LabError(answer.error));
    } else if (pending.take(answer)) this.pending.delete(answer.id);
  }

  private abandon(life: ServingLife, end: LifeEnd): void {
    for (const [id, pending] of this.pending) {
      if (pending.life !== life) continue;
      this.pending.delete(id);
      pending.fail(end.wished ? null : new LabError(this.options.ended(end.reason)));
    }
  }
}

/** A request as it is asked for: the process gives it its id. */
export type WithoutId<R> = R extends unknown ? Omit<R, 'id'> : never;
