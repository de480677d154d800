/**
 * What adopted pairs turn out to be, all of them together: how their LR images were made, and which pairs a person should
 * look at. The list of images is gone through twice, so that memory grows with the problems and not with the pairs.
 */
import { readEntries } from '../../folders/dataset-folder';
import {
  LARGEST_SHIFT,
  LEAST_PSNR,
  pairKernels,
  type AdoptedPair,
  type PairKernel,
} from '../../protocol/adopted-pair';

/** Something about a pair that a person should look at. */
export interface PairProblem {
  name: string;
  problem: string;
}

export interface PairReport {
  /** How LR was made, in words, of how many pairs; the most frequent first. */
  makers: { maker: string; images: number }[];
  /** Pairs that are shifted, made in another way than most, or do not show the same; the worst first. */
  problems: PairProblem[];
}

/** Reports on the pairs of a complete data set. Throws a `LabError` if its list is damaged. */
export async function reportPairs(folder: string): Promise<PairReport> {
  const makers = new Counts<string>();
  const kernels = new Counts<PairKernel>();
  for await (const { pair } of pairsOf(folder)) {
    makers.add(makerInWords(pair));
    kernels.add(pair.kernel);
  }
  const usual = kernels.mostFrequent()[0]?.[0];
  const problems: (PairProblem & { distance: number })[] = [];
  for await (const { name, pair } of pairsOf(folder)) {
    const problem = problemOf(pair, usual);
    if (problem !== undefined) problems.push({ name, problem, distance: Math.hypot(...pair.shift) });
  }
  return {
    makers: makers.mostFrequent().map(([maker, images]) => ({ maker, images })),
    problems: problems
      .sort((a, b) => b.distance - a.distance)
      .map(({ name, problem }) => ({ name, problem })),
  };
}

async function* pairsOf(folder: string): AsyncGenerator<{ name: string; pair: AdoptedPair }> {
  for await (const entries of readEntries(folder)) {
    for (const entry of entries)
      if (entry.kind === 'image' && entry.pair !== undefined) yield { name: entry.name, pair: entry.pair };
  }
}

function makerInWords({ kernel, convention, exact }: AdoptedPair): string {
  const words = pairKernels[kernel];
  return exact
    ? `${words}${convention === undefined ? '' : ` (${convention})`}, to the last bit`
    : `something most like ${words}`;
}

function problemOf({ shift, kernel, psnr }: AdoptedPair, usual: PairKernel | undefined): string | undefined {
  if (psnr !== null && psnr < LEAST_PSNR)
    return `LR does not seem to show what HR shows: ${psnr} dB at best.`;
  const [dx, dy] = shift;
  if (Math.hypot(dx, dy) > LARGEST_SHIFT) return `LR is shifted ${inWords(dx, dy)} of where it belongs.`;
  if (kernel !== usual && usual !== undefined)
    return `LR was made by ${pairKernels[kernel]}, and most others by ${pairKernels[usual]}.`;
  return undefined;
}

function inWords(dx: number, dy: number): string {
  const sideways = dx === 0 ? [] : [`${Math.abs(dx)} LR pixels to the ${dx > 0 ? 'right' : 'left'}`];
  const upright = dy === 0 ? [] : [`${Math.abs(dy)} ${dy > 0 ? 'down' : 'up'}`];
  return [...sideways, ...upright].join(' and ');
}

/** How often each value came. */
class Counts<Value> {
  private readonly counts = new Map<Value, number>();

  add(value: Value): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
  }

  /** The values with their counts; among equally frequent ones the first comes first. */
  mostFrequent(): [Value, number][] {
    return [...this.counts].sort((a, b) => b[1] - a[1]);
  }
}
