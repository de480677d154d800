/**
 * Scoring a pair under a protocol as parts that know nothing of each other, so that several threads can share them: bands of rows
 * of each plane. A part gives sums of rows, and the scores come of the sums of all rows, added from the top: their bits depend
 * neither on how many parts there are nor on who makes them.
 */
import { nothingLeft, type RgbImage } from './image';
import { MS_SSIM_MINIMUM_SIDE, MS_SSIM_SCALES, msSsimOf } from './ms-ssim';
import { rowsOfPictures, type PairRows } from './pair-rows';
import type { Sample } from './pixel-rows';
import type { ColourProtocol, ProtocolScores } from './protocols';
import { psnrOf } from './psnr';
import { sumBand, type Band, type BandSums } from './scale-sums';
import { requireRoom, similarityOf } from './ssim';
import { ssimDaalaOf, sumDaalaBand } from './ssim-daala';

/** What is compared of a pair. */
export interface Compared {
  readonly protocol: ColourProtocol;
  /** Of the pair without its border. */
  readonly width: number;
  readonly height: number;
  /** Pixels left out at each side. */
  readonly border: number;
}

/** A band of one plane: what PSNR, SSIM and MS-SSIM take of it, or Daala's SSIM. */
export type ScoringPart =
  | { readonly of: 'scales'; readonly sample: Sample; readonly scales: number; readonly band: Band }
  | { readonly of: 'daala'; readonly sample: Sample; readonly band: Band };

/** What a part gives. */
export type PartSums =
  | { readonly of: 'scales'; readonly sample: Sample; readonly sums: BandSums }
  | { readonly of: 'daala'; readonly sums: Float64Array };

const planes: Readonly<Record<ColourProtocol, readonly Sample[]>> = {
  y: ['y'],
  srgan: ['y'],
  rgb: ['red', 'green', 'blue'],
};

/** A band begins where a row of every scale does. */
const BAND_UNIT = 2 ** (MS_SSIM_SCALES - 1);

/**
 * What is compared of 8-bit images of equal size without `border` pixels at each side. Throws a `RangeError` if the sizes differ
 * or fewer than 11 pixels remain.
 */
export function comparedOf(sr: RgbImage, hr: RgbImage, protocol: ColourProtocol, border: number): Compared {
  if (sr.width !== hr.width || sr.height !== hr.height) {
    throw new RangeError(`Sizes differ: ${sr.width}×${sr.height} and ${hr.width}×${hr.height}.`);
  }
  const [width, height] = [sr.width - 2 * border, sr.height - 2 * border];
  if (width < 1 || height < 1) throw nothingLeft(sr, border);
  requireRoom({ width, height });
  return { protocol, width, height, border };
}

/** Everything there is to do, in about `count` parts, or as many as there are planes. */
export function scoringParts(compared: Compared, count: number): ScoringPart[] {
  const { protocol, height } = compared;
  const scales = scalesFor(compared);
  const wholes = planes[protocol].map((sample) => ({ of: 'scales', sample, scales }) as const);
  const further = protocol === 'srgan' ? [{ of: 'daala', sample: 'grey' } as const] : [];
  const work = [...wholes, ...further];
  const bands = bandsOf(height, Math.ceil(count / work.length));
  return work.flatMap((whole) => bands.map((band) => ({ ...whole, band })));
}

function bandsOf(height: number, count: number): Band[] {
  const rows = Math.ceil(height / count / BAND_UNIT) * BAND_UNIT;
  return Array.from({ length: Math.ceil(height / rows) }, (_, k) => ({
    from: k * rows,
    to: Math.min(height, (k + 1) * rows),
  }));
}

export function sumPart(part: ScoringPart, sr: RgbImage, hr: RgbImage, border: number): PartSums {
  const { of, sample, band } = part;
  const rows = rowsOfPictures(sr, hr, sample, border);
  return of === 'daala'
    ? { of, sums: sumDaalaBand(rows, band) }
    : { of, sample, sums: sumBand(rows, band, part.scales) };
}

/** The scores, from what all the parts gave, in their order. */
export function scoresOf(compared: Compared, parts: readonly PartSums[]): ProtocolScores {
  const scores = planes[compared.protocol].map((plane) =>
    scoresOfPlane(
      compared,
      parts.flatMap((part) => (part.of === 'scales' && part.sample === plane ? [part.sums] : [])),
    ),
  );
  if (compared.protocol === 'rgb') return scoresOfChannels(scores);
  const [score] = scores as [ProtocolScores];
  const daala = parts.flatMap((part) => (part.of === 'daala' ? [part.sums] : []));
  return daala.length === 0 ? score : { ...score, ssim: ssimDaalaOf(compared, daala) };
}

/** Scales at which planes of that size are compared: all of MS-SSIM, where they are large enough for it. */
export function scalesFor({ width, height }: Pick<PairRows, 'width' | 'height'>): number {
  return Math.min(width, height) >= MS_SSIM_MINIMUM_SIDE ? MS_SSIM_SCALES : 1;
}

/** From bands of a plane, from the top. */
export function scoresOfPlane(
  { width, height }: Pick<PairRows, 'width' | 'height'>,
  bands: readonly BandSums[],
): ProtocolScores {
  let squares = 0;
  for (const band of bands) for (const ofRow of band.squares) squares += ofRow;
  const scales = bands[0]!.scales.map((_, scale) =>
    similarityOf(
      width >> scale,
      bands.map((band) => band.scales[scale]!),
    ),
  );
  return {
    psnr: psnrOf(squares, width * height),
    ssim: scales[0]!.ssim,
    msSsim: scales.length === MS_SSIM_SCALES ? msSsimOf(scales) : null,
  };
}

/** The PSNR of three channels is that of their mean squared error, not the mean of three. */
function scoresOfChannels(scores: readonly ProtocolScores[]): ProtocolScores {
  const error = mean(scores.map(({ psnr }) => 10 ** (-psnr / 10)));
  const scales = scores.map(({ msSsim }) => msSsim);
  return {
    psnr: -10 * Math.log10(error),
    ssim: mean(scores.map(({ ssim }) => ssim)),
    msSsim: scales.every((scale) => scale !== null) ? mean(scales) : null,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
