/**
 * The chances of a degradation: from stages with ranges to a list of operations with numbers, for one image. Nothing is
 * computed on pixels here, so that what will happen to an image can be told before it happens.
 *
 * Each stage draws from a stream of its own, named by its place, so that a stage added at the end leaves what the others
 * draw as it was.
 */
import type { PlainStage, Stage } from '../../protocol/degradation';
import { randomStream, type RandomStream } from '../../random/random-stream';
import type { KernelName } from '../kernels';
import type { GaussianParameters } from './blur-kernel';

export type Operation =
  | ({ type: 'blur' } & GaussianParameters)
  | { type: 'sinc'; size: number; cutoff: number }
  | { type: 'resize'; of: 'previous' | 'lr'; factor: number; kernel: KernelName; antialias: boolean }
  | { type: 'gaussian-noise'; sigma: number; grey: boolean; stream: string }
  | { type: 'poisson-noise'; scale: number; grey: boolean; stream: string }
  | { type: 'jpeg'; quality: number };

/** What decides every draw: the seed of the degradation, and a number that stands for the image. */
export interface Chance {
  /** Whole number in [0, 2³²). */
  seed: number;
  /** Whole number in [0, 2⁵³), from the content of the image's file. */
  image: number;
}

/** The stream of a stage, or of the noise that it adds. */
export function streamOf({ seed, image }: Chance, name: string): RandomStream {
  return randomStream(seed, name, image);
}

/** What the stages do to the image, in order. */
export function drawOperations(stages: readonly Stage[], chance: Chance, path = 'degradation'): Operation[] {
  return stages.flatMap((stage, index) => {
    const name = `${path}/${index}`;
    const random = streamOf(chance, name);
    // Drawn even where it cannot matter, so that a change of the probability changes nothing else.
    if (random.uniform() >= stage.probability) return [];
    if (stage.type !== 'choose') return [drawOperation(stage, random, `${name}/noise`)];
    const option = drawIndex(
      stage.options.map(({ weight }) => weight),
      random,
    );
    return drawOperations(stage.options[option]!.stages, chance, `${name}/${option}`);
  });
}

function drawOperation(stage: PlainStage, random: RandomStream, stream: string): Operation {
  switch (stage.type) {
    case 'blur': {
      const sigmaX = drawFrom(stage.sigma, random);
      return {
        type: 'blur',
        shape: stage.shape,
        size: drawOdd(stage.size, random),
        sigmaX,
        sigmaY: stage.isotropic ? sigmaX : drawFrom(stage.sigma, random),
        rotation: stage.isotropic ? 0 : drawFrom(stage.rotation, random),
        beta: stage.shape === 'gaussian' ? 1 : drawBeta(stage.beta, random),
      };
    }
    case 'sinc':
      return { type: 'sinc', size: drawOdd(stage.size, random), cutoff: drawFrom(stage.cutoff, random) };
    case 'resize': {
      const { of, antialias } = stage;
      const factor = drawFrom(stage.factor, random);
      const kernel = stage.kernels[random.integer(stage.kernels.length)]!;
      if (kernel === 'area') return { type: 'resize', of, factor, kernel: 'box', antialias: true };
      return { type: 'resize', of, factor, kernel, antialias };
    }
    case 'gaussian-noise':
      return {
        type: 'gaussian-noise',
        sigma: drawFrom(stage.sigma, random),
        grey: random.uniform() < stage.greyShare,
        stream,
      };
    case 'poisson-noise':
      return {
        type: 'poisson-noise',
        scale: drawFrom(stage.scale, random),
        grey: random.uniform() < stage.greyShare,
        stream,
      };
    case 'jpeg':
      return {
        type: 'jpeg',
        quality: stage.quality[0] + random.integer(stage.quality[1] - stage.quality[0] + 1),
      };
  }
}

type Range = readonly [number, number];

function drawFrom([low, high]: Range, random: RandomStream): number {
  return low + (high - low) * random.uniform();
}

/** One of the odd numbers from `low` to `high`, which are odd. */
function drawOdd([low, high]: Range, random: RandomStream): number {
  return low + 2 * random.integer((high - low) / 2 + 1);
}

/** Where 1 lies in the range, as often below it as above. */
function drawBeta([low, high]: Range, random: RandomStream): number {
  if (low > 1 || high < 1) return drawFrom([low, high], random);
  return random.uniform() < 0.5 ? drawFrom([low, 1], random) : drawFrom([1, high], random);
}

function drawIndex(weights: readonly number[], random: RandomStream): number {
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => (left -= weight) < 0);
  // Rounding may leave a rest behind the last one.
  return index === -1 ? weights.length - 1 : index;
}
