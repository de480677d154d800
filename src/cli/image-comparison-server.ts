/** What answers `srgan-lab compare-images --serve`: one request after the other, in their order, until they are dropped. */
import { setImmediate } from 'node:timers/promises';
import { LabError, messageOf } from '../folders/lab-error';
import type { CompareAnswer, CompareRequest } from '../protocol/compare-images';
import { ImageComparison } from './image-comparison';

export class ImageComparisonServer {
  private readonly comparison = new ImageComparison();
  private work: Promise<void> = Promise.resolve();
  /** Grows with each `drop`: what was asked in an earlier round has no one left who waits for it. */
  private round = 0;

  /** @param answer called once for each request but `drop` */
  constructor(private readonly answer: (answer: CompareAnswer) => void) {}

  ask(request: CompareRequest): void {
    if (request.do === 'drop') {
      this.round += 1;
      return;
    }
    const { round } = this;
    this.work = this.work.then(async () => {
      // Requests that have come meanwhile are read first: one of them may drop this one.
      await setImmediate();
      this.answer(round === this.round ? await this.answerTo(request) : { id: request.id, dropped: true });
    });
  }

  /** Resolves when every request has its answer. */
  async idle(): Promise<void> {
    await this.work;
  }

  private async answerTo(request: Exclude<CompareRequest, { do: 'drop' }>): Promise<CompareAnswer> {
    const { id, image } = request;
    try {
      switch (request.do) {
        case 'measure':
          return {
            id,
            measurement: await this.comparison.measure(request.reference, image, request.choice),
          };
        case 'map':
          return {
            id,
            map: await this.comparison.map(request.reference, image, request.choice, request.out),
          };
        case 'enlarge':
          return { id, enlarged: await this.comparison.enlarge(image, request.scale, request.out) };
      }
    } catch (error) {
      return {
        id,
        error: error instanceof LabError ? error.message : `This is a bug in SRGAN Lab: ${messageOf(error)}`,
      };
    }
  }
}
