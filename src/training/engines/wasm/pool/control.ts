/**
 * How the threads of a pool share a plan's work and wait: a few integers in shared memory.
 *
 * Every call of a plan has as many parts as there are threads, and any thread takes the next part that nobody has taken.
 * So a thread that the system lets wait holds nobody up unless it is in the middle of a part: on a busy machine the
 * others go on without it. Whoever has to wait spins for a moment first, because most waits are a microsecond; then it
 * sleeps and costs nothing.
 */
const words = {
  /** Counts runs started. */
  runs: 0,
  /** Counts parts taken, over all runs. */
  taken: 1,
  /** Counts parts finished, over all runs. */
  finished: 2,
  /** How many threads sleep. */
  sleepers: 3,
  /** Not zero: the threads end. */
  stop: 4,
  /** Not zero: a thread has failed, so nobody waits for it. */
  failed: 5,
} as const;

export const CONTROL_BYTES = 4 * Object.keys(words).length;

/** Looks before a thread sleeps: some tens of microseconds. */
const SPINS = 5_000;

/** Counters wrap around, so their differences are what counts. */
const behind = (value: number, target: number): boolean => ((value - target) | 0) < 0;

export class Control {
  readonly #words: Int32Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, words.stop) !== 0;
  }

  get failed(): boolean {
    return Atomics.load(this.#words, words.failed) !== 0;
  }

  /** The next part that nobody has taken. */
  get nextPart(): number {
    return Atomics.load(this.#words, words.taken);
  }

  /** Takes this part; false if somebody else was faster. */
  take(part: number): boolean {
    return Atomics.compareExchange(this.#words, words.taken, part, (part + 1) | 0) === part;
  }

  /** Tells that a part is done; returns how many are. */
  finish(): number {
    return this.#advance(words.finished);
  }

  /** Waits until so many parts are finished, or a thread has failed. */
  waitForFinished(parts: number): void {
    this.#waitFor(words.finished, parts);
  }

  startRun(): void {
    this.#advance(words.runs);
  }

  /** Waits until `run` runs have been started, or the pool stops. */
  waitForRun(run: number): void {
    this.#waitFor(words.runs, run);
  }

  stop(): void {
    this.#raise(words.stop);
  }

  fail(): void {
    this.#raise(words.failed);
  }

  #waitFor(word: number, target: number): void {
    const ended = (): boolean => this.stopped || this.failed;
    let spins = SPINS;
    while (behind(Atomics.load(this.#words, word), target) && !ended()) {
      if (spins-- > 0) continue;
      Atomics.add(this.#words, words.sleepers, 1);
      // Looked at again after it is known that there is a sleeper: a wake-up cannot be missed.
      const value = Atomics.load(this.#words, word);
      if (behind(value, target) && !ended()) Atomics.wait(this.#words, word, value);
      Atomics.sub(this.#words, words.sleepers, 1);
      spins = SPINS;
    }
  }

  #advance(word: number): number {
    const value = (Atomics.add(this.#words, word, 1) + 1) | 0;
    if (Atomics.load(this.#words, words.sleepers) > 0) Atomics.notify(this.#words, word);
    return value;
  }

  /** Raises a flag. The counters advance too, so that no thread falls asleep on the value from before. */
  #raise(flag: number): void {
    Atomics.store(this.#words, flag, 1);
    for (const counter of [words.runs, words.finished]) {
      Atomics.add(this.#words, counter, 1);
      Atomics.notify(this.#words, counter);
    }
  }
}
