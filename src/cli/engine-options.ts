/** The options that say how an engine computes, for every command that opens one. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  convolutionMethods,
  defaultEngineSettings,
  MAX_THREADS,
  MIN_GPU_MEMORY_MB,
  type ConvolutionMethod,
  type EngineSettings,
} from '../protocol/engine-settings';
import { integerIn } from './arguments';

export interface EngineSettingOptions {
  readonly threads?: EngineSettings['embedded']['threads'];
  readonly convolutions?: ConvolutionMethod;
  readonly wideVectors?: boolean;
  readonly bfloat16?: boolean;
  readonly gpuMemory?: EngineSettings['native']['gpuMemory'];
}

/** `word`, or a whole number. */
function wordOrInteger<Word extends string>(
  word: Word,
  minimum: number,
  maximum: number,
): (text: string) => Word | number {
  const integer = integerIn(minimum, maximum);
  return (text) => {
    if (text === word) return word;
    try {
      return integer(text);
    } catch {
      throw new InvalidArgumentError(`It must be ${word}, or a whole number from ${minimum} to ${maximum}.`);
    }
  };
}

/** Most GPU memory that can be asked for, in MB: a petabyte. */
const MAX_GPU_MEMORY_MB = 1e9;

/** Declares the options on a command. */
export function addEngineSettingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--threads <number>', 'embedded: threads, or auto for all cores').argParser(
        wordOrInteger('auto', 1, MAX_THREADS),
      ),
    )
    .addOption(
      new Option('--convolutions <method>', 'embedded: how 3×3 convolutions are computed').choices(
        convolutionMethods,
      ),
    )
    .addOption(
      new Option(
        '--wide-vectors',
        'embedded: vectors of 256 bits wherever V8 pairs them (default: where training steps were seen to come out the same)',
      ),
    )
    .addOption(new Option('--no-wide-vectors', 'embedded: vectors of 128 bits'))
    .addOption(new Option('--bfloat16', 'native: compute in bfloat16 where the device has it'))
    .addOption(new Option('--no-bfloat16', 'native: compute in float32'))
    .addOption(
      new Option('--gpu-memory <MB>', 'native: the most GPU memory to take, or growth').argParser(
        wordOrInteger('growth', MIN_GPU_MEMORY_MB, MAX_GPU_MEMORY_MB),
      ),
    );
}

/** Whether a command line says anything about how an engine computes. */
export function hasEngineSettings(options: EngineSettingOptions): boolean {
  const { threads, convolutions, wideVectors, bfloat16, gpuMemory } = options;
  return [threads, convolutions, wideVectors, bfloat16, gpuMemory].some((option) => option !== undefined);
}

/** The settings that a command line gives, laid over `base`. */
export function engineSettingsOf(
  options: EngineSettingOptions,
  base: EngineSettings = defaultEngineSettings,
): EngineSettings {
  const { embedded, native } = base;
  return {
    embedded: {
      threads: options.threads ?? embedded.threads,
      convolutions: options.convolutions ?? embedded.convolutions,
      wideVectors: options.wideVectors ?? embedded.wideVectors,
    },
    native: {
      bfloat16: options.bfloat16 ?? native.bfloat16,
      gpuMemory: options.gpuMemory ?? native.gpuMemory,
    },
  };
}
