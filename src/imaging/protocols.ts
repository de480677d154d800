/**
 * How published figures of super-resolution were measured. The same pictures score half a decibel apart under different
 * protocols, so a score here never goes without the name of its own.
 */
import { luma, roundPlane, type Plane } from './colour';
import { withoutBorder, type RgbImage } from './image';
import { cropBorder, type Scores } from './metrics';
import { MS_SSIM_MINIMUM_SIDE, msSsim } from './ms-ssim';
import { psnr } from './psnr';
import { similarity } from './ssim';
import { ssimDaala } from './ssim-daala';

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
  // Bytes are cut, not planes of real numbers made of them: those of twelve megapixels are 96 MB each.
  const [a, b] = [withoutBorder(sr, border), withoutBorder(hr, border)];
  switch (protocol) {
    case 'y':
      return scoreLuma(luma(a), luma(b), 0);
    case 'srgan': {
      const [x, y] = [luma(a), luma(b)];
      return { ...scoreLuma(x, y, 0), ssim: ssimDaala(roundPlane(x), roundPlane(y)) };
    }
    case 'rgb':
      return scoreChannels(channelsOf(a), channelsOf(b));
  }
}

/** Scores planes that are given: Y of SR against Y of HR, both as the protocol has them. */
export function scoreLuma(sr: Plane, hr: Plane, border: number): ProtocolScores {
  const [a, b] = [cropBorder(sr, border), cropBorder(hr, border)];
  const full = similarity(a, b);
  const large = Math.min(a.width, a.height) >= MS_SSIM_MINIMUM_SIDE;
  return { psnr: psnr(a, b), ssim: full.ssim, msSsim: large ? msSsim(a, b, full) : null };
}

/** The PSNR of three channels is that of their mean squared error, not the mean of three. */
function scoreChannels(sr: readonly Plane[], hr: readonly Plane[]): ProtocolScores {
  const scores = sr.map((plane, channel) => scoreLuma(plane, hr[channel]!, 0));
  const error = mean(scores.map(({ psnr }) => 10 ** (-psnr / 10)));
  const scales = scores.map(({ msSsim }) => msSsim);
  return {
    psnr: -10 * Math.log10(error),
    ssim: mean(scores.map((score) => score.ssim)),
    msSsim: scales.every((scale) => scale !== null) ? mean(scales) : null,
  };
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

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
