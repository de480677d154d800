/**
 * Which images have a feature like this one, and where: an inverted index. It holds a few features of each image; an image
 * is found in another one where many of them lie, in the other one, in the same places relative to each other.
 */
import type { PackedFeatures } from './packed-features';

/** Twelve bytes a feature. */
export interface FeatureIndex {
  /** Upper bits of a feature's description that name its bucket. */
  readonly bucketBits: number;
  /** Bucket `b` is from `starts[b]` to `starts[b + 1]`, exclusive; in it, features are in the order of `bits`. */
  readonly starts: Uint32Array;
  readonly bits: Uint32Array;
  readonly places: Uint32Array;
  readonly images: Uint32Array;
  /** For each image a number of its source: parts of one file are not looked for in each other. */
  readonly sources: Uint32Array;
}

/** A feature that comes more often than this in the index says little, and would cost much; nor one that so often is in one image. */
const MOST_ALIKE = 40;
const MOST_REPEATED = 8;

/** Fewer agreeing features are chance. */
const LEAST_VOTES = 4;

/** How far, in pixels, compression moves a feature. */
const TOLERANCE = 1;

/** An image that seems to lie in the image asked about, or to share a part with it. */
export interface PlacedImage {
  image: number;
  /** Where its left upper corner is in the image asked about, or in that image mirrored left to right. */
  left: number;
  top: number;
  mirrored: boolean;
  votes: number;
}

/** Makes the index of images 0, 1, … Time and memory grow with the number of features. */
export function buildFeatureIndex(
  features: readonly PackedFeatures[],
  sources: readonly number[],
): FeatureIndex {
  const count = features.reduce((sum, { bits }) => sum + bits.length, 0);
  const bucketBits = Math.min(20, Math.max(4, Math.ceil(Math.log2(count + 1)) - 2));
  const starts = new Uint32Array(2 ** bucketBits + 1);
  for (const { bits } of features) for (const value of bits) starts[bucketOf(value, bucketBits) + 1]!++;
  for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket]! += starts[bucket - 1]!;
  const index: FeatureIndex = {
    bucketBits,
    starts,
    bits: new Uint32Array(count),
    places: new Uint32Array(count),
    images: new Uint32Array(count),
    sources: Uint32Array.from(sources),
  };
  const next = starts.slice();
  for (const [image, { bits, places }] of features.entries()) {
    for (const [feature, value] of bits.entries()) {
      const at = next[bucketOf(value, bucketBits)]!++;
      index.bits[at] = value;
      index.places[at] = places[feature]!;
      index.images[at] = image;
    }
  }
  for (let bucket = 0; bucket < starts.length - 1; bucket++)
    sortBucket(index, starts[bucket]!, starts[bucket + 1]!);
  return index;
}

function bucketOf(bits: number, bucketBits: number): number {
  return bits >>> (32 - bucketBits);
}

function sortBucket({ bits, places, images }: FeatureIndex, start: number, end: number): void {
  if (end - start < 2) return;
  const order = Array.from({ length: end - start }, (_, index) => start + index);
  // Equal ones stay in the order of the images.
  order.sort((a, b) => bits[a]! - bits[b]! || a - b);
  for (const array of [bits, places, images]) {
    const sorted = order.map((at) => array[at]!);
    array.set(sorted, start);
  }
}

/** Images whose features lie together in this one, the most certain first. `self` is the number of this one. */
export function findInIndex(
  index: FeatureIndex,
  self: number,
  features: PackedFeatures,
  width: number,
): PlacedImage[] {
  const matches = new Map<number, number[]>();
  const source = index.sources[self]!;
  const collect = (bits: number, x: number, y: number, mirrored: 0 | 1): void => {
    const bucket = bucketOf(bits, index.bucketBits);
    const last = index.starts[bucket + 1]!;
    let first = index.starts[bucket]!;
    while (first < last && index.bits[first]! < bits) first++;
    let end = first;
    while (end < last && end - first <= MOST_ALIKE && index.bits[end] === bits) end++;
    if (end - first > MOST_ALIKE) return;
    for (let at = first; at < end; at++) {
      const image = index.images[at]!;
      if (index.sources[image] === source) continue;
      const place = index.places[at]!;
      const key = 2 * image + mirrored;
      const offsets = matches.get(key);
      const [left, top] = [x - (place & 0xffff), y - (place >>> 16)];
      if (offsets === undefined) matches.set(key, [left, top]);
      else offsets.push(left, top);
    }
  };
  const repeated = repeatedBits(features.bits);
  for (let at = 0; at < features.bits.length; at++) {
    if (repeated.has(features.bits[at]!)) continue;
    const [x, y] = [features.places[at]! & 0xffff, features.places[at]! >>> 16];
    collect(features.bits[at]!, x, y, 0);
    collect(features.mirroredBits[at]!, width - 1 - x, y, 1);
  }
  const placed: PlacedImage[] = [];
  for (const [key, offsets] of matches) {
    if (offsets.length < 2 * LEAST_VOTES) continue;
    const { left, top, votes } = mostVoted(offsets);
    if (votes >= LEAST_VOTES) placed.push({ image: key >> 1, left, top, mirrored: (key & 1) === 1, votes });
  }
  return placed.sort((a, b) => b.votes - a.votes || a.image - b.image);
}

/** Descriptions that many features of the image share, such as those of dots on an even ground. */
function repeatedBits(bits: Uint32Array): Set<number> {
  const sorted = bits.toSorted();
  const repeated = new Set<number>();
  for (let at = MOST_REPEATED; at < sorted.length; at++) {
    if (sorted[at] === sorted[at - MOST_REPEATED]) repeated.add(sorted[at]!);
  }
  return repeated;
}

/** More than an image has pixels a side. */
const STRIDE = 2 ** 20;

/** The offset that most others agree with. */
function mostVoted(offsets: readonly number[]): { left: number; top: number; votes: number } {
  const counts = new Map<number, number>();
  for (let at = 0; at < offsets.length; at += 2) {
    const key = offsets[at]! + offsets[at + 1]! * STRIDE;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let best = { left: 0, top: 0, votes: 0 };
  for (let at = 0; at < offsets.length; at += 2) {
    const [left, top] = [offsets[at]!, offsets[at + 1]!];
    let votes = 0;
    for (let dy = -TOLERANCE; dy <= TOLERANCE; dy++) {
      for (let dx = -TOLERANCE; dx <= TOLERANCE; dx++)
        votes += counts.get(left + dx + (top + dy) * STRIDE) ?? 0;
    }
    if (votes > best.votes) best = { left, top, votes };
  }
  return best;
}
