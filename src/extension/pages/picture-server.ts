/**
 * Looks into pictures and enlarges them for the previews, in a process of its own. Each request has one answer, but an
 * enlargement, which has many until it has ended.
 */
import type { LabError } from '../../folders/lab-error';
import {
  previewAnswerSchema,
  type PictureFacts,
  type PictureThumbnail,
  type PreviewAnswer,
  type PreviewRequest,
} from '../../protocol/preview';
import { AnsweringProcess, type WithoutId } from '../process/answering-process';
import type { Log } from '../process/command-line';

type Asked = WithoutId<PreviewRequest>;

export interface PictureServerOptions {
  readonly script: string;
  /** Options of the command, such as those of engines. */
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** How long the process is kept after its last user. */
  readonly lingerMs?: number;
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

  /** Ends the process, if there is one. */
  stop(): void {
    this.process.stop();
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

/** What is in the file; null if the process was ended meanwhile. */
export function describePicture(reader: PictureServer, path: string): Promise<PictureFacts | null> {
  return reader.ask({ do: 'describe', path }, (answer) => ('facts' in answer ? answer.facts : undefined));
}

/** A small picture of what is in the file; null if that is small itself, or the process was ended meanwhile. */
export async function pictureThumbnail(
  reader: PictureServer,
  path: string,
): Promise<PictureThumbnail | null> {
  const answer = await reader.ask({ do: 'thumbnail', path }, (answer) =>
    'thumbnail' in answer ? answer : undefined,
  );
  return answer?.thumbnail ?? null;
}

/** Makes a PNG of the file; null if the process was ended meanwhile. */
export function renderPicture(reader: PictureServer, path: string, out: string): Promise<string | null> {
  return reader.ask({ do: 'render', path, out }, (answer) =>
    'rendered' in answer ? answer.rendered : undefined,
  );
}
