/**
 * What the host works out for the page, each answer under a key that says all that it depends on: an answer that comes late is
 * still the answer to its key. Asked for once, and again after the host was told to drop what it had not begun.
 */
import { signal } from '@preact/signals';

export type Answer<T> = { ok: T } | { err: string };

/** Null where the wish was dropped. */
export type Wish<T> = () => Promise<T | null>;

export class Answers<T> {
  private readonly known = signal<ReadonlyMap<string, Answer<T>>>(new Map());
  private readonly outstanding = new Set<string>();

  /** Undefined while it is worked out. */
  of(key: string): Answer<T> | undefined {
    return this.known.value.get(key);
  }

  /** Whether something is being worked out that nobody wants any more. */
  hasStale(wishes: ReadonlyMap<string, Wish<T>>): boolean {
    return [...this.outstanding].some((key) => !wishes.has(key));
  }

  /** What was asked for may have been dropped: what is still wanted is asked for again. */
  forget(): void {
    this.outstanding.clear();
  }

  /** Asks for what is not there yet; answers that nobody wants any more are let go. */
  ask(wishes: ReadonlyMap<string, Wish<T>>): void {
    const wanted = [...this.known.peek()].filter(([key]) => wishes.has(key));
    if (wanted.length < this.known.peek().size) this.known.value = new Map(wanted);
    for (const [key, wish] of wishes) {
      if (this.outstanding.has(key) || this.known.peek().has(key)) continue;
      this.outstanding.add(key);
      void wish().then(
        (value) => {
          if (value !== null) this.settle(key, { ok: value });
        },
        (error: unknown) => {
          this.settle(key, { err: error instanceof Error ? error.message : String(error) });
        },
      );
    }
  }

  private settle(key: string, answer: Answer<T>): void {
    this.outstanding.delete(key);
    this.known.value = new Map(this.known.peek()).set(key, answer);
  }
}
