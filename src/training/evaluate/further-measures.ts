/** What is measured of SR beside a protocol's scores, where it was asked for: how it looks, and how far from HR that is. */
import type { RgbImage } from '../../imaging/image';
import { niqe, type FeatureGaussian } from '../../imaging/niqe/niqe';
import type { EvaluationScores } from '../../protocol/evaluation';
import type { VggDistance } from '../perceptual/vgg-distance';

export interface FurtherMeasures {
  readonly vgg?: VggDistance;
  /** Model of good pictures. */
  readonly niqe?: FeatureGaussian;
}

/** Both on the whole picture: border pixels are part of how it looks. */
export async function measureFurther(
  { vgg, niqe: pristine }: FurtherMeasures,
  sr: RgbImage,
  hr: RgbImage,
  signal: AbortSignal,
): Promise<Pick<EvaluationScores, 'niqe' | 'vggDistance'>> {
  return {
    ...(pristine && { niqe: niqe(sr, pristine) }),
    ...(vgg && { vggDistance: await vgg.between(sr, hr, signal) }),
  };
}
