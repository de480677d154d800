/** Arguments that are more than text: each parser gives the value or a usage error in words. */
import { InvalidArgumentError, Option } from 'commander';

/** A whole number in [`minimum`, `maximum`]. */
export function integerIn(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < minimum || value > maximum)
      throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
    return value;
  };
}

/** A share in [0, 1). */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 1))
    throw new InvalidArgumentError('It must be a number from 0 up to, but not including, 1.');
  return value;
}

const scales = [2, 3, 4, 8] as const;

/** `--scale`, as every command has it. */
export function scaleOption(description = 'HR side over LR side'): Option {
  return new Option('--scale <factor>', `${description}: 2, 3, 4 or 8`).argParser((text) => {
    const scale = scales.find((candidate) => String(candidate) === text.replace(/^[x×]/i, ''));
    if (scale === undefined) throw new InvalidArgumentError('It must be 2, 3, 4 or 8.');
    return scale;
  });
}

/** `--vgg`, as every command that measures pictures has it. */
export function vggOption(): Option {
  return new Option(
    '--vgg <folder>',
    'measure VGG19’s feature distance, too: an imported VGG19, or a run that has one (unweighted: not LPIPS)',
  );
}

/** For options that may be given again: all of them, in order. */
export function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
