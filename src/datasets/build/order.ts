/**
 * The order in which sources are worked on: the largest files first, so that at the end no worker is left alone with one,
 * and an estimate of the time that counts their bytes, because the first images take many times what the last ones do.
 */
import { stat } from 'node:fs/promises';
import type { Progress } from '../../protocol/progress';

export interface SizedSource {
  /** Index among all that are wanted. */
  readonly index: number;
  /** Of the file; 0 where the system does not say. */
  readonly bytes: number;
}

/** Asked of the system at a time. */
const AT_A_TIME = 256;

/** The sources `indices`, the largest first; equal ones in the order they came. */
export async function largestFirst(
  indices: readonly number[],
  pathOf: (index: number) => string,
): Promise<SizedSource[]> {
  const sized: SizedSource[] = [];
  for (let first = 0; first < indices.length; first += AT_A_TIME) {
    const portion = indices.slice(first, first + AT_A_TIME).map(async (index) => {
      // Whoever opens it says what is wrong with it.
      const { size } = await stat(pathOf(index)).catch(() => ({ size: 0 }));
      return { index, bytes: size };
    });
    sized.push(...(await Promise.all(portion)));
  }
  return sized.sort((a, b) => b.bytes - a.bytes);
}

/** Begins to measure time; the function is called with each source that is done, and makes a report of all. */
export function createByteEstimate(
  sources: readonly SizedSource[],
  unit: string,
  message: string,
): (source: SizedSource) => Progress {
  const started = performance.now();
  const total = sources.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  let doneBytes = 0;
  return ({ bytes }) => {
    done++;
    doneBytes += bytes;
    const seconds = (performance.now() - started) / 1000;
    const secondsLeft = doneBytes === 0 ? null : (seconds / doneBytes) * (total - doneBytes);
    return { done, total: sources.length, unit, secondsLeft, message };
  };
}
