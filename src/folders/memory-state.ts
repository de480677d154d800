/**
 * How much memory a process has and takes, kept beside its heartbeat. A process that the system kills for want of memory gets
 * no last word; what it had a moment before, and the system's count of such kills, tell what happened.
 */
import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import type { MemoryState } from '../protocol/lease';

/** Bytes that this process could still get, within the limits of its container. */
export function availableMemory(): number {
  // Node 20.13 and later know of containers.
  const available = 'availableMemory' in process ? process.availableMemory() : freemem();
  return Math.min(available > 0 ? available : freemem(), freemem());
}

/** Processes that the system has killed for want of memory since it started; null where it does not count them. */
export function memoryKills(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}

/** How this process stands now. */
export function memoryState(): MemoryState {
  return { used: process.memoryUsage.rss(), available: availableMemory(), kills: memoryKills() };
}

const GIB = 2 ** 30;
/** Share of all memory below which there was as good as none. */
const NOTHING_LEFT = 0.05;

/**
 * Whether a process that is gone was killed for want of memory, going by its last heartbeat. Where the system counts such kills
 * there must have been one since, and the process must have been able to use up what there was in the second between two
 * heartbeats: it may have been another's.
 */
export function wasKilledForMemory(last: MemoryState | undefined, killsNow = memoryKills()): boolean {
  if (last === undefined) return false;
  if (last.kills === null || killsNow === null) return last.available < NOTHING_LEFT * totalmem();
  return killsNow > last.kills && last.available < Math.max(last.used, GIB);
}
