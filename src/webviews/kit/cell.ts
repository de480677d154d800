/** A part of a state that is kept whole: read and set like a plain value by whoever needs only that part. */
import type { Signal } from '@preact/signals';

/** A view of one property of `whole` that reads and writes like a plain value. */
export interface Cell<T> {
  readonly value: T;
  set: (value: T) => void;
}

export function cellOf<T extends object, K extends keyof T>(whole: Signal<T>, key: K): Cell<T[K]> {
  return {
    get value() {
      return whole.value[key];
    },
    set(value) {
      whole.value = { ...whole.peek(), [key]: value };
    },
  };
}
