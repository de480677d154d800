/**
 * Made-up runs side by side, for looking at the compare page: one trial run, varied in its loss weights, seed and pace. It
 * stands for what a host would send; nothing of it is ever shown to a person who uses the lab.
 */
import { curvesOf } from '../../../src/extension/pages/compare-reader';
import {
  MOST_POINTS,
  type ComparedRunContent,
  type ComparedSample,
} from '../../../src/protocol/compare-page';
import type { MetricsLine } from '../../../src/protocol/metrics';
import type { RunSnapshot, SampleImage } from '../../../src/protocol/pages';
import { StepDigest } from '../../../src/protocol/record/step-digest';
import { trialLines } from './trial-run';

interface TrialEvent {
  name: string;
  payload: unknown;
}

const adversarialWeights = [0, 0.0005, 0.001, 0.005, 0.01, 0.05];

/** @param runs how many; the last of more than three cannot be read, the first of more than one still trains */
export function trialComparison(run: RunSnapshot, runs: number): TrialEvent[] {
  const folders = Array.from(
    { length: runs },
    (_, index) => `/home/somebody/lab/runs/weights/${nameOf(index)}`,
  );
  const broken = runs > 3 ? folders.at(-1) : undefined;
  return [
    { name: 'starred', payload: folders.slice(1, 2) },
    { name: 'runs', payload: { folders } },
    ...folders.map((folder, index) =>
      folder === broken
        ? {
            name: 'broken',
            payload: { folder, message: `${folder} is gone. It may have been moved or deleted.` },
          }
        : { name: 'run', payload: { folder, content: variant(run, index, runs > 1 && index === 0) } },
    ),
  ];
}

function nameOf(index: number): string {
  const weight = adversarialWeights[index % adversarialWeights.length]!;
  return `adversarial-${weight}${index < adversarialWeights.length ? '' : '_seed-8'}`;
}

function variant(run: RunSnapshot, index: number, training: boolean): ComparedRunContent {
  const weight = adversarialWeights[index % adversarialWeights.length]!;
  const steps = training ? 1270 : 1350;
  const images = run.samples.map(({ name }) => name);
  const lines = trialLines(1350, 1200, images)
    .filter(({ step }) => step <= steps)
    .map((line) => varied(line, index));
  const digest = new StepDigest(MOST_POINTS);
  for (const line of lines) if (line.kind === 'step') digest.append(line);
  const started = lines[0]?.time ?? 0;
  return {
    configuration: {
      ...run.configuration,
      name: nameOf(index),
      dataset: '/home/somebody/lab/datasets/photos',
      seed: index < adversarialWeights.length ? 7 : 8,
      lossWeights: { ...run.configuration.lossWeights, adversarial: weight },
    },
    datasetName: run.datasetName,
    status: training
      ? { ...run.status, step: steps, state: 'running', phase: 'training', secondsLeft: 20 }
      : { ...run.status, step: steps, state: index === 2 ? 'stopped' : 'finished', secondsLeft: null },
    curves: curvesOf(digest, started),
    validations: lines.filter((line) => line.kind === 'validation'),
    started,
    samples: run.samples.map((sample) => variedSample(sample, index)),
    crops: run.crops,
    // The record of the second run is so long that it is still being gone through.
    making: index === 1 ? { done: 37e6, total: 366e6 } : null,
  };
}

/** As another weight would make it: losses a little other, scores a little worse. */
function varied(line: MetricsLine, index: number): MetricsLine {
  const time = line.time * (1 + 1e-9 * index);
  if (line.kind === 'validation') {
    const less = 0.06 * index * (1 - Math.exp(-line.step / 600));
    const model = { psnr: line.model.psnr - less, ssim: line.model.ssim - 0.004 * less };
    return { ...line, time, model };
  }
  if (line.kind === 'event') return line;
  const { generator, discriminator } = line;
  const factor = 1 + 0.08 * index;
  return {
    ...line,
    time,
    generator: {
      ...generator,
      pixel: (generator.pixel ?? 0) * factor,
      total: (generator.total ?? 0) * factor,
    },
    ...(discriminator && {
      discriminator: {
        ...discriminator,
        realMean: 0.5 + ((discriminator.realMean ?? 0.5) - 0.5) / factor,
        fakeMean: 0.5 + ((discriminator.fakeMean ?? 0.5) - 0.5) / factor,
      },
    }),
  };
}

function variedSample({ name, bicubic, hr, sr }: SampleImage, index: number): ComparedSample {
  return {
    name,
    bicubic: { uri: bicubic, key: `${name} bicubic` },
    hr: { uri: hr, key: `${name} hr` },
    sr: sr.map(({ step }, at) => ({ step, uri: sr[Math.max(0, at - (index % 3))]!.uri })),
  };
}
