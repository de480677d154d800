/**
 * Evaluation: every model and interpolation enlarges every LR image, and each result is scored against HR under one
 * protocol. An image that cannot be used is told and left out, for all models alike, so that means are over the same images.
 */
import { PairScorer } from '../../datasets/scoring/pair-scorer';
import { createEstimate, type WorkOptions } from '../../datasets/work';
import { LabError } from '../../folders/lab-error';
import { luma, roundPlane } from '../../imaging/colour';
import type { RgbImage } from '../../imaging/image';
import { imresizeReal } from '../../imaging/imresize';
import { minimumSide } from '../../imaging/metrics';
import { protocolWords, type ProtocolName, type ProtocolScores } from '../../imaging/protocols';
import { scoreLuma } from '../../imaging/score-by-protocol';
import type { Evaluation, EvaluationScores } from '../../protocol/evaluation';
import { publishedScores, recogniseBenchmark } from '../../protocol/published-scores';
import { meanScores } from '../../protocol/score-columns';
import type { Enlarger } from './enlarger';
import { measureFurther, type FurtherMeasures } from './further-measures';
import { findPictures, readPicture, type Picture, type PictureSource, type Problem } from './pictures';

export interface EvaluationTask {
  readonly source: PictureSource;
  readonly protocol: ProtocolName;
  /** Pixels left out at each side. */
  readonly border: number;
  /** What is measured beside the protocol's scores. */
  readonly measures?: FurtherMeasures | undefined;
}

/** The same of pictures that were found already. */
export interface ScoringTask extends Omit<EvaluationTask, 'source'> {
  readonly source: Pick<PictureSource, 'scale' | 'convention'>;
}

/** What scoring the pictures gave, before it is put beside what papers report. */
export interface ScoredPictures {
  readonly images: Evaluation['images'];
  /** Spent on enlarging, of each enlarger. */
  readonly seconds: readonly number[];
  readonly problems: readonly Problem[];
}

/**
 * Runs an evaluation. Throws a `LabError` if there are no images, none can be scored, or a generator is to work under the
 * protocol of SRCNN, which knows no colours; the signal's reason if it aborts.
 */
export async function evaluate(
  enlargers: readonly Enlarger[],
  task: EvaluationTask,
  { onProgress, signal = new AbortController().signal }: WorkOptions = {},
): Promise<Evaluation> {
  const { source, protocol, border, measures } = task;
  requireSense(enlargers, task);
  const found = await findPictures(source, signal);
  const estimate = createEstimate(found.pictures.length, 'images', 'Evaluating');
  const scored = await scorePictures(enlargers, found.pictures, task, {
    signal,
    onImage: (done) => onProgress?.(estimate(done)),
  });
  const { images, seconds } = scored;
  const problems = [...found.problems, ...scored.problems];
  if (images.length === 0) throw nothingScored(source.hr, problems);
  const benchmark = problems.length === 0 ? recogniseBenchmark(images.map(({ name }) => name)) : null;
  return {
    protocol,
    measured: protocolWords[protocol],
    scale: source.scale,
    border,
    lr: lrInWords(source, protocol),
    ...(measures?.vgg && { vgg: measures.vgg.description }),
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

/** Scores every enlarger on every picture. A picture that cannot be used is a problem, not an error. */
export async function scorePictures(
  enlargers: readonly Enlarger[],
  pictures: readonly Picture[],
  { source, protocol, border, measures = {} }: ScoringTask,
  { signal, onImage }: { readonly signal: AbortSignal; readonly onImage?: (done: number) => void },
): Promise<ScoredPictures> {
  const problems: Problem[] = [];
  const seconds = enlargers.map(() => 0);
  const images: Evaluation['images'] = [];
  const scorer = new PairScorer();
  try {
    for (const [index, picture] of pictures.entries()) {
      signal.throwIfAborted();
      try {
        const { hr, lr } = await readPicture(picture, source);
        requireSize(hr, picture.hr, border);
        const scores: EvaluationScores[] = [];
        for (const [which, enlarger] of enlargers.entries()) {
          const started = performance.now();
          const trial = { lr, hr, protocol, border, scale: source.scale, signal, scorer };
          const { enlarged, sr, scores: byProtocol } = await enlargeAndScore(enlarger, trial);
          seconds[which]! += (enlarged - started) / 1000;
          const further = sr === null ? {} : await measureFurther(measures, sr, hr, signal);
          scores.push({ ...told(byProtocol), ...further });
        }
        images.push({ name: picture.name, width: hr.width, height: hr.height, scores });
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        problems.push({ file: picture.hr, problem: error.message });
      }
      onImage?.(index + 1);
    }
  } finally {
    await scorer.dispose();
  }
  return { images, seconds, problems };
}

export function nothingScored(where: string, problems: readonly Problem[]): LabError {
  const reasons = problems.map(({ problem }) => problem).join('\n');
  return new LabError(`None of the images in ${where} could be scored:\n${reasons}`);
}

interface Trial {
  readonly lr: RgbImage;
  readonly hr: RgbImage;
  readonly protocol: ProtocolName;
  readonly border: number;
  readonly scale: number;
  readonly signal: AbortSignal;
  readonly scorer: PairScorer;
}

interface TrialResult {
  readonly scores: ProtocolScores;
  /** Null under the protocol of SRCNN, which has no colours. */
  readonly sr: RgbImage | null;
  /** When enlarging was done. */
  readonly enlarged: number;
}

async function enlargeAndScore(
  enlarger: Enlarger,
  { lr, hr, protocol, border, scale, signal, scorer }: Trial,
): Promise<TrialResult> {
  if (protocol === 'srcnn') {
    const whole = roundPlane(luma(hr));
    const small = imresizeReal({ ...whole, channels: 1 }, 1 / scale);
    const sr = roundPlane(enlarger.enlargePlane!(small));
    const enlarged = performance.now();
    return { scores: scoreLuma(sr, whole, border), sr: null, enlarged };
  }
  const sr = await enlarger.enlarge(lr, signal);
  const enlarged = performance.now();
  return { scores: await scorer.score(sr, hr, protocol, border), sr, enlarged };
}

function requireSense(
  enlargers: readonly Enlarger[],
  { source: { lr }, protocol, measures }: EvaluationTask,
): void {
  if (protocol !== 'srcnn') return;
  const generator = enlargers.find(({ enlargePlane }) => enlargePlane === undefined);
  if (generator !== undefined) {
    throw new LabError(
      `${generator.description} reads colours, and the protocol srcnn has one plane of grey. ` +
        'Take --protocol y, whose published figures differ from it by a hundredth of a decibel for bicubic.',
    );
  }
  if (measures?.vgg !== undefined) {
    throw new LabError(
      'VGG19 reads colours, and the protocol srcnn has one plane of grey. Take another --protocol beside --vgg.',
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

function told({ psnr, ssim, msSsim }: ProtocolScores): EvaluationScores {
  return { psnr: Number.isFinite(psnr) ? psnr : null, ssim, msSsim };
}
