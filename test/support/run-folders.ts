/** Contents of run and data set folders, for tests that read them without having trained. */
import type { DatasetFile } from '../../src/protocol/dataset-file';
import type { StepLine, ValidationLine } from '../../src/protocol/metrics';
import { presets } from '../../src/protocol/presets';
import type { RunConfiguration } from '../../src/protocol/run-configuration';
import type { StageName } from '../../src/protocol/stage-names';

/** A run of the `quick` preset on a data set beside its parent. */
export function runConfiguration(name: string, dataset = '../../datasets/photos'): RunConfiguration {
  const { description: _, ...preset } = presets.quick;
  return {
    format: 1,
    name,
    created: '2026-01-01T12:00:00.000Z',
    preset: 'quick',
    dataset,
    scale: 4,
    seed: 1,
    engine: 'embedded',
    ...preset,
  };
}

export function stepLine(step: number, seconds = 0.2): StepLine {
  return {
    kind: 'step',
    time: 1_700_000_000_000 + step * 1000,
    step,
    stage: 'pixel',
    seconds,
    feedSeconds: seconds / 100,
    learningRate: 1e-3,
    generator: { pixel: 1 / step, total: 1 / step },
  };
}

/** A validation in which the model is `gain` dB above bicubic. */
export function validationLine(step: number, gain: number, stage: StageName = 'pixel'): ValidationLine {
  const bicubic = { psnr: 27, ssim: 0.8 };
  const model = { psnr: bicubic.psnr + gain, ssim: 0.81 };
  return {
    kind: 'validation',
    time: 1_700_000_000_000 + step * 1000 + 500,
    step,
    stage,
    extent: 'crop',
    split: 'validation',
    model,
    bicubic,
    images: [{ name: 'cliff', model, bicubic }],
    seconds: 1.5,
    sampled: false,
  };
}

/** The header of an empty data set; `images.jsonl` is then empty, too. */
export function datasetFile(name: string, root: string): DatasetFile {
  return {
    format: 2,
    name,
    created: '2026-01-01T12:00:00.000Z',
    roots: [root],
    include: ['**'],
    exclude: [],
    scale: 4,
    degradation: { kernel: 'bicubic', convention: 'double', antialias: true },
    validation: { by: 'image', share: 0.5, seed: 0 },
    leftOut: [],
    contents: {
      // Of an empty list.
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      train: 0,
      validation: 0,
      omitted: 0,
      hrPixels: 0,
    },
  };
}
