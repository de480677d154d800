import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { decodeImage } from '../../../../src/datasets/decode';
import { bmpFile, bmpRows, type BmpFile } from '../../../support/bmp-files';
import { adobeRgb, inSrgb, rgbProfile } from '../../../support/icc-profiles';

type Colour = readonly [red: number, green: number, blue: number];

const colours: readonly Colour[] = [
  [0, 0, 0],
  [255, 0, 0],
  [0, 255, 0],
  [10, 20, 255],
  [255, 255, 255],
  [200, 100, 50],
];
/** 5×3 pixels, which makes rows that need padding at every depth; indices into the colours, from above. */
const [width, height] = [5, 3];
const picture = [0, 1, 2, 3, 4, 5, 4, 3, 2, 1, 1, 3, 5, 0, 2];
const bilevel = [0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 1, 0];
const inColours = picture.map((index) => colours[index]!);
const expected = inColours.flat();

/** As most files store them: the lowest row first. */
function fromBelow<T>(values: readonly T[]): T[] {
  return [10, 5, 0].flatMap((start) => values.slice(start, start + width));
}

/** A colour as a number with so many bits for red, green and blue, red highest. */
function pack([r, g, b]: Colour, [red, green, blue]: Colour): number {
  return ((r >> (8 - red)) << (green + blue)) | ((g >> (8 - green)) << blue) | (b >> (8 - blue));
}

/** What so many bits leave of the colours, brought back to 8. */
function coarse(bits: Colour): number[] {
  return inColours.flatMap((colour) =>
    colour.map((value, channel) => {
      const peak = 2 ** bits[channel]! - 1;
      return Math.round(((value >> (8 - bits[channel]!)) * 255) / peak);
    }),
  );
}

const bgr = inColours.map((colour) => pack(colour, [8, 8, 8]));
const trueColour: BmpFile = { width, height, bits: 24, pixels: bmpRows(width, 24, fromBelow(bgr)) };
const eightBits: BmpFile = {
  width,
  height,
  bits: 8,
  palette: colours,
  pixels: bmpRows(width, 8, fromBelow(picture)),
};
const fourBits: BmpFile = {
  ...eightBits,
  bits: 4,
  coloursUsed: 6,
  pixels: bmpRows(width, 4, fromBelow(picture)),
};

async function decode(file: BmpFile): Promise<number[]> {
  const { image, notes } = await decodeImage(bmpFile(file));
  assert.deepEqual([image.width, image.height], [file.width, Math.abs(file.height)]);
  assert.deepEqual(notes, []);
  return [...image.data];
}

/** A number a pixel as 16 or 32 bits with masks. */
function masked(
  bits: 16 | 32,
  masks: readonly number[],
  pixels: readonly number[],
  headerSize = 40,
): BmpFile {
  const compression = masks.length === 4 && headerSize === 40 ? 6 : 3;
  return {
    width,
    height,
    bits,
    masks,
    headerSize,
    compression,
    pixels: bmpRows(width, bits, fromBelow(pixels)),
  };
}

const rgb565 = inColours.map((colour) => pack(colour, [5, 6, 5]));
const rgb555 = inColours.map((colour) => pack(colour, [5, 5, 5]));
/** 10 bits a channel. */
const deep = inColours.map(([r, g, b]) => r * 4 * 2 ** 20 + g * 4 * 2 ** 10 + b * 4);
const fromTen = expected.map((value) => Math.round((value * 4 * 255) / 1023));

describe('BMP files', () => {
  const black: Colour = [0, 0, 0];
  const white: Colour = [255, 255, 255];
  const cases: [what: string, file: BmpFile, pixels: readonly number[]][] = [
    ['24 bits', trueColour, expected],
    [
      '24 bits, the first row topmost',
      { ...trueColour, height: -height, pixels: bmpRows(width, 24, bgr) },
      expected,
    ],
    [
      '24 bits without the last padding',
      { ...trueColour, pixels: trueColour.pixels.subarray(0, -1) },
      expected,
    ],
    ['24 bits, OS/2', { ...trueColour, headerSize: 12 }, expected],
    ['24 bits, OS/2 2', { ...trueColour, headerSize: 64 }, expected],
    ['24 bits, OS/2 2 cut after the bits', { ...trueColour, headerSize: 16 }, expected],
    ['24 bits, version 4', { ...trueColour, headerSize: 108 }, expected],
    ['24 bits, pixels at no stated place', { ...trueColour, offset: 0 }, expected],
    [
      '32 bits, the fourth byte unused',
      { ...trueColour, bits: 32, pixels: bmpRows(width, 32, fromBelow(bgr)) },
      expected,
    ],
    ['8 bits', eightBits, expected],
    ['8 bits, OS/2', { ...eightBits, headerSize: 12 }, expected],
    ['8 bits, version 5', { ...eightBits, headerSize: 124 }, expected],
    ['4 bits', fourBits, expected],
    [
      '2 bits',
      { ...eightBits, bits: 2, palette: colours.slice(0, 4), pixels: bmpRows(width, 2, fromBelow(bilevel)) },
      bilevel.flatMap((index) => colours[index]!),
    ],
    [
      '1 bit',
      { ...eightBits, bits: 1, palette: [black, white], pixels: bmpRows(width, 1, fromBelow(bilevel)) },
      bilevel.flatMap((index) => [black, white][index]!),
    ],
    [
      '16 bits',
      { width, height, bits: 16, pixels: bmpRows(width, 16, fromBelow(rgb555)) },
      coarse([5, 5, 5]),
    ],
    ['16 bits, 5-6-5', masked(16, [0xf800, 0x7e0, 0x1f], rgb565), coarse([5, 6, 5])],
    ['16 bits, 5-6-5, version 3', masked(16, [0xf800, 0x7e0, 0x1f], rgb565, 56), coarse([5, 6, 5])],
    ['32 bits with masks', masked(32, [0xff0000, 0xff00, 0xff], bgr, 52), expected],
    [
      '32 bits, the highest used',
      masked(
        32,
        [0xff000000, 0xff0000, 0xff00],
        bgr.map((value) => value * 256),
      ),
      expected,
    ],
    ['32 bits, 10 a channel', masked(32, [0x3ff00000, 0xffc00, 0x3ff], deep), fromTen],
    [
      '32 bits, opacity that is nowhere above 0',
      masked(32, [0xff0000, 0xff00, 0xff, 0xff000000], bgr, 108),
      expected,
    ],
  ];
  for (const [what, file, pixels] of cases) {
    it(`with ${what}`, async () => {
      assert.deepEqual(await decode(file), pixels);
    });
  }

  it('with opacity, laid on white', async () => {
    for (const headerSize of [40, 124]) {
      const half = bgr.map((value) => value + 128 * 2 ** 24);
      const { image, notes } = await decodeImage(
        bmpFile(masked(32, [0xff0000, 0xff00, 0xff, 0xff000000], half, headerSize)),
      );
      assert.deepEqual(
        [...image.data],
        expected.map((value) => Math.round((value * 128 + 255 * 127) / 255)),
      );
      assert.deepEqual(notes, ['transparency laid on white']);
    }
  });

  describe('with run lengths', () => {
    /** Row by row from below: 1 3 5 0 2, 5 4 3 2 1, 0 1 2 3 4. */
    const end = [0, 1];
    const row = [0, 0];
    const plain8 = [
      0,
      5,
      1,
      3,
      5,
      0,
      2,
      0,
      ...row,
      0,
      5,
      5,
      4,
      3,
      2,
      1,
      0,
      ...row,
      1,
      0,
      1,
      1,
      0,
      3,
      2,
      3,
      4,
      0,
    ];
    const plain4 = [
      0,
      5,
      0x13,
      0x50,
      0x20,
      0,
      ...row,
      0,
      5,
      0x54,
      0x32,
      0x10,
      0,
      ...row,
      2,
      0x01,
      3,
      0x23,
      0,
    ];
    plain4.splice(-3, 3, 0, 3, 0x23, 0x40);
    const rle8 = (...pixels: number[]): BmpFile => ({
      ...eightBits,
      compression: 1,
      pixels: Uint8Array.from(pixels),
    });
    const rle4 = (...pixels: number[]): BmpFile => ({
      ...fourBits,
      compression: 2,
      pixels: Uint8Array.from(pixels),
    });

    it('in bytes and in halves of bytes', async () => {
      assert.deepEqual(await decode(rle8(...plain8, ...end)), expected);
      assert.deepEqual(await decode(rle4(...plain4, ...end)), expected);
    });

    it('in which two colours alternate', async () => {
      const rows = await decode(rle4(5, 0x12, ...row, 4, 0x33, 1, 0x40, ...row, 5, 0x01, ...end));
      const indices = [0, 1, 0, 1, 0, 3, 3, 3, 3, 4, 1, 2, 1, 2, 1];
      assert.deepEqual(
        rows,
        indices.flatMap((index) => colours[index]!),
      );
    });

    it('in which pixels are jumped over, which have the first colour', async () => {
      const rows = await decode(rle8(0, 2, 2, 1, 3, 4, ...end));
      const indices = [0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 0, 0, 0, 0, 0];
      assert.deepEqual(
        rows,
        indices.flatMap((index) => colours[index]!),
      );
    });

    it('that leave the row or have no mark at the end', async () => {
      const rows = await decode(rle8(9, 1, ...row, 6, 2, ...row, 5, 3));
      const indices = [...Array<number>(5).fill(3), ...Array<number>(5).fill(2), ...Array<number>(5).fill(1)];
      assert.deepEqual(
        rows,
        indices.flatMap((index) => colours[index]!),
      );
    });

    it('that end too soon', async () => {
      for (const file of [rle8(...plain8.slice(0, 12)), rle8(0, 5, 1), rle4(3, 0x12, 0, 2, 1)]) {
        await assert.rejects(decodeImage(bmpFile(file)), { name: 'LabError', message: /cut short/ });
      }
    });
  });

  it('with an embedded profile, which is converted', async () => {
    const profile = rgbProfile('Adobe RGB (1998)', adobeRgb, 2.2);
    const { image, notes } = await decodeImage(bmpFile({ ...trueColour, headerSize: 124, profile }));
    assert.deepEqual(notes, ['colours converted from Adobe RGB (1998) to sRGB']);
    const converted = inColours.flatMap((colour) => inSrgb(colour, adobeRgb, 2.2));
    for (const [i, value] of image.data.entries())
      assert.ok(Math.abs(value - converted[i]!) <= 1, `sample ${i}`);
  });

  for (const [what, file, message] of [
    ['no header', Buffer.from('BMW, a car'), /no header/],
    ['a header of unknown size', bmpFile({ ...trueColour, headerSize: 90 }), /no header/],
    ['no width', bmpFile({ ...trueColour, width: 0 }), /it is 0×3 pixels/],
    [
      '65,535² pixels',
      bmpFile({ ...trueColour, width: 65535, height: 65535 }),
      /65535×65535 pixels, more than 268/,
    ],
    [
      'run lengths of 65,535² pixels',
      bmpFile({ ...eightBits, compression: 1, width: 65535, height: 65535 }),
      /65535×65535 pixels, more/,
    ],
    ['pixels outside of it', bmpFile({ ...trueColour, offset: 1e6 }), /outside of the file/],
    ['a row missing', bmpFile({ ...trueColour, pixels: trueColour.pixels.subarray(0, 30) }), /cut short/],
    [
      'a colour that is not in the palette',
      bmpFile({ ...eightBits, palette: colours.slice(0, 3) }),
      /colour 3 of a palette of 3/,
    ],
    ['no palette', bmpFile({ ...eightBits, palette: [] }), /no palette/],
    ['masks with gaps', bmpFile(masked(32, [0xff0ff, 1, 2], bgr)), /masks have gaps/],
    [
      'a JPEG inside',
      bmpFile({ ...trueColour, bits: 0, compression: 4 }),
      /of a kind that is not read.*Save it as PNG/,
    ],
    [
      'Huffman codes',
      bmpFile({ ...eightBits, bits: 1, headerSize: 64, compression: 3 }),
      /of a kind that is not read/,
    ],
  ] as const) {
    it(`with ${what} is refused`, async () => {
      await assert.rejects(decodeImage(file), { name: 'LabError', message });
    });
  }
});
