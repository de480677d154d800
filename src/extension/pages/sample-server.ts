/**
 * Degrades parts of images for the pages that edit a degradation, in one process for all of them: it is started by the
 * first request, keeps the image in memory from one change to the next, and ends with the last page.
 */
import {
  sampleAnswerSchema,
  type DrawnSample,
  type SampleAnswer,
  type SampleRequest,
} from '../../protocol/dataset-sample';
import { AnsweringProcess, type WithoutId } from '../process/answering-process';
import type { Log } from '../process/command-line';

type Asked = WithoutId<SampleRequest>;

export class SampleServer {
  private readonly process: AnsweringProcess<Asked, SampleAnswer>;

  /** `script` is the bundle of the command line. */
  constructor(script: string, log: Log) {
    this.process = new AnsweringProcess({
      script,
      args: ['dataset', 'sample', '--serve'],
      log,
      answer: sampleAnswerSchema,
      ended: (reason) => `The preview ended by itself (${reason}). Change something to try again.`,
    });
  }

  /** Keeps the process, once it is started, until the returned handle and all others are disposed. */
  use(): { dispose(): void } {
    return this.process.use();
  }

  /** The sample, or null if a newer request overtook it. Throws a `LabError` where there is none. */
  async draw(request: Asked): Promise<DrawnSample | null> {
    const answer = await this.process.ask(request, (each) => ('error' in each ? undefined : each));
    return answer === null || 'superseded' in answer ? null : answer;
  }
}
