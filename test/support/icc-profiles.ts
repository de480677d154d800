/** Small ICC profiles of version 2, as cameras and editors embed them, from primaries and a power curve. */

/** XYZ of full red, green and blue, adapted to D50; columns of the matrix from linear RGB. */
export type Colorants = readonly [red: Xyz, green: Xyz, blue: Xyz];
type Xyz = readonly [x: number, y: number, z: number];

/** From Adobe RGB (1998) Color Image Encoding and IEC 61966-2-1, adapted to D50 by Bradford's method. */
export const adobeRgb: Colorants = [
  [0.60974, 0.31111, 0.01947],
  [0.20528, 0.62567, 0.06087],
  [0.14919, 0.06322, 0.74457],
];
const srgbColorants: Colorants = [
  [0.43607, 0.22249, 0.01392],
  [0.38515, 0.71687, 0.09708],
  [0.14307, 0.06061, 0.7141],
];

const D50: Xyz = [0.9642, 1, 0.8249];

/** A profile of RGB with the curve `x ** gamma`. */
export function rgbProfile(name: string, colorants: Colorants, gamma: number): Buffer {
  const [red, green, blue] = colorants;
  const curve = curveTag(gamma);
  return profile('RGB ', [
    ['desc', textTag(name)],
    ['wtpt', xyzTag(D50)],
    ['rXYZ', xyzTag(red)],
    ['gXYZ', xyzTag(green)],
    ['bXYZ', xyzTag(blue)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ]);
}

/** A profile of grey with the curve `x ** gamma`. */
export function greyProfile(name: string, gamma: number): Buffer {
  return profile('GRAY', [
    ['desc', textTag(name)],
    ['wtpt', xyzTag(D50)],
    ['kTRC', curveTag(gamma)],
  ]);
}

/** What a profile's colours, 0 to 255, are in sRGB: by the formulas of ICC.1 and IEC 61966-2-1, not rounded. */
export function inSrgb(colour: readonly number[], colorants: Colorants, gamma: number): number[] {
  const light = colour.map((value) => (value / 255) ** (Math.round(gamma * 256) / 256));
  const xyz = [0, 1, 2].map((axis) => light.reduce((sum, value, i) => sum + value * colorants[i]![axis]!, 0));
  return solve(srgbColorants, xyz).map((value) => 255 * encodeSrgb(Math.min(1, Math.max(0, value))));
}

/** What grey of a power curve, 0 to 255, is in sRGB. */
export function greyInSrgb(grey: number, gamma: number): number {
  return 255 * encodeSrgb((grey / 255) ** (Math.round(gamma * 256) / 256));
}

function encodeSrgb(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}

/** The amounts of the three columns that add up to `sum`, by Cramer's rule. */
function solve(columns: Colorants, sum: readonly number[]): number[] {
  const determinant = ([a, b, c]: readonly (readonly number[])[]): number =>
    a![0]! * (b![1]! * c![2]! - b![2]! * c![1]!) -
    b![0]! * (a![1]! * c![2]! - a![2]! * c![1]!) +
    c![0]! * (a![1]! * b![2]! - a![2]! * b![1]!);
  return [0, 1, 2].map(
    (i) => determinant(columns.map((column, j) => (i === j ? sum : column))) / determinant(columns),
  );
}

function profile(space: string, tags: readonly (readonly [name: string, data: Buffer])[]): Buffer {
  const header = Buffer.alloc(128);
  header.writeUInt32BE(0x02400000, 8);
  header.write(`mntr${space}XYZ `, 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  for (const [index, value] of D50.entries()) header.writeInt32BE(Math.round(value * 65536), 68 + 4 * index);
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length);
  let offset = header.length + table.length;
  for (const [index, [name, data]] of tags.entries()) {
    table.write(name, 4 + 12 * index, 'latin1');
    table.writeUInt32BE(offset, 8 + 12 * index);
    table.writeUInt32BE(data.length, 12 + 12 * index);
    offset += data.length;
  }
  header.writeUInt32BE(offset, 0);
  return Buffer.concat([header, table, ...tags.map(([, data]) => data)]);
}

function xyzTag(xyz: Xyz): Buffer {
  const tag = Buffer.alloc(20);
  tag.write('XYZ ', 'latin1');
  for (const [index, value] of xyz.entries()) tag.writeInt32BE(Math.round(value * 65536), 8 + 4 * index);
  return tag;
}

function curveTag(gamma: number): Buffer {
  const tag = Buffer.alloc(16);
  tag.write('curv', 'latin1');
  tag.writeUInt32BE(1, 8);
  tag.writeUInt16BE(Math.round(gamma * 256), 12);
  return tag;
}

function textTag(text: string): Buffer {
  const tag = Buffer.alloc(Math.ceil((90 + text.length + 1) / 4) * 4);
  tag.write('desc', 'latin1');
  tag.writeUInt32BE(text.length + 1, 8);
  tag.write(text, 12, 'latin1');
  return tag;
}
