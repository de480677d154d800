/**
 * Which images have nearly the same fingerprint. Fingerprints are cut into four words; of two that differ in few bits one word
 * is likely to be equal, so only images that share a word are held against each other.
 */

/** The two words of 32 bits of a fingerprint, from the left. */
type Words = readonly [number, number];

const MOST_BITS = 10;

/** Images compared with one image at most in one table, and taken as alike. */
const MOST_COMPARED = 500;
const MOST_ALIKE = 16;

export interface AlikePair {
  /** Numbers of the images, the smaller first. */
  a: number;
  b: number;
  /** Whether one of them seems to be mirrored. */
  mirrored: boolean;
  /** How many of the 64 bits differ. */
  bits: number;
}

/**
 * Pairs of images whose fingerprints, or that of one and that of the other mirrored, differ in at most ten bits; the likeliest first,
 * and for each image no more than a few. Time is linear in their number unless many have a word in common.
 */
export function alikePairs(fingerprints: readonly string[]): AlikePair[] {
  const words = fingerprints.map(parse);
  const tables = Array.from({ length: 4 }, (_, table) => bucketsOf(words, table));
  const pairs: AlikePair[] = [];
  for (const [image, own] of words.entries()) {
    const alike: AlikePair[] = [];
    const seen = new Set<number>();
    for (const mirrored of [false, true]) {
      const asked = mirrored ? mirror(own) : own;
      for (const [table, buckets] of tables.entries()) {
        let compared = 0;
        for (const other of buckets.get(wordOf(asked, table)) ?? []) {
          // Each pair is met from both sides.
          if (other <= image || seen.has(2 * other + Number(mirrored))) continue;
          if (++compared > MOST_COMPARED) break;
          seen.add(2 * other + Number(mirrored));
          const bits = differingBits(asked, words[other]!);
          if (bits <= MOST_BITS) alike.push({ a: image, b: other, mirrored, bits });
        }
      }
    }
    alike.sort((a, b) => a.bits - b.bits || a.b - b.b);
    pairs.push(...alike.slice(0, MOST_ALIKE));
  }
  return pairs.sort((a, b) => a.bits - b.bits || a.a - b.a || a.b - b.b);
}

function parse(fingerprint: string): Words {
  return [Number.parseInt(fingerprint.slice(0, 8), 16), Number.parseInt(fingerprint.slice(8), 16)];
}

function wordOf(words: Words, table: number): number {
  const half = words[table >> 1]!;
  return table % 2 === 0 ? half >>> 16 : half & 0xffff;
}

function bucketsOf(words: readonly Words[], table: number): Map<number, number[]> {
  const buckets = new Map<number, number[]>();
  for (const [image, own] of words.entries()) {
    const word = wordOf(own, table);
    const bucket = buckets.get(word);
    if (bucket === undefined) buckets.set(word, [image]);
    else bucket.push(image);
  }
  return buckets;
}

/** Mirrored, horizontal frequencies 1, 3, 5 and 7 change sign: in each byte the bits from the left 0, 2, 4, 6. */
function mirror([first, second]: Words): Words {
  return [(first ^ 0xaaaaaaaa) >>> 0, (second ^ 0xaaaaaaaa) >>> 0];
}

function differingBits(a: Words, b: Words): number {
  return bitsIn(a[0] ^ b[0]) + bitsIn(a[1] ^ b[1]);
}

function bitsIn(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
