/**
 * Measures pictures against each other, for the command and for the pages: reads them, lays them over each other, and says in
 * words what was done, or why there is no figure. What it has decoded and measured is kept while the files stay as they are.
 */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { encodeScratchPng } from '../datasets/encode';
import { readImage } from '../datasets/images';
import { PairScorer } from '../datasets/scoring/pair-scorer';
import { LabError } from '../folders/lab-error';
import {
  alignPair,
  canBeScored,
  drawMap,
  enlargeBicubic,
  mapPair,
  mappedPlanes,
  type AlignedPair,
} from '../imaging/compare-pair';
import type { RgbImage } from '../imaging/image';
import { MS_SSIM_MINIMUM_SIDE } from '../imaging/ms-ssim';
import { protocolWords, type ProtocolScores } from '../imaging/protocols';
import type { ComparisonChoice, Figure, Measurement, SimilarityMap } from '../protocol/compare-images';
import { alignmentWords, sizeWords } from '../protocol/picture-alignment';
import { writeScratch } from './enlarging';

/** The reference, and the picture that is compared with it. */
const KEPT_IMAGES = 2;
const KEPT_MEASUREMENTS = 200;

export class ImageComparison {
  private readonly decoded = new Map<string, Promise<RgbImage>>();
  private readonly measured = new Map<string, Measurement>();

  /** Figures of `image` against `reference`, both paths. Throws a `LabError` that says why there are none. */
  async measure(reference: string, image: string, choice: ComparisonChoice): Promise<Measurement> {
    const key = JSON.stringify([await fileKey(reference), await fileKey(image), choice]);
    const known = this.measured.get(key);
    if (known !== undefined) return known;
    const { pair, alignment } = await this.pairOf(reference, image, choice);
    const measurement: Measurement = {
      measured: protocolWords[choice.protocol],
      border: choice.border,
      alignment,
      figures: figuresOf(await scored(pair, choice), pair, choice.border),
    };
    keep(this.measured, key, measurement, KEPT_MEASUREMENTS);
    return measurement;
  }

  /** Writes the map of local SSIM to `out`. Throws likewise. */
  async map(reference: string, image: string, choice: ComparisonChoice, out: string): Promise<SimilarityMap> {
    const { pair } = await this.pairOf(reference, image, choice);
    const map = mapPair(pair, choice);
    await writeScratch(out, await encodeScratchPng(drawMap(map, choice.border), undefined));
    const mean = map.data.reduce((sum, index) => sum + index, 0) / map.data.length;
    return { file: out, measured: mappedPlanes(choice.protocol), mean };
  }

  /** Writes the picture, enlarged by bicubic imresize, to `out`. */
  async enlarge(image: string, scale: number, out: string): Promise<string> {
    const enlarged = enlargeBicubic(await this.decode(image, await fileKey(image)), scale);
    await writeScratch(out, await encodeScratchPng(enlarged, undefined));
    return out;
  }

  private async pairOf(
    reference: string,
    image: string,
    choice: ComparisonChoice,
  ): Promise<{ pair: AlignedPair; alignment: string | null }> {
    const keys = [await fileKey(reference), await fileKey(image)] as const;
    // The reference first: it was used last when the oldest has to go.
    const decoding = [this.decode(reference, keys[0]), this.decode(image, keys[1])] as const;
    await Promise.allSettled(decoding);
    const [first, second] = [await decoding[0], await decoding[1]];
    const alignment = alignmentWords(named(reference, first), named(image, second), choice.enlarge);
    const pair = alignPair(first, second, choice.enlarge);
    if (pair === null) throw new LabError(alignment ?? `${image} cannot be measured.`);
    if (!canBeScored(pair, choice.border)) {
      throw new LabError(
        `${sizeWords(pair.reference)} pixels are compared; without a border of ${choice.border} less than SSIM’s window of 11×11 is left. Choose a smaller border.`,
      );
    }
    return { pair, alignment };
  }

  private decode(path: string, key: string): Promise<RgbImage> {
    const decoded = this.decoded.get(key) ?? readImage(path);
    keep(this.decoded, key, decoded, KEPT_IMAGES);
    decoded.catch(() => this.decoded.delete(key));
    return decoded;
  }
}

/** On threads of their own: this may be a page's process, which keeps none while nothing is measured. */
async function scored(
  { reference, image }: AlignedPair,
  { protocol, border }: ComparisonChoice,
): Promise<ProtocolScores> {
  const scorer = new PairScorer();
  try {
    return await scorer.score(image, reference, protocol, border);
  } finally {
    await scorer.dispose();
  }
}

function figuresOf(
  { psnr, ssim, msSsim }: ProtocolScores,
  { reference }: AlignedPair,
  border: number,
): Figure[] {
  const least = MS_SSIM_MINIMUM_SIDE + 2 * border;
  return [
    {
      name: 'PSNR',
      unit: 'dB',
      digits: 2,
      best: 'highest',
      value: Number.isFinite(psnr) ? psnr : 'infinite',
      hint: Number.isFinite(psnr)
        ? 'Peak signal-to-noise ratio'
        : 'No sample differs under this protocol, so it is infinite',
    },
    {
      name: 'SSIM',
      unit: '',
      digits: 4,
      best: 'highest',
      value: ssim,
      hint: 'Structural similarity, at most 1',
    },
    {
      name: 'MS-SSIM',
      unit: '',
      digits: 4,
      best: 'highest',
      value: msSsim,
      hint:
        msSsim === null
          ? `Needs ${least}×${least} pixels, border included; there are ${sizeWords(reference)}`
          : 'Multi-scale structural similarity (Wang et al. 2003), at most 1',
    },
  ];
}

function named(path: string, { width, height }: RgbImage): { name: string; width: number; height: number } {
  return { name: basename(path), width, height };
}

/** Changes with the file. One that is gone is told of when it is read. */
async function fileKey(path: string): Promise<string> {
  return stat(path).then(
    ({ mtimeMs, size }) => JSON.stringify([path, mtimeMs, size]),
    () => path,
  );
}

/** Sets it as the newest, and lets the oldest go beyond `most`. */
function keep<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}
