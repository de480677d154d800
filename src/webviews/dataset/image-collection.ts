/**
 * Finding images among 100,000: an order is computed once for each way to sort, a filter is one pass over it, and what is
 * found is a list of indices. Nothing here is done again while a person scrolls. Pure.
 */
import type { SplitName } from '../../protocol/dataset-file';
import type { DatasetPageImage, PageMeasures } from '../../protocol/dataset-page';

export const problemKinds = ['duplicate', 'flat', 'blurred', 'noisy', 'blocky'] as const;
export type ProblemKind = (typeof problemKinds)[number];

/** What images can be sorted and filtered by that is a number. */
export const measureKeys = ['size', 'sharpness', 'noise', 'blockiness', 'flatness'] as const;
export type MeasureKey = (typeof measureKeys)[number];

export const sortKeys = ['listed', 'name', ...measureKeys, 'problem', 'split'] as const;
export type SortKey = (typeof sortKeys)[number];

export type SplitFilter = SplitName | 'all';
export type ProblemFilter = ProblemKind | 'all' | 'any' | 'noted';

/** Both ends belong to it. */
export interface ValueRange {
  min: number;
  max: number;
}

export interface ImageFilter {
  split: SplitFilter;
  problem: ProblemFilter;
  /** Every word must be in the name, in any case and order. */
  search: string;
  ranges: Record<MeasureKey, ValueRange | null>;
}

export const everyImage: ImageFilter = {
  split: 'all',
  problem: 'all',
  search: '',
  ranges: { size: null, sharpness: null, noise: null, blockiness: null, flatness: null },
};

export interface Sorting {
  key: SortKey;
  descending: boolean;
}

/** A problem of an image, the worst of the data set first. */
export interface ImageProblem {
  name: string;
  problem: ProblemKind;
}

export class ImageCollection {
  private readonly orders = new Map<string, Uint32Array>();
  private readonly columns = new Map<MeasureKey, Float64Array>();
  private lowerNames: string[] | undefined;
  private places: Map<string, number> | undefined;
  /** For each image a bit for each kind of problem. */
  private readonly problemBits: Uint8Array;
  private readonly problemRanks: Float64Array;

  constructor(
    readonly images: readonly DatasetPageImage[],
    problems: readonly ImageProblem[] = [],
  ) {
    this.problemBits = new Uint8Array(images.length);
    this.problemRanks = new Float64Array(images.length).fill(Number.NaN);
    problems.forEach(({ name, problem }, rank) => {
      const index = this.indexOf(name);
      if (index === -1) return;
      this.problemBits[index]! |= 1 << problemKinds.indexOf(problem);
      if (Number.isNaN(this.problemRanks[index])) this.problemRanks[index] = rank;
    });
  }

  get length(): number {
    return this.images.length;
  }

  /** Place of the image with this name in the data set; −1 without one. */
  indexOf(name: string): number {
    this.places ??= new Map(this.images.map((image, index) => [image.name, index]));
    return this.places.get(name) ?? -1;
  }

  problemsOf(index: number): ProblemKind[] {
    const bits = this.problemBits[index] ?? 0;
    return problemKinds.filter((_, bit) => (bits & (1 << bit)) !== 0);
  }

  /** How many images have this problem. */
  count(kind: ProblemKind): number {
    const bit = 1 << problemKinds.indexOf(kind);
    return this.problemBits.reduce((sum, bits) => sum + ((bits & bit) === 0 ? 0 : 1), 0);
  }

  /** A number for each image, in the order of the data set; NaN where it was not measured. Size is HR pixels. */
  column(key: MeasureKey): Float64Array {
    const known = this.columns.get(key);
    if (known !== undefined) return known;
    const column = Float64Array.from(this.images, (image) => valueOf(image, key));
    this.columns.set(key, column);
    return column;
  }

  /** Indices of the images that pass the filter, sorted. */
  find(filter: ImageFilter, sorting: Sorting): Uint32Array {
    const order = this.order(sorting);
    const { split, problem } = filter;
    const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
    const names = words.length === 0 ? [] : this.names();
    const ranges = measureKeys.flatMap((key) => {
      const range = filter.ranges[key];
      return range === null ? [] : [{ column: this.column(key), ...range }];
    });
    const wanted = wantedBits(problem);
    return order.filter((index) => {
      const image = this.images[index]!;
      if (split !== 'all' && image.split !== split) return false;
      if (problem === 'noted' && image.notes.length === 0) return false;
      if (wanted !== 0 && (this.problemBits[index]! & wanted) === 0) return false;
      for (const { column, min, max } of ranges) {
        const value = column[index]!;
        if (!(value >= min && value <= max)) return false;
      }
      return words.every((word) => names[index]!.includes(word));
    });
  }

  private names(): string[] {
    return (this.lowerNames ??= this.images.map(({ name }) => name.toLowerCase()));
  }

  private order({ key, descending }: Sorting): Uint32Array {
    const id = `${key} ${String(descending)}`;
    const known = this.orders.get(id);
    if (known !== undefined) return known;
    const order = this.makeOrder(key, descending);
    this.orders.set(id, order);
    return order;
  }

  private makeOrder(key: SortKey, descending: boolean): Uint32Array {
    if (key !== 'listed' && key !== 'name') {
      const values = this.sortValues(key);
      return orderOf(descending ? values.map((value) => -value) : values);
    }
    const order = Uint32Array.from(this.images, (_, index) => index);
    if (key === 'name') {
      const names = this.names();
      order.sort((a, b) => (names[a]! < names[b]! ? -1 : names[a]! > names[b]! ? 1 : a - b));
    }
    return descending ? order.reverse() : order;
  }

  private sortValues(key: Exclude<SortKey, 'listed' | 'name'>): Float64Array {
    if (key === 'problem') return this.problemRanks;
    if (key === 'split')
      return Float64Array.from(this.images, ({ split }) => (split === 'validation' ? 0 : 1));
    return this.column(key);
  }
}

/**
 * Indices in ascending order of their values, equal ones as they came, NaN last. Numbers are sorted natively, and each
 * index then finds its place among them: several times as fast as sorting indices by a comparison.
 */
function orderOf(values: Float64Array): Uint32Array {
  const sorted = values.slice().sort();
  const firstNaN = sorted.findIndex((value) => Number.isNaN(value));
  const end = firstNaN === -1 ? sorted.length : firstNaN;
  const taken = new Uint32Array(sorted.length + 1);
  const order = new Uint32Array(values.length);
  values.forEach((value, index) => {
    let low = end;
    if (!Number.isNaN(value)) {
      low = 0;
      let high = end;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (sorted[middle]! < value) low = middle + 1;
        else high = middle;
      }
    }
    order[low + taken[low]!++] = index;
  });
  return order;
}

function valueOf(image: DatasetPageImage, key: MeasureKey): number {
  if (key === 'size') return image.width * image.height;
  return image.measures?.[key satisfies keyof PageMeasures] ?? Number.NaN;
}

function wantedBits(problem: ProblemFilter): number {
  if (problem === 'all' || problem === 'noted') return 0;
  if (problem === 'any') return (1 << problemKinds.length) - 1;
  return 1 << problemKinds.indexOf(problem);
}
