/**
 * How published figures of super-resolution were measured. The same pictures score half a decibel apart under different
 * protocols, so a score here never goes without the name of its own.
 */
import type { Plane } from './colour';
import type { RgbImage } from './image';
import { cropBorder, type Scores } from './metrics';
import { rowsOfPlanes } from './pair-rows';
import { comparedOf, scalesFor, scoresOf, scoresOfPlane, scoringParts, sumPart } from './scoring-parts';
import { sumBand } from './scale-sums';
import { requireRoom } from './ssim';

export const protocolNames = ['y', 'srgan', 'rgb', 'srcnn'] as const;
export type ProtocolName = (typeof protocolNames)[number];

/** Protocols that score colour images; `srcnn` never sees one. */
export const colourProtocols = ['y', 'srgan', 'rgb'] as const;
export type ColourProtocol = (typeof colourProtocols)[number];

/** What a protocol measures, in words for people. */
export const protocolWords: Readonly<Record<ProtocolName, string>> = {
  y: 'PSNR and SSIM (Wang 2004, 11×11 Gaussian) on Y of [16, 235], unrounded',
  srgan: 'PSNR on Y of [16, 235], unrounded; SSIM as Daala’s tool computes it, on Y in whole grey levels',
  rgb: 'PSNR over the three channels together; SSIM (Wang 2004) averaged over them',
  srcnn: 'on Y alone, in whole grey levels, from an LR image that was never rounded; SSIM of Wang 2004',
};

export interface ProtocolScores extends Scores {
  /** Multi-scale SSIM of Wang, Simoncelli and Bovik 2003 on the protocol's planes; null where a side is too short for it. */
  readonly msSsim: number | null;
}

/**
 * Scores SR against HR, 8-bit images of equal size, leaving out `border` pixels at each side. Throws a `RangeError` if the
 * sizes differ or fewer than 11 pixels remain.
 */
export function scoreByProtocol(
  sr: RgbImage,
  hr: RgbImage,
  protocol: ColourProtocol,
  border: number,
): ProtocolScores {
  const compared = comparedOf(sr, hr, protocol, border);
  const parts = scoringParts(compared, 1).map((part) => sumPart(part, sr, hr, border));
  return scoresOf(compared, parts);
}

/** Scores planes that are given: Y of SR against Y of HR, both as the protocol has them. */
export function scoreLuma(sr: Plane, hr: Plane, border: number): ProtocolScores {
  const rows = rowsOfPlanes(cropBorder(sr, border), cropBorder(hr, border));
  requireRoom(rows);
  return scoresOfPlane(rows, [sumBand(rows, { from: 0, to: rows.height }, scalesFor(rows))]);
}

/** Red, green and blue as planes. */
export function channelsOf({ width, height, data }: RgbImage): Plane[] {
  const pixels = width * height;
  const [red, green, blue] = [new Float64Array(pixels), new Float64Array(pixels), new Float64Array(pixels)];
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 3) {
    red[pixel] = data[at]!;
    green[pixel] = data[at + 1]!;
    blue[pixel] = data[at + 2]!;
  }
  return [red, green, blue].map((plane) => ({ width, height, data: plane }));
}
