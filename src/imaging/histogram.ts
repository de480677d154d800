/** How often each grey level occurs in an 8-bit picture, by channel and in luma. Pure. */
import type { RgbImage } from './image';

export interface LevelCounts {
  readonly red: Uint32Array;
  readonly green: Uint32Array;
  readonly blue: Uint32Array;
  /** Of Y in studio range (`luma` of colour.ts), rounded: levels 16 to 235. */
  readonly luma: Uint32Array;
}

const LEVELS = 256;

export function countLevels({ data }: RgbImage): LevelCounts {
  const [red, green, blue, luma] = [counts(), counts(), counts(), counts()];
  for (let at = 0; at < data.length; at += 3) {
    const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
    red[r]!++;
    green[g]!++;
    blue[b]!++;
    luma[Math.round(16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255)]!++;
  }
  return { red, green, blue, luma };
}

function counts(): Uint32Array {
  return new Uint32Array(LEVELS);
}
