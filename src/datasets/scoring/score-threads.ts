/**
 * Threads that score pairs together with the thread that asks. Nobody waits for a thread that has taken no part, so that one that
 * starts slowly holds nothing up.
 */
import { Worker } from 'node:worker_threads';
import type { RgbImage } from '../../imaging/image';
import { sumPart, type PartSums, type ScoringPart } from '../../imaging/scoring-parts';
import { CALLER, partsToTake, type PartAnswer, type SharedPair } from './messages';
import { giveBackRoom, takeRoom } from './pixel-rooms';

/** A pair that is being scored. */
interface Work {
  readonly pair: SharedPair;
  readonly sums: (PartSums | undefined)[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class ScoreThreads {
  private readonly workers: Worker[] = [];
  /** Why a thread is no more, by its number. */
  private readonly failures = new Map<number, Error>();
  /** Of the pair that is being scored, or at which a thread failed. */
  private rooms: readonly SharedArrayBuffer[] = [];
  private work: Work | undefined;

  /** @param file `score-worker`, as JavaScript */
  constructor(private readonly file: string) {}

  /** Threads that share a pair, with the calling one. */
  get count(): number {
    return 1 + this.workers.length;
  }

  /** Starts what is missing to so many threads. */
  startUpTo(count: number): void {
    while (this.count < count) this.workers.push(this.start(CALLER + this.count));
  }

  /**
   * The sums of all parts, in their order, of one pair at a time. Rejects when a thread fails at a part that it has taken; without
   * one that cannot even start, the others do its share.
   */
  async sum(sr: RgbImage, hr: RgbImage, border: number, parts: readonly ScoringPart[]): Promise<PartSums[]> {
    const takers = new Int32Array(new SharedArrayBuffer(parts.length * Int32Array.BYTES_PER_ELEMENT));
    this.rooms = [sr, hr].map(({ data }) => takeRoom(data.length));
    const pair = { sr: share(sr, this.rooms[0]!), hr: share(hr, this.rooms[1]!), border, parts, takers };
    const sums = parts.map((): PartSums | undefined => undefined);
    for (const worker of this.workers) worker.postMessage(pair);
    for (const { index, part } of partsToTake(pair, CALLER)) sums[index] = sumPart(part, sr, hr, border);
    await this.others(pair, sums);
    this.giveBackRooms();
    return sums.filter((each) => each !== undefined);
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
    this.giveBackRooms();
  }

  /** When no thread has a part, or there is none any more. */
  private giveBackRooms(): void {
    for (const room of this.rooms) giveBackRoom(room);
    this.rooms = [];
  }

  /** Resolves when what other threads have taken is there, too. */
  private async others(pair: SharedPair, sums: (PartSums | undefined)[]): Promise<void> {
    // Only work keeps the process alive.
    for (const worker of this.workers) worker.ref();
    try {
      await new Promise<void>((resolve, reject) => {
        this.work = { pair, sums, resolve, reject };
        this.settle();
      });
    } finally {
      this.work = undefined;
      for (const worker of this.workers) worker.unref();
    }
  }

  /** Ends the work when all is there, or something never will be. */
  private settle(): void {
    if (this.work === undefined) return;
    const { pair, sums, resolve, reject } = this.work;
    const missing = [...pair.takers].filter((_, index) => sums[index] === undefined);
    const failure = missing.map((taker) => this.failures.get(taker)).find((each) => each !== undefined);
    if (failure !== undefined) reject(failure);
    else if (missing.length === 0) resolve();
  }

  private start(taker: number): Worker {
    // Flags of this process, such as the loader of tests, are not for a bundle.
    const worker = new Worker(this.file, { workerData: taker, execArgv: [] });
    worker.on('message', (answer: PartAnswer) => {
      if ('error' in answer) {
        this.failures.set(taker, new Error(`A part of a pair could not be scored: ${answer.error}`));
      } else if (this.work !== undefined) {
        this.work.sums[answer.index] = answer.sums;
      }
      this.settle();
    });
    worker.on('error', (error) => {
      this.failures.set(taker, error);
      this.settle();
    });
    worker.on('exit', () => {
      if (!this.failures.has(taker)) {
        this.failures.set(taker, new Error('A thread that scores pictures has ended.'));
      }
      this.settle();
    });
    worker.unref();
    return worker;
  }
}

function share({ width, height, data }: RgbImage, room: SharedArrayBuffer): RgbImage {
  const shared = new Uint8Array(room, 0, data.length);
  shared.set(data);
  return { width, height, data: shared };
}
