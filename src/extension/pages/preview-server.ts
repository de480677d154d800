/**
 * Degrades parts of images for the pages that edit a degradation, in one process for all of them: it is started by the
 * first request, keeps the image in memory from one change to the next, and ends with the last page.
 */
import { LabError } from '../../folders/lab-error';
import {
  sampleAnswerSchema,
  type DrawnSample,
  type SampleAnswer,
  type SampleRequest,
} from '../../protocol/dataset-sample';
import type { Log } from '../process/command-line';
import { ServingProcess, type LifeEnd, type ServingLife } from '../process/serving-process';

interface Pending {
  /** The life of the process in which it was asked. */
  life: ServingLife;
  resolve: (sample: DrawnSample | null) => void;
  reject: (error: Error) => void;
}

export class PreviewServer {
  private readonly process: ServingProcess;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  /** `script` is the bundle of the command line. */
  constructor(script: string, log: Log) {
    this.process = new ServingProcess({
      script,
      args: ['dataset', 'sample', '--serve'],
      log,
      receive: (value) => {
        const answer = sampleAnswerSchema.safeParse(value);
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

  /** The sample, or null if a newer request overtook it. Throws a `LabError` where there is none. */
  draw(request: Omit<SampleRequest, 'id'>): Promise<DrawnSample | null> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const life = this.process.send({ id, ...request } satisfies SampleRequest);
      this.pending.set(id, { life, resolve, reject });
    });
  }

  private settle(answer: SampleAnswer): void {
    const pending = answer.id === null ? undefined : this.pending.get(answer.id);
    if (answer.id === null || pending === undefined) return;
    this.pending.delete(answer.id);
    if ('error' in answer) pending.reject(new LabError(answer.error));
    else pending.resolve('superseded' in answer ? null : answer);
  }

  /** The process is gone; what it was asked has no answer. */
  private abandon(life: ServingLife, end: LifeEnd): void {
    for (const [id, { life: asked, resolve, reject }] of this.pending) {
      if (asked !== life) continue;
      this.pending.delete(id);
      if (end.wished) resolve(null);
      else
        reject(new LabError(`The preview ended by itself (${end.reason}). Change something to try again.`));
    }
  }
}
