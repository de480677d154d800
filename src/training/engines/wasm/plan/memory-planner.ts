/**
 * Places buffers in one arena so that two share memory only if one is dead before the other is born. Largest first, each
 * at the lowest free place (greedy by size: Pisarchyk and Lee 2020, "Efficient memory management for deep neural net
 * inference").
 */
import type { Buffer } from './buffer';

/** The entries of a plan between which a buffer must keep its contents, both included. */
export interface Lifetime {
  readonly first: number;
  readonly last: number;
}

export interface Arena {
  readonly offsets: ReadonlyMap<Buffer, number>;
  readonly bytes: number;
}

export function planMemory(lifetimes: ReadonlyMap<Buffer, Lifetime>): Arena {
  const placed: { start: number; end: number; lifetime: Lifetime }[] = [];
  const offsets = new Map<Buffer, number>();
  const largestFirst = [...lifetimes].sort(([a], [b]) => b.bytes - a.bytes);
  let bytes = 0;
  for (const [buffer, lifetime] of largestFirst) {
    const contemporaries = placed
      .filter((other) => other.lifetime.first <= lifetime.last && lifetime.first <= other.lifetime.last)
      .sort((a, b) => a.start - b.start);
    let offset = 0;
    for (const other of contemporaries) {
      if (other.start >= offset + buffer.bytes) break;
      offset = Math.max(offset, other.end);
    }
    placed.push({ start: offset, end: offset + buffer.bytes, lifetime });
    offsets.set(buffer, offset);
    bytes = Math.max(bytes, offset + buffer.bytes);
  }
  return { offsets, bytes };
}
