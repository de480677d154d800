/**
 * How published figures of super-resolution were measured. The same pictures score half a decibel apart under different
 * protocols, so a score here never goes without the name of its own.
 */
import { luma, roundPlane, type Plane } from './colour';
import type { RgbImage } from './image';
import { cropBorder, scorePlanes, type Scores } from './metrics';
import { MS_SSIM_MINIMUM_SIDE, msSsim } from './ms-ssim';
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
  switch (protocol) {
    case 'y':
      return scoreLuma(luma(sr), luma(hr), border);
    case 'srgan': {
      const [a, b] = [luma(sr), luma(hr)];
      const whole = [a, b].map((plane) => cropBorder(roundPlane(plane), border)) as [Plane, Plane];
      return { ...scoreLuma(a, b, border), ssim: ssimDaala(...whole) };
    }
    case 'rgb':
      return scoreChannels(channelsOf(sr), channelsOf(hr), border);
  }
}

/** Scores planes that are given: Y of SR against Y of HR, both as the protocol has them. */
export function scoreLuma(sr: Plane, hr: Plane, border: number): ProtocolScores {
  return { ...scorePlanes(sr, hr, { border }), msSsim: multiScale(sr, hr, border) };
}

function multiScale(sr: Plane, hr: Plane, border: number): number | null {
  const least = MS_SSIM_MINIMUM_SIDE + 2 * border;
  if (Math.min(sr.width, sr.height) < least) return null;
  return msSsim(cropBorder(sr, border), cropBorder(hr, border));
}

/** The PSNR of three channels is that of their mean squared error, not the mean of three. */
function scoreChannels(sr: readonly Plane[], hr: readonly Plane[], border: number): ProtocolScores {
  const scores = sr.map((plane, channel) => scoreLuma(plane, hr[channel]!, border));
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
  return [0, 1, 2].map((channel) => {
    const plane = new Float64Array(width * height);
    for (let pixel = 0; pixel < plane.length; pixel++) plane[pixel] = data[3 * pixel + channel]!;
    return { width, height, data: plane };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
