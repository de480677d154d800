/**
 * How published figures of super-resolution were measured. The same pictures score half a decibel apart under different
 * protocols, so a score here never goes without the name of its own.
 */
import type { Scores } from './metrics';

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
