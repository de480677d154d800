/**
 * Evaluation: every model and interpolation enlarges every LR image, and each result is scored against HR under one
 * protocol. An image that cannot be used is told and left out, for all models alike, so that means are over the same images.
 */
import { createEstimate, type WorkOptions } from '../../datasets/work';
import { LabError } from '../../folders/lab-error';
import { luma, roundPlane } from '../../imaging/colour';
import type { RgbImage } from '../../imaging/image';
import { imresizeReal } from '../../imaging/imresize';
import { minimumSide } from '../../imaging/metrics';
import {
  protocolWords,
  scoreByProtocol,
  scoreLuma,
  type ProtocolName,
  type ProtocolScores,
} from '../../imaging/protocols';
import type { Evaluation, EvaluationScores } from '../../protocol/evaluation';
import { publishedScores, recogniseBenchmark } from '../../protocol/published-scores';
import type { Enlarger } from './enlarger';
import { findPictures, readPicture, type PictureSource, type Problem } from './pictures';

export interface EvaluationTask {
  readonly source: PictureSource;
  readonly protocol: ProtocolName;
  /** Pixels left out at each side. */
  readonly border: number;
}

interface Scored {
  readonly name: string;
  readonly hr: RgbImage;
  readonly scores: readonly ProtocolScores[];
}

/**
 * Runs an evaluation. Throws a `LabError` if there are no images, none can be scored, or a generator is to work under the
 * protocol of SRCNN, which knows no colours; the signal's reason if it aborts.
 */
export async function evaluate(
  enlargers: readonly Enlarger[],
  { source, protocol, border }: EvaluationTask,
  { onProgress, signal = new AbortController().signal }: WorkOptions = {},
): Promise<Evaluation> {
  requireSense(enlargers, source, protocol);
  const { pictures, problems: found } = await findPictures(source, signal);
  const problems: Problem[] = [...found];
  const estimate = createEstimate(pictures.length, 'images', 'Evaluating');
  const seconds = enlargers.map(() => 0);
  const images: Evaluation['images'] = [];

  for (const [index, picture] of pictures.entries()) {
    signal.throwIfAborted();
    try {
      const { hr, lr } = await readPicture(picture, source);
      requireSize(hr, picture.hr, border);
      const scores: ProtocolScores[] = [];
      for (const [which, enlarger] of enlargers.entries()) {
        const started = performance.now();
        const score = await enlargeAndScore(enlarger, {
          lr,
          hr,
          protocol,
          border,
          scale: source.scale,
          signal,
        });
        seconds[which]! += (score.enlarged - started) / 1000;
        scores.push(score.scores);
      }
      images.push(toldImage({ name: picture.name, hr, scores }));
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      problems.push({ file: picture.hr, problem: error.message });
    }
    onProgress?.(estimate(index + 1));
  }
  if (images.length === 0) {
    throw new LabError(
      `None of the images in ${source.hr} could be scored:\n${problems.map(({ problem }) => problem).join('\n')}`,
    );
  }
  const benchmark = problems.length === 0 ? recogniseBenchmark(images.map(({ name }) => name)) : null;
  return {
    protocol,
    measured: protocolWords[protocol],
    scale: source.scale,
    border,
    lr: lrInWords(source, protocol),
    models: enlargers.map(({ name, description, engine }, which) => ({
      name,
      description,
      engine,
      seconds: seconds[which]!,
      mean: meanScores(images.map(({ scores }) => scores[which]!)),
    })),
    images,
    benchmark,
    published: benchmark === null ? [] : publishedScores(benchmark, protocol, source.scale),
    problems,
  };
}

interface Trial {
  readonly lr: RgbImage;
  readonly hr: RgbImage;
  readonly protocol: ProtocolName;
  readonly border: number;
  readonly scale: number;
  readonly signal: AbortSignal;
}

async function enlargeAndScore(
  enlarger: Enlarger,
  { lr, hr, protocol, border, scale, signal }: Trial,
): Promise<{ scores: ProtocolScores; enlarged: number }> {
  if (protocol === 'srcnn') {
    const whole = roundPlane(luma(hr));
    const small = imresizeReal({ ...whole, channels: 1 }, 1 / scale);
    const sr = roundPlane(enlarger.enlargePlane!(small));
    const enlarged = performance.now();
    return { scores: scoreLuma(sr, whole, border), enlarged };
  }
  const sr = await enlarger.enlarge(lr, signal);
  const enlarged = performance.now();
  return { scores: scoreByProtocol(sr, hr, protocol, border), enlarged };
}

function requireSense(enlargers: readonly Enlarger[], { lr }: PictureSource, protocol: ProtocolName): void {
  if (protocol !== 'srcnn') return;
  const generator = enlargers.find(({ enlargePlane }) => enlargePlane === undefined);
  if (generator !== undefined) {
    throw new LabError(
      `${generator.description} reads colours, and the protocol srcnn has one plane of grey. ` +
        'Take --protocol y, whose published figures differ from it by a hundredth of a decibel for bicubic.',
    );
  }
  if (lr !== undefined) {
    throw new LabError(
      'The protocol srcnn makes its LR images itself, because they are never rounded. Leave out --lr.',
    );
  }
}

function requireSize({ width, height }: RgbImage, file: string, border: number): void {
  if (Math.min(width, height) >= minimumSide(border)) return;
  throw new LabError(
    `${file} is too small: of ${width}×${height} pixels, less than SSIM’s window of 11×11 is left without a border of ${border}.`,
  );
}

function lrInWords({ lr, convention, scale }: PictureSource, protocol: ProtocolName): string {
  if (protocol === 'srcnn') return `MATLAB’s imresize by 1/${scale} on Y, not rounded`;
  return lr === undefined ? `MATLAB’s imresize by 1/${scale}, convention ${convention}` : `read from ${lr}`;
}

function toldImage({ name, hr: { width, height }, scores }: Scored): Evaluation['images'][number] {
  return { name, width, height, scores: scores.map(told) };
}

function told({ psnr, ssim, msSsim }: ProtocolScores): EvaluationScores {
  return { psnr: Number.isFinite(psnr) ? psnr : null, ssim, msSsim };
}

/** PSNR is averaged in decibels, as papers do; an image without error makes the mean infinite. */
function meanScores(scores: readonly EvaluationScores[]): EvaluationScores | null {
  if (scores.length === 0) return null;
  const mean = (of: (score: EvaluationScores) => number | null): number | null => {
    const values = scores.map(of);
    if (!values.every((value) => value !== null)) return null;
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    psnr: mean(({ psnr }) => psnr),
    ssim: mean(({ ssim }) => ssim)!,
    msSsim: mean(({ msSsim }) => msSsim),
  };
}
