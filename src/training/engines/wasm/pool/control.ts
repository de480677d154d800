/**
 * How the threads of a pool wait for each other and for the next run: a few integers in shared memory. Whoever waits
 * spins for a moment first, because most waits are a microsecond; then it sleeps and costs nothing.
 */
export const controlWords = {
  /** Counts runs started. */
  runs: 0,
  /** Counts arrivals at barriers, of all threads together. */
  arrivals: 1,
  /** How many threads sleep. */
  sleepers: 2,
  /** Not zero: the threads end. */
  stop: 3,
  /** Not zero: a thread has failed, so nobody waits for it. */
  failed: 4,
} as const;

export const CONTROL_BYTES = 4 * Object.keys(controlWords).length;

/** Looks before a thread sleeps: about 0.2 ms. */
const SPINS = 10_000;

export class Control {
  readonly #words: Int32Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, controlWords.stop) !== 0;
  }

  get failed(): boolean {
    return Atomics.load(this.#words, controlWords.failed) !== 0;
  }

  get arrivals(): number {
    return Atomics.load(this.#words, controlWords.arrivals);
  }

  startRun(): void {
    this.#advance(controlWords.runs);
  }

  /** Waits until `run` runs have been started, or the pool stops. */
  waitForRun(run: number): void {
    this.#waitFor(controlWords.runs, run);
  }

  arrive(): void {
    this.#advance(controlWords.arrivals);
  }

  /** Waits until there were `arrivals` arrivals, or a thread has failed. */
  waitForArrivals(arrivals: number): void {
    this.#waitFor(controlWords.arrivals, arrivals);
  }

  stop(): void {
    this.#raise(controlWords.stop);
  }

  fail(): void {
    this.#raise(controlWords.failed);
  }

  /** Counters wrap around, so differences are compared. */
  #waitFor(word: number, target: number): void {
    const behind = (value: number): boolean => ((value - target) | 0) < 0;
    const ended = (): boolean => this.stopped || this.failed;
    let spins = SPINS;
    while (behind(Atomics.load(this.#words, word)) && !ended()) {
      if (spins-- > 0) continue;
      Atomics.add(this.#words, controlWords.sleepers, 1);
      // Looked at again after it is known that there is a sleeper: a wake-up cannot be missed.
      const value = Atomics.load(this.#words, word);
      if (behind(value) && !ended()) Atomics.wait(this.#words, word, value);
      Atomics.sub(this.#words, controlWords.sleepers, 1);
      spins = SPINS;
    }
  }

  #advance(word: number): void {
    Atomics.add(this.#words, word, 1);
    if (Atomics.load(this.#words, controlWords.sleepers) > 0) Atomics.notify(this.#words, word);
  }

  /** Raises a flag. The counters advance too, so that no thread falls asleep on the values from before. */
  #raise(word: number): void {
    Atomics.store(this.#words, word, 1);
    for (const counter of [controlWords.runs, controlWords.arrivals]) {
      Atomics.add(this.#words, counter, 1);
      Atomics.notify(this.#words, counter);
    }
  }
}
