/**
 * What was made of many sources, as bytes instead of objects: about 350 bytes an image, outside the heap. A collection may
 * have a million of them, and nobody needs more than one at a time.
 */
import type { AdoptedPair } from '../../protocol/adopted-pair';
import type { CropPlace } from '../../protocol/dataset-file';
import type { ImageMeasures } from '../../protocol/image-measures';
import type { MadeImage } from '../make-images';

/** Taken from the system at a time. What is larger gets a block of its own. */
const BLOCK_BYTES = 2 ** 20;

/** An image without the names of its fields; null where there is none. */
type Packed = [
  name: string,
  crop: CropPlace | null,
  sizes: [width: number, height: number, sourceWidth: number, sourceHeight: number],
  /** `sha256`, `hrSha256` and `lrSha256` in base64, one after the other. */
  hashes: string,
  notes: number[],
  measures: ImageMeasures[keyof ImageMeasures][] | null,
  pair: AdoptedPair | null,
];

const measureNames = ['sharpness', 'noise', 'blockiness', 'flatness', 'fingerprint'] as const;

export class PackedImages {
  private readonly blocks: Buffer[] = [];
  /** Bytes of the last block that are taken. */
  private used = BLOCK_BYTES;
  /** Of each record: its block, where it begins in it, and where it ends. */
  private readonly places: number[] = [];
  /** A collection has few different ones. */
  private readonly notes: string[] = [];
  private readonly noteNumbers = new Map<string, number>();

  /** How many times something was added. */
  get length(): number {
    return this.places.length / 3;
  }

  /** Packs the images of a source, and returns the number by which to ask for them. */
  add(images: readonly MadeImage[]): number {
    const text = JSON.stringify(images.map((image) => this.pack(image)));
    const bytes = Buffer.byteLength(text);
    if (this.used + bytes > BLOCK_BYTES) {
      this.blocks.push(Buffer.allocUnsafeSlow(Math.max(bytes, BLOCK_BYTES)));
      this.used = 0;
    }
    const start = this.used;
    this.used += this.blocks.at(-1)!.write(text, start);
    return this.places.push(this.blocks.length - 1, start, this.used) / 3 - 1;
  }

  /** The images that were added under this number. */
  get(number: number): MadeImage[] {
    const [block, start, end] = this.places.slice(3 * number, 3 * number + 3);
    const text = this.blocks[block!]!.toString('utf8', start, end);
    return (JSON.parse(text) as Packed[]).map((packed) => this.unpack(packed));
  }

  private pack(image: MadeImage): Packed {
    const { name, crop, measures, pair } = image;
    return [
      name,
      crop ?? null,
      [image.width, image.height, image.sourceWidth, image.sourceHeight],
      Buffer.from(image.sha256 + image.hrSha256 + image.lrSha256, 'hex').toString('base64'),
      image.notes.map((note) => this.numberOf(note)),
      measures === undefined ? null : measureNames.map((measure) => measures[measure]),
      pair ?? null,
    ];
  }

  private unpack([name, crop, sizes, packedHashes, notes, measures, pair]: Packed): MadeImage {
    const [width, height, sourceWidth, sourceHeight] = sizes;
    const hashes = Buffer.from(packedHashes, 'base64').toString('hex');
    return {
      name,
      ...(crop && { crop }),
      ...{ width, height, sourceWidth, sourceHeight },
      sha256: hashes.slice(0, 64),
      hrSha256: hashes.slice(64, 128),
      lrSha256: hashes.slice(128),
      notes: notes.map((number) => this.notes[number]!),
      ...(measures && { measures: measuresOf(measures) }),
      ...(pair && { pair }),
    };
  }

  private numberOf(note: string): number {
    const before = this.noteNumbers.get(note);
    if (before !== undefined) return before;
    this.noteNumbers.set(note, this.notes.length);
    return this.notes.push(note) - 1;
  }
}

function measuresOf(values: readonly ImageMeasures[keyof ImageMeasures][]): ImageMeasures {
  return Object.fromEntries(measureNames.map((name, index) => [name, values[index]])) as ImageMeasures;
}
