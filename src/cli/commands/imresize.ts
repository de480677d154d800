/** `srgan-lab imresize`: one image resized as MATLAB would, by any factor or to any size. */
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { readImage, writePng } from '../../datasets/images';
import { LabError } from '../../folders/lab-error';
import { conventions, imresize, type Convention, type ResizeTarget } from '../../imaging/imresize';
import { kernelNames, type KernelName } from '../../imaging/kernels';
import type { ResizedImage } from '../../protocol/progress';
import { execute } from '../output';

interface ImresizeOptions {
  scale?: number;
  size?: { width: number; height: number };
  kernel: KernelName;
  convention: Convention;
  antialias: boolean;
}

/** Longer sides than this are slips of the hand. */
const LONGEST_SIDE = 100_000;

export function registerImresize(program: Command): void {
  program
    .command('imresize')
    .summary('resize an image as MATLAB would, to the last bit')
    .description('Resize an image by any factor or to any size, as MATLAB’s imresize does, to the last bit.')
    .argument('<image>', 'image to read; taken as 8-bit RGB')
    .argument('<out>', 'PNG to write; replaced if it is there')
    .addOption(
      new Option('--scale <factor>', 'by which both sides are multiplied: 0.25, 1/3, 2 …').argParser(factor),
    )
    .addOption(
      new Option('--size <width>x<height>', 'size in pixels, in place of a factor')
        .argParser(size)
        .conflicts('scale'),
    )
    .addOption(new Option('--kernel <name>', 'kernel').choices(kernelNames).default('bicubic'))
    .addOption(
      new Option('--convention <name>', 'rounding and borders')
        .choices(conventions)
        .default('uint8-symmetric'),
    )
    .option('--no-antialias', 'do not low-pass where the image shrinks')
    .addHelpText(
      'after',
      `
Conventions:
  double           computed in double precision, rounded once
  uint8-symmetric  rounded to 8 bits between the passes, borders mirrored: imresize of an 8-bit image
  uint8-clamped    likewise, with the edge repeated: older releases

Examples:
  $ srgan-lab imresize photo.jpg small.png --scale 1/3
  $ srgan-lab imresize photo.jpg wide.png --size 640x360 --kernel lanczos3 --convention double`,
    )
    .action(async (image: string, out: string, options: ImresizeOptions, command: Command) => {
      await execute(command, async () => {
        const { scale, size: wanted, kernel, convention, antialias } = options;
        const target: ResizeTarget | undefined = wanted ?? scale;
        if (target === undefined) throw new LabError('Say how: --scale FACTOR, or --size WIDTHxHEIGHT.');
        const source = await readImage(image);
        const longest = Math.max(source.width, source.height) * (scale ?? 0);
        if (longest > LONGEST_SIDE) {
          throw new LabError(`${image} would be ${Math.ceil(longest)} pixels long; that is too much.`);
        }
        const resized = imresize(source, target, { kernel, convention, antialias });
        const file = resolve(out);
        await writePng(file, resized);
        const result: ResizedImage = { file, width: resized.width, height: resized.height };
        return { result, text: `Wrote ${file}, ${result.width}×${result.height}.` };
      });
    });
}

/** A number or a fraction of two, above 0. */
function factor(text: string): number {
  const [numerator, denominator = '1', ...others] = text.split('/');
  const value = Number(numerator) / Number(denominator);
  const words = [numerator, denominator].every((part) => part !== undefined && part.trim() !== '');
  if (!words || others.length > 0 || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('It must be a number above 0, or a fraction such as 1/3.');
  return value;
}

function size(text: string): { width: number; height: number } {
  const match = /^(\d+)[x×](\d+)$/.exec(text);
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  if (!(width >= 1 && height >= 1 && width <= LONGEST_SIDE && height <= LONGEST_SIDE))
    throw new InvalidArgumentError(`It must be of the form 640x360, from 1 to ${LONGEST_SIDE} pixels each.`);
  return { width, height };
}
