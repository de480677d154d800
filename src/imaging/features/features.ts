/**
 * Points of a picture that are found again in a copy of it, at the same size but cut and compressed otherwise: blobs a few
 * pixels wide, each with 32 bits that describe its surroundings. Nothing here depends on where a cut began.
 */
import { randomStream } from '../../random/random-stream';
import type { RgbImage } from '../image';
import { smoothStrip, STRIP_MARGIN, type Strip } from './strips';

export interface Features {
  /** Positions in pixels. */
  readonly x: Uint32Array;
  readonly y: Uint32Array;
  /** How much the blob stands out, in grey levels. */
  readonly strength: Float32Array;
  /** The surroundings. */
  readonly bits: Uint32Array;
  /** What `bits` would be in the picture mirrored left to right. */
  readonly mirroredBits: Uint32Array;
}

/** Weaker blobs are left to noise and compression. */
const LEAST_STRENGTH = 2;

/** Largest squared trace over determinant of the Hessian: what is longer is an edge, along which a point can slide. */
const LONGEST = 8;

/** Surroundings are looked at up to so many pixels away in each direction. */
const REACH = 12;

/** Rows that are worked on at a time. */
const ROWS = 192;

/**
 * Blobs of the image: extrema, in 5×5 pixels, of a difference of two Gaussians (Lowe, "Distinctive image features from
 * scale-invariant keypoints", IJCV 60(2), 2004, at one scale). Their 32 bits compare the smoothed luma of pairs of places
 * (Calonder et al., "BRIEF", ECCV 2010). Memory is a strip of rows and the blobs: at most one in 9 pixels, usually one in 200.
 */
export function findFeatures(image: RgbImage): Features {
  const found = new FeatureList();
  for (let top = 0; top < image.height; top += ROWS) {
    const strip = smoothStrip(image, top, Math.min(image.height, top + ROWS));
    findInStrip(strip, image.height, found);
  }
  return found.features();
}

function findInStrip(strip: Strip, height: number, found: FeatureList): void {
  const { width, top, bottom, difference } = strip;
  const margin = STRIP_MARGIN;
  for (let y = Math.max(top, margin); y < Math.min(bottom, height - margin); y++) {
    const row = (y - strip.firstRow) * width;
    for (let x = margin; x < width - margin; x++) {
      const at = row + x;
      const value = difference[at]!;
      if (value < LEAST_STRENGTH && value > -LEAST_STRENGTH) continue;
      if (!isExtremum(difference, at, width, value) || isEdge(difference, at, width)) continue;
      found.add(
        x,
        y,
        Math.abs(value),
        describe(strip.smooth, at, width, 1),
        describe(strip.smooth, at, width, -1),
      );
    }
  }
}

/** Neighbours that come later may be equal, so that of a plateau one point is taken. */
function isExtremum(data: Float32Array, at: number, width: number, value: number): boolean {
  const sign = value > 0 ? 1 : -1;
  const size = sign * value;
  if (sign * data[at - 1]! >= size || sign * data[at + 1]! > size) return false;
  if (sign * data[at - width]! >= size || sign * data[at + width]! > size) return false;
  for (let dy = -2; dy <= 2; dy++) {
    for (let dx = -2; dx <= 2; dx++) {
      const other = sign * data[at + dy * width + dx]!;
      if (dy < 0 || (dy === 0 && dx < 0) ? other >= size : other > size) return false;
    }
  }
  return true;
}

function isEdge(data: Float32Array, at: number, width: number): boolean {
  const middle = 2 * data[at]!;
  const xx = data[at - 1]! + data[at + 1]! - middle;
  const yy = data[at - width]! + data[at + width]! - middle;
  const xy =
    (data[at - width - 1]! + data[at + width + 1]! - data[at - width + 1]! - data[at + width - 1]!) / 4;
  const determinant = xx * yy - xy * xy;
  return determinant <= 0 || (xx + yy) ** 2 > LONGEST * determinant;
}

/** 32 pairs of places (x, y, x, y) well apart, the same in every version: changing them changes nothing that is stored. */
const pairs = makePairs();

function makePairs(): Int8Array {
  const random = randomStream(1, 'feature places');
  const list: number[] = [];
  const coordinate = (): number => random.integer(2 * REACH + 1) - REACH;
  while (list.length < 4 * 32) {
    const places = [coordinate(), coordinate(), coordinate(), coordinate()] as const;
    const [x0, y0, x1, y1] = places;
    if (Math.hypot(x1 - x0, y1 - y0) >= 8) list.push(...places);
  }
  return Int8Array.from(list);
}

function describe(smooth: Float32Array, at: number, width: number, direction: 1 | -1): number {
  let bits = 0;
  for (let index = 0; index < pairs.length; index += 4) {
    const first = smooth[at + direction * pairs[index]! + pairs[index + 1]! * width]!;
    const second = smooth[at + direction * pairs[index + 2]! + pairs[index + 3]! * width]!;
    bits = (bits << 1) | (first < second ? 1 : 0);
  }
  return bits >>> 0;
}

/** Grows as features come. */
class FeatureList {
  private readonly values: number[] = [];

  add(x: number, y: number, strength: number, bits: number, mirroredBits: number): void {
    this.values.push(x, y, strength, bits, mirroredBits);
  }

  features(): Features {
    const { values } = this;
    const count = values.length / 5;
    const every = (offset: number) => (_: unknown, index: number) => values[5 * index + offset]!;
    return {
      x: Uint32Array.from({ length: count }, every(0)),
      y: Uint32Array.from({ length: count }, every(1)),
      strength: Float32Array.from({ length: count }, every(2)),
      bits: Uint32Array.from({ length: count }, every(3)),
      mirroredBits: Uint32Array.from({ length: count }, every(4)),
    };
  }
}

/** Cells a side over which the strongest features are spread. */
const CELLS = 4;

/**
 * Indices of at most `count` features, the strongest of each part of the image: those by which the image is found where
 * it, or much of it, is a part of another one.
 */
export function strongestFeatures(
  { x, y, strength, bits }: Features,
  { width, height }: { width: number; height: number },
  count: number,
): number[] {
  const ranked = [...strength.keys()].sort((a, b) => strength[b]! - strength[a]! || a - b);
  const most = Math.ceil((2 * count) / (CELLS * CELLS));
  const taken = new Uint32Array(CELLS * CELLS);
  const chosen: number[] = [];
  const passed: number[] = [];
  const described = new Set<number>();
  for (const index of ranked) {
    // Of several that look alike none would tell a place.
    if (described.has(bits[index]!)) continue;
    described.add(bits[index]!);
    const cell = Math.floor((y[index]! * CELLS) / height) * CELLS + Math.floor((x[index]! * CELLS) / width);
    if (taken[cell]! < most) {
      taken[cell]!++;
      chosen.push(index);
      if (chosen.length === count) return chosen;
    } else passed.push(index);
  }
  return [...chosen, ...passed.slice(0, count - chosen.length)];
}
