/**
 * How the threads of a pool share a plan's work and wait: a few integers in shared memory.
 *
 * Every call of a plan has as many parts as there are threads. A thread begins with the part of its own number, because its
 * cache still has what it wrote there in the calls before, and goes on with those that nobody has begun: on a busy machine a
 * thread that the system lets wait holds nobody up unless it is in the middle of a part. Whoever has to wait spins for a
 * moment first, because most waits are a microsecond; then it sleeps and costs nothing.
 */

/** Integers to a word: two cache lines, so that a thread that waits for one does not slow down who writes another. */
const SPACING = 32;

/** Before those of the parts. */
const words = {
  /** Counts runs started. */
  runs: 0,
  /** Counts runs whose end was told. */
  ended: 1,
  /** How many threads sleep. */
  sleepers: 2,
  /** Not zero: the threads end. */
  stop: 3,
  /** Not zero: a thread has failed, so nobody waits for it. */
  failed: 4,
} as const;

/** Of each part: calls that somebody has begun, over all runs, and calls that are finished. */
const WORDS_A_PART = 2;

const wordCount = (parts: number): number => Object.keys(words).length + WORDS_A_PART * parts;

export const controlBytes = (parts: number): number =>
  wordCount(parts) * SPACING * Int32Array.BYTES_PER_ELEMENT;

/** Looks before a thread sleeps: some tens of microseconds. */
const SPINS = 5_000;

/** Counters wrap around, so their differences are what counts. */
const behind = (value: number, target: number): boolean => ((value - target) | 0) < 0;

export class Control {
  readonly #words: Int32Array<SharedArrayBuffer>;

  constructor(
    memory: SharedArrayBuffer,
    readonly parts: number,
  ) {
    this.#words = new Int32Array(memory);
  }

  get stopped(): boolean {
    return this.#load(words.stop) !== 0;
  }

  get failed(): boolean {
    return this.#load(words.failed) !== 0;
  }

  /** Begins this part of a call, the calls counted over all runs; false if somebody has begun it. */
  begin(part: number, call: number): boolean {
    const word = this.#begun(part);
    return (
      this.#load(word) === call &&
      Atomics.compareExchange(this.#words, word * SPACING, call, (call + 1) | 0) === call
    );
  }

  /** Tells that this part of one more call is finished. */
  finish(part: number): void {
    this.#advance(this.#finished(part));
  }

  /** Waits until all parts of so many calls are finished, over all runs, or a thread has failed. */
  waitForFinished(calls: number): void {
    for (let part = 0; part < this.parts; part++) this.#waitFor(this.#finished(part), calls);
  }

  startRun(): void {
    this.#advance(words.runs);
  }

  /** Waits until `run` runs have been started, or the pool stops. */
  waitForRun(run: number): void {
    this.#waitFor(words.runs, run);
  }

  /** Tells whether this is the first to say that so many runs have ended; a run in which a thread failed has no end. */
  endRun(run: number): boolean {
    const before = (run - 1) | 0;
    return (
      !this.failed && Atomics.compareExchange(this.#words, words.ended * SPACING, before, run) === before
    );
  }

  stop(): void {
    this.#raise(words.stop);
  }

  fail(): void {
    this.#raise(words.failed);
  }

  #begun(part: number): number {
    return Object.keys(words).length + WORDS_A_PART * part;
  }

  #finished(part: number): number {
    return this.#begun(part) + 1;
  }

  #load(word: number): number {
    return Atomics.load(this.#words, word * SPACING);
  }

  #waitFor(word: number, target: number): void {
    const waits = (): boolean => behind(this.#load(word), target) && !this.stopped && !this.failed;
    let spins = SPINS;
    while (waits()) {
      if (spins-- > 0) continue;
      Atomics.add(this.#words, words.sleepers * SPACING, 1);
      // Looked at again after it is known that there is a sleeper: a wake-up cannot be missed.
      const value = this.#load(word);
      if (waits()) Atomics.wait(this.#words, word * SPACING, value);
      Atomics.sub(this.#words, words.sleepers * SPACING, 1);
      spins = SPINS;
    }
  }

  #advance(word: number): void {
    Atomics.add(this.#words, word * SPACING, 1);
    if (this.#load(words.sleepers) > 0) Atomics.notify(this.#words, word * SPACING);
  }

  /** Raises a flag. The counters that are waited for advance too, so that no thread falls asleep on the value from before. */
  #raise(flag: number): void {
    Atomics.store(this.#words, flag * SPACING, 1);
    for (let word = 0; word < wordCount(this.parts); word++) {
      if (word === words.runs || word > words.failed) {
        Atomics.add(this.#words, word * SPACING, 1);
        Atomics.notify(this.#words, word * SPACING);
      }
    }
  }
}
