/**
 * Scores pairs of pictures under a protocol: small ones at once, large ones on several threads, at most one a core.
 *
 *     pair ──▶ pixels in memory that all threads see
 *     parts (imaging/scoring-parts.ts: bands of rows of each plane) ──▶ whichever thread is free ──▶ sums of rows
 *     sums of all rows, from the top ──▶ scores, whose bits do not depend on the threads
 *
 * The calling thread works, too. The others start with the first large picture and wait for the next until `dispose`; meanwhile
 * they keep no process alive.
 */
import { availableParallelism } from 'node:os';
import { bundlePath } from '../../folders/installation';
import type { RgbImage } from '../../imaging/image';
import type { ColourProtocol, ProtocolScores } from '../../imaging/protocols';
import { scoreByProtocol } from '../../imaging/score-by-protocol';
import { comparedOf, scoresOf, scoringParts } from '../../imaging/scoring-parts';
import { ScoreThreads } from './score-threads';

export interface PairScorerOptions {
  /** With the calling one; one a core, unless it is given. */
  readonly threads?: number;
  /** Pixels of a picture for which one more thread is worth its start. */
  readonly pixelsAThread?: number;
  /** The file of `score-worker`, as JavaScript. */
  readonly workerFile?: string;
}

/** One core scores so many pixels in about the time in which another thread is started and handed its share. */
const PIXELS_A_THREAD = 2 ** 20;

/** Whoever is held up takes fewer of them, and nobody waits long for the last. */
const PARTS_A_THREAD = 2;

export class PairScorer {
  private readonly most: number;
  private readonly pixelsAThread: number;
  private readonly workerFile: string;
  private threads: ScoreThreads | undefined;
  private work: Promise<unknown> = Promise.resolve();

  constructor({
    threads = availableParallelism(),
    pixelsAThread = PIXELS_A_THREAD,
    workerFile = bundlePath('score-worker.js'),
  }: PairScorerOptions = {}) {
    this.most = threads;
    this.pixelsAThread = pixelsAThread;
    this.workerFile = workerFile;
  }

  /** Starts the threads that a picture of that size is worth: while the other one is still decoded, say. */
  expect(size: Pick<RgbImage, 'width' | 'height'>): void {
    const count = this.threadsFor(size);
    if (count < 2) return;
    this.threads ??= new ScoreThreads(this.workerFile);
    this.threads.startUpTo(count);
  }

  /** As `scoreByProtocol`, to the same bits. Rejects with a `RangeError` where that throws one, and when a thread fails. */
  async score(sr: RgbImage, hr: RgbImage, protocol: ColourProtocol, border: number): Promise<ProtocolScores> {
    const scores = this.work.then(async () => {
      this.expect(sr);
      return this.threads === undefined || this.threadsFor(sr) < 2
        ? scoreByProtocol(sr, hr, protocol, border)
        : await this.scoreOn(this.threads, sr, hr, protocol, border);
    });
    this.work = scores.catch(() => undefined);
    return scores;
  }

  /** Ends the threads, after what is under way. */
  async dispose(): Promise<void> {
    await this.work;
    await this.threads?.end();
    this.threads = undefined;
  }

  private threadsFor({ width, height }: Pick<RgbImage, 'width' | 'height'>): number {
    return Math.min(this.most, Math.floor((width * height) / this.pixelsAThread));
  }

  private async scoreOn(
    threads: ScoreThreads,
    sr: RgbImage,
    hr: RgbImage,
    protocol: ColourProtocol,
    border: number,
  ): Promise<ProtocolScores> {
    const compared = comparedOf(sr, hr, protocol, border);
    const parts = scoringParts(compared, PARTS_A_THREAD * threads.count);
    try {
      return scoresOf(compared, await threads.sum(sr, hr, border, parts));
    } catch (error) {
      // Others may still read the pixels of this pair: the next has threads of its own.
      this.threads = undefined;
      await threads.end();
      throw error;
    }
  }
}
