/** What a sharp photograph, blurred more or less, and white noise have in the octaves of band-energies.ts. */

/** Octaves: about 1/2 to 1/4, 1/4 to 1/8, 1/8 to 1/16 and 1/16 to 1/32 cycles a pixel. */
export const LEVELS = 4;

export interface DetailModel {
  /** Energy of each octave for white noise of variance 1. */
  readonly noiseGains: Float64Array;
  /** From sharp to blurred. */
  readonly blurs: readonly {
    /** Half-contrast frequency in cycles a pixel. */
    sharpness: number;
    /** Logarithms of the energies of the octaves, up to a constant. */
    logEnergies: Float64Array;
  }[];
}

/** Points of the frequency plane a side of its quarter. */
const POINTS = 64;
const BLURS = 64;
const SHARPEST = 0.5;
const SOFTEST = 0.015;

let made: DetailModel | undefined;

/** Integrals over the frequency plane, computed at the first call. */
export function detailModel(): DetailModel {
  made ??= computeModel();
  return made;
}

function computeModel(): DetailModel {
  const noiseGains = new Float64Array(LEVELS);
  const sharpnesses = Array.from(
    { length: BLURS },
    (_, index) => SHARPEST * (SOFTEST / SHARPEST) ** (index / (BLURS - 1)),
  );
  const energies = sharpnesses.map(() => new Float64Array(LEVELS));
  for (let v = 0; v < POINTS; v++) {
    for (let u = 0; u < POINTS; u++) {
      const [x, y] = [(u + 0.5) / (2 * POINTS), (v + 0.5) / (2 * POINTS)];
      const squared = x * x + y * y;
      let passed = 1;
      for (let level = 0; level < LEVELS; level++) {
        const low = lowPass(x * 2 ** level, y * 2 ** level);
        const gain = (passed * (1 - low)) ** 2;
        noiseGains[level]! += gain / POINTS ** 2;
        for (const [index, sharpness] of sharpnesses.entries()) {
          // Half of the contrast is a quarter of the power.
          energies[index]![level]! += (gain / squared) * Math.exp((-2 * Math.LN2 * squared) / sharpness ** 2);
        }
        passed *= low;
      }
    }
  }
  const blurs = sharpnesses.map((sharpness, index) => ({
    sharpness,
    logEnergies: energies[index]!.map((energy) => Math.log(energy + 1e-12)),
  }));
  return { noiseGains, blurs };
}

/** Transfer of 1 4 6 4 1 in both directions. */
function lowPass(x: number, y: number): number {
  return (Math.cos(Math.PI * x) * Math.cos(Math.PI * y)) ** 4;
}
