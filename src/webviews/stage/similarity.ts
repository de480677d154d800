/**
 * Local SSIM made visible: from the page's background, where pictures are alike, to a colour of the theme, where they are not
 * alike at all. Steps look equal because they are equal in OKLab (Ottosson 2020, "A perceptual color space for image
 * processing"); CSS mixes its legend in the same space. Pure.
 */
import { similarityOfPixel } from '../../protocol/similarity-map';
import type { Palette } from '../kit/colour-roles';
import type { Pixels } from './difference';

type Triple = readonly [number, number, number];

/** Colours from SSIM 0 (and below) to 1, 8 bits a channel. */
export type Ramp = readonly Triple[];

const STEPS = 256;

export function rampOf({ dissimilar, background }: Pick<Palette, 'dissimilar' | 'background'>): Ramp {
  const [from, to] = [toOklab(parse(dissimilar)), toOklab(parse(background))];
  return Array.from({ length: STEPS }, (_, step) => {
    const share = step / (STEPS - 1);
    const mixed = from.map((value, axis) => value + share * (to[axis]! - value));
    return fromOklab([mixed[0]!, mixed[1]!, mixed[2]!]);
  });
}

/** A map in the colours of a ramp; transparent where it has no value. */
export function similarityPixels({ width, height, data }: Pixels, ramp: Ramp): Pixels {
  const coloured = new Uint8ClampedArray(data.length);
  for (let at = 0; at < data.length; at += 4) {
    const index = similarityOfPixel(data[at]!, data[at + 1]!, data[at + 2]!);
    if (index === null) continue;
    const [red, green, blue] = ramp[Math.round(Math.max(0, index) * (STEPS - 1))]!;
    coloured[at] = red;
    coloured[at + 1] = green;
    coloured[at + 2] = blue;
    coloured[at + 3] = 255;
  }
  return { width, height, data: coloured };
}

/** Red, green and blue in [0, 1] of a colour as browsers compute it: `rgb(31, 31, 31)`, `color(srgb 0.1 0.1 0.1)`. */
function parse(colour: string): Triple {
  const numbers = [...colour.matchAll(/[\d.]+(?:e-?\d+)?/g)].map(([text]) => Number(text));
  const [red = 0, green = 0, blue = 0] = numbers;
  return colour.startsWith('color(') ? [red, green, blue] : [red / 255, green / 255, blue / 255];
}

function toOklab(colour: Triple): Triple {
  const [red, green, blue] = colour.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const encode = (linear: number) => {
    const value = Math.min(1, Math.max(0, linear));
    return Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055));
  };
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}
