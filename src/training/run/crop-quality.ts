/**
 * What is measured of the sampled crops beside PSNR and SSIM: how natural they look (NIQE) and how much of HR's fine detail
 * they have (radial power spectra). Bicubic and HR never change, so they are measured once.
 */
import { luma, type Plane } from '../../imaging/colour';
import type { RgbImage } from '../../imaging/image';
import { blocksOf } from '../../imaging/niqe/block-features';
import { FEWEST_BLOCKS, niqe, type FeatureGaussian } from '../../imaging/niqe/niqe';
import { HALF_NYQUIST, meanSpectrum, toBands, varianceAbove } from '../../imaging/spectrum/band-spectrum';
import type { RadialSpectrum } from '../../imaging/spectrum/radial-spectrum';
import type { NiqeScores, SpectrumLine } from '../../protocol/metrics';
import type { ValidationCrop } from './validation-crops';

export interface CropQuality {
  /** Means over the crops that have a score. */
  readonly niqe?: NiqeScores;
  readonly spectrum: SpectrumLine;
  /** By name of the crop; one that is too small or too flat has none. */
  readonly perCrop: ReadonlyMap<string, NiqeScores>;
}

/** Whether NIQE can be measured on any of them. */
export function anyScorable(crops: readonly ValidationCrop[]): boolean {
  return crops.some(({ hr }) => blocksOf(hr) >= FEWEST_BLOCKS);
}

/** Measures the crops' SR pictures, given by name, as often as asked. `pristine` is null where NIQE is not measured. */
export function cropQuality(
  crops: readonly ValidationCrop[],
  pristine: FeatureGaussian | null,
): (pictures: ReadonlyMap<string, RgbImage>) => CropQuality {
  const references = pristine === null ? [] : scorable(crops, pristine);
  const hr = meanSpectrum(crops.map((crop) => luma(crop.hr)));
  const bicubic = meanSpectrum(crops.map((crop) => luma(crop.bicubic)));
  return (pictures) => {
    const perCrop = new Map<string, NiqeScores>();
    for (const { name, scores } of references) {
      const model = pristine && niqe(pictures.get(name)!, pristine);
      if (model !== null) perCrop.set(name, { model: rounded(model), ...scores });
    }
    const planes: Plane[] = crops.map(({ name }) => luma(pictures.get(name)!));
    return {
      ...(perCrop.size > 0 && { niqe: meanScores([...perCrop.values()]) }),
      spectrum: spectrumLine(meanSpectrum(planes), bicubic, hr),
      perCrop,
    };
  };
}

function scorable(
  crops: readonly ValidationCrop[],
  pristine: FeatureGaussian,
): { name: string; scores: Omit<NiqeScores, 'model'> }[] {
  return crops.flatMap(({ name, bicubic, hr }) => {
    const [ofBicubic, ofHr] = [niqe(bicubic, pristine), niqe(hr, pristine)];
    return ofBicubic === null || ofHr === null
      ? []
      : [{ name, scores: { bicubic: rounded(ofBicubic), hr: rounded(ofHr) } }];
  });
}

function meanScores(scores: readonly NiqeScores[]): NiqeScores {
  const mean = (of: keyof NiqeScores): number =>
    rounded(scores.reduce((sum, score) => sum + score[of], 0) / scores.length);
  return { model: mean('model'), bicubic: mean('bicubic'), hr: mean('hr') };
}

function spectrumLine(model: RadialSpectrum, bicubic: RadialSpectrum, hr: RadialSpectrum): SpectrumLine {
  const detail = varianceAbove(hr, HALF_NYQUIST);
  const share = (spectrum: RadialSpectrum): number | null =>
    detail > 0 ? rounded(varianceAbove(spectrum, HALF_NYQUIST) / detail) : null;
  return {
    frequencies: [...toBands(hr).frequencies].map(rounded),
    model: decibels(model),
    bicubic: decibels(bicubic),
    hr: decibels(hr),
    fineDetail: { model: share(model), bicubic: share(bicubic) },
  };
}

function decibels(spectrum: RadialSpectrum): (number | null)[] {
  return [...toBands(spectrum).power].map((power) =>
    power > 0 ? Number((10 * Math.log10(power)).toFixed(2)) : null,
  );
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
