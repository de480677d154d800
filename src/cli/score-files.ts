/** Pairs the files of two paths by name and scores each SR image against its HR image. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { kindOfFile } from '../datasets/image-files';
import { readPair } from '../datasets/images';
import { compareNaturally } from '../datasets/scan';
import { PairScorer } from '../datasets/scoring/pair-scorer';
import { createEstimate, type WorkOptions } from '../datasets/work';
import { explainFileError, LabError } from '../folders/lab-error';
import { cropImage, type RgbImage } from '../imaging/image';
import { minimumSide } from '../imaging/metrics';
import { protocolWords, type ColourProtocol, type ProtocolScores } from '../imaging/protocols';
import type { EvaluationScores } from '../protocol/evaluation';
import type { MetricsResult } from '../protocol/progress';
import { meanScores } from '../protocol/score-columns';
import type { VggDistance } from '../training/perceptual/vgg-distance';

export interface Pairing {
  pairs: { name: string; hr: string; sr: string }[];
  /** Files without a counterpart. */
  unmatched: string[];
}

/**
 * Two files make one pair; of two folders, files of the same name but for the extension and, given a scale, an ending of
 * the SR image such as `x4`. Throws a `LabError` if nothing fits.
 */
export async function pairFiles(hr: string, sr: string, scale?: number): Promise<Pairing> {
  const [hrIsFolder, srIsFolder] = [await isFolder(hr), await isFolder(sr)];
  if (hrIsFolder !== srIsFolder)
    throw new LabError(
      `Give two files or two folders: ${hrIsFolder ? hr : sr} is a folder, the other is not.`,
    );
  if (!hrIsFolder) return { pairs: [{ name: stem(sr), hr, sr }], unmatched: [] };

  const [hrFiles, srFiles] = [await imagesIn(hr), await imagesIn(sr)];
  const pairs = [...hrFiles].flatMap(([name, file]) => {
    const endings = scale === undefined ? [''] : ['', `x${scale}`, `_x${scale}`, `-x${scale}`];
    const counterpart = endings
      .map((ending) => srFiles.get(name + ending))
      .find((found) => found !== undefined);
    return counterpart === undefined ? [] : [{ name, hr: file, sr: counterpart }];
  });
  if (pairs.length === 0) {
    throw new LabError(
      `No image in ${sr} has the name of one in ${hr}: ${hrFiles.size} HR and ${srFiles.size} SR images were found. ` +
        'Name the SR images as the HR images are; extensions may differ.',
    );
  }
  const paired = new Set(pairs.flatMap((pair) => [pair.hr, pair.sr]));
  const unmatched = [...hrFiles.values(), ...srFiles.values()].filter((file) => !paired.has(file));
  return { pairs, unmatched };
}

export interface Scoring {
  protocol: ColourProtocol;
  /** Pixels left out at each side. */
  border: number;
  scale: number | undefined;
  /** Measured besides, where it is given. */
  vgg?: VggDistance | undefined;
}

/**
 * Scores every pair. With a `scale`, HR images are cut at the right and bottom to a multiple of it, as they are before LR
 * is made of them. Throws a `LabError` if the sizes of a pair differ or an image is too small.
 */
export async function scorePairs(
  { pairs, unmatched }: Pairing,
  scoring: Scoring,
  { onProgress, signal }: WorkOptions,
): Promise<MetricsResult> {
  const { border, protocol, vgg } = scoring;
  const estimate = createEstimate(pairs.length, 'images', 'Comparing');
  const images: MetricsResult['images'] = [];
  const scorer = new PairScorer();
  try {
    for (const pair of pairs) {
      signal?.throwIfAborted();
      const { sr, hr } = await readToScore(pair, scoring, scorer);
      const further = vgg && { vggDistance: await vgg.between(sr, hr, signal) };
      const scores = await scorer.score(sr, hr, protocol, border);
      images.push({ name: pair.name, ...told(scores), ...further });
      onProgress?.(estimate(images.length));
    }
  } finally {
    await scorer.dispose();
  }
  return {
    protocol: protocolWords[protocol],
    border,
    images,
    mean: meanScores(images)!,
    ...(vgg && { vgg: vgg.description }),
    unmatched,
  };
}

/** Both images, of one size. Throws a `LabError` where they are not, or are too small. */
async function readToScore(
  pair: Pairing['pairs'][number],
  { border, scale }: Scoring,
  scorer: PairScorer,
): Promise<{ sr: RgbImage; hr: RgbImage }> {
  const [sr, whole] = await readPair(pair.sr, pair.hr, (first) => {
    scorer.expect(first);
  });
  const hr = cutToFit(whole, sr, scale);
  if (hr.width !== sr.width || hr.height !== sr.height) {
    throw new LabError(
      `${pair.sr} is ${sr.width}×${sr.height}, but ${pair.hr} is ${hr.width}×${hr.height}. ` +
        'Only images of equal size can be compared.',
    );
  }
  if (Math.min(sr.width, sr.height) < minimumSide(border)) {
    throw new LabError(
      `${pair.sr} is ${sr.width}×${sr.height}: without a border of ${border} pixels less than SSIM’s window of 11×11 is left.`,
    );
  }
  return { sr, hr };
}

function told({ psnr, ssim, msSsim }: ProtocolScores): EvaluationScores {
  return { psnr: Number.isFinite(psnr) ? psnr : null, ssim, msSsim };
}

function cutToFit(hr: RgbImage, sr: RgbImage, scale: number | undefined): RgbImage {
  if (scale === undefined) return hr;
  const [width, height] = [hr.width - (hr.width % scale), hr.height - (hr.height % scale)];
  return width === sr.width && height === sr.height ? cropImage(hr, 0, 0, width, height) : hr;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw explainFileError('read', path, error);
  }
}

/** Name without extension → path, in natural order. */
async function imagesIn(folder: string): Promise<Map<string, string>> {
  const files = (await readdir(folder)).filter(
    (file) => !file.startsWith('.') && kindOfFile(file) === 'readable',
  );
  files.sort(compareNaturally);
  return new Map(files.map((file) => [stem(file), join(folder, file)]));
}

function stem(path: string): string {
  return basename(path).replace(/\.[^.]+$/, '');
}
