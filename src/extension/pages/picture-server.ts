/**
 * Looks into pictures and enlarges them for the previews, in a process of its own. Each request has one answer, but an
 * enlargement, which has many until it has ended.
 */
import type { LabError } from '../../folders/lab-error';
import { previewAnswerSchema, type PreviewAnswer, type PreviewRequest } from '../../protocol/preview';
import { AnsweringProcess, type WithoutId } from '../process/answering-process';
import type { Log } from '../process/command-line';

type Asked = WithoutId<PreviewRequest>;

export interface PictureServerOptions {
  readonly script: string;
  /** Options of the command, such as those of engines. */
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly log: Log;
}

export class PictureServer {
  private readonly process: AnsweringProcess<Asked, PreviewAnswer>;

  constructor({ args = [], ...options }: PictureServerOptions) {
    this.process = new AnsweringProcess({
      ...options,
      args: ['preview', '--serve', ...args],
      answer: previewAnswerSchema,
      ended: (reason) =>
        `The process that reads pictures ended by itself (${reason}), perhaps for want of memory. Reload to try again.`,
    });
  }

  /** Keeps the process, once it is started, until the returned handle and all others are disposed. */
  use(): { dispose(): void } {
    return this.process.use();
  }

  /** Asks for one thing, which `pick` finds in its answer. Null if the process was ended meanwhile. Throws a `LabError`. */
  ask<T>(request: Asked, pick: (answer: PreviewAnswer) => T | undefined): Promise<T | null> {
    return this.process.ask(request, pick);
  }

  /** Asks for an enlargement and hears everything of it. The last call is an end, or `fail`. */
  enlarge(
    request: Extract<Asked, { do: 'enlarge' }>,
    hear: (answer: PreviewAnswer) => void,
    fail: (error: LabError) => void,
  ): void {
    this.process.send(request, {
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
  tell(request: Extract<Asked, { do: 'look' | 'stop' }>): void {
    this.process.tell(request);
  }
}
