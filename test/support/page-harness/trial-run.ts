/**
 * A made-up run for looking at the run page: curves of the usual shape from a fixed seed, and pictures between bicubic and
 * HR. It stands for what a host would send; nothing of it is ever shown to a person who uses the lab.
 */
import { join } from 'node:path';
import sharp from 'sharp';
import type { CheckpointCurve } from '../../../src/protocol/checkpoint-curve';
import type { MetricsLine, Score } from '../../../src/protocol/metrics';
import { recordSnapshot } from '../record-snapshot';
import type { RunSnapshot, RunStatus, SampleImage } from '../../../src/protocol/pages';
import { presets } from '../../../src/protocol/presets';
import type { RunConfiguration } from '../../../src/protocol/run-configuration';

const STARTED = Date.UTC(2025, 0, 15, 13, 0, 0);
const SECONDS_PER_STEP = 0.21;

export function trialConfiguration(): RunConfiguration {
  const { description: _, ...preset } = presets.quick;
  return {
    format: 1,
    name: 'photos-quick',
    created: new Date(STARTED).toISOString(),
    preset: 'quick',
    dataset: '../photos',
    scale: 4,
    seed: 7,
    engine: 'auto',
    ...preset,
    stages: [
      { ...preset.stages[0]!, steps: 1200 },
      { ...preset.stages[1]!, steps: 150 },
    ],
  };
}

/** Uniform in [0, 1), the same each time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param steps of how many the metrics tell; the pixel stage has `pixelSteps` of them */
export function trialLines(steps: number, pixelSteps: number, images: readonly string[]): MetricsLine[] {
  const random = randomNumbers(3);
  const lines: MetricsLine[] = [];
  for (let step = 1; step <= steps; step += 1) {
    const stage = step <= pixelSteps ? 'pixel' : 'adversarial';
    const at = { time: STARTED + step * SECONDS_PER_STEP * 1000, step, stage } as const;
    const noise = () => 0.7 + 0.6 * random();
    const into = step - pixelSteps;
    if (step === 1) lines.push({ kind: 'event', ...at, event: 'started', message: 'Pixel stage started.' });
    if (into === 1)
      lines.push({ kind: 'event', ...at, event: 'stage', message: 'Adversarial stage started.' });
    if (step === Math.round(pixelSteps * 0.6)) {
      lines.push({ kind: 'event', ...at, event: 'resumed', message: 'Resumed from the checkpoint.' });
    }
    const pixel = (0.0016 + 0.02 * Math.exp(-step / (pixelSteps / 12))) * noise();
    const win = 1 - Math.exp(-into / 25);
    const realMean = 0.5 + 0.48 * win * (0.97 + 0.03 * random());
    const fakeMean = 0.5 - 0.48 * win * (0.97 + 0.03 * random());
    const content = 0.4 * noise();
    const adversarial = -Math.log(fakeMean);
    lines.push({
      kind: 'step',
      ...at,
      seconds: SECONDS_PER_STEP * (0.95 + 0.1 * random()) + (step % 97 === 0 ? 0.2 : 0),
      feedSeconds: 0.0008 * noise(),
      learningRate: stage === 'pixel' ? 1e-5 + 0.5e-3 * (1 + Math.cos((Math.PI * step) / pixelSteps)) : 1e-4,
      generator:
        stage === 'pixel'
          ? { pixel, total: pixel }
          : { pixel, content, adversarial, total: pixel + 0.006 * content + 0.001 * adversarial },
      ...(stage === 'adversarial' && {
        discriminator: {
          real: -Math.log(realMean),
          fake: -Math.log(1 - fakeMean),
          realMean,
          fakeMean,
          realDeviation: 0.03 + 0.15 * (1 - win) * noise(),
          fakeDeviation: 0.03 + 0.12 * (1 - win) * noise(),
        },
      }),
    });
    if (step % Math.ceil(steps / 14) === 0) lines.push(validation(at, images, pixelSteps, 'crop'));
    if (step === pixelSteps) lines.push(validation(at, images, pixelSteps, 'whole'));
    if (step % Math.ceil(steps / 5) === 0) {
      lines.push({ kind: 'event', ...at, event: 'checkpoint', message: `Checkpoint at step ${step}.` });
    }
  }
  return lines;
}

function validation(
  at: { time: number; step: number; stage: 'pixel' | 'adversarial' },
  names: readonly string[],
  pixelSteps: number,
  extent: 'crop' | 'whole',
): MetricsLine {
  const progress = 1 - Math.exp(-at.step / (pixelSteps / 4));
  const gain = -0.6 + 1.05 * progress - (at.stage === 'adversarial' ? 0.25 : 0);
  const images = names.map((name, index) => {
    const bicubic: Score = { psnr: 27.4 + 1.7 * index, ssim: 0.79 + 0.02 * index };
    return {
      name,
      bicubic,
      model: { psnr: bicubic.psnr + gain * (1 + 0.1 * index), ssim: bicubic.ssim + 0.02 * gain },
      ...(extent === 'crop' && { niqe: { bicubic: 7.9, model: 7.2 - 2 * gain, hr: 3.4 + 0.1 * index } }),
    };
  });
  const mean = (of: 'bicubic' | 'model'): Score => ({
    psnr: images.reduce((sum, image) => sum + image[of].psnr, 0) / images.length,
    ssim: images.reduce((sum, image) => sum + image[of].ssim, 0) / images.length,
  });
  return {
    kind: 'validation',
    ...at,
    extent,
    split: 'validation',
    model: mean('model'),
    bicubic: mean('bicubic'),
    images,
    ...(extent === 'crop' && { niqe: images[0]!.niqe }),
    seconds: 1.2,
    sampled: extent === 'crop',
  };
}

/** Writes the pictures of one image below `folder`; addresses are relative to it. */
async function trialSamples(
  photo: string,
  name: string,
  folder: string,
  steps: number[],
): Promise<SampleImage> {
  const side = 384;
  const hr = await sharp(photo)
    .rotate()
    .resize(1200)
    .extract({ left: 300, top: 200, width: side, height: side })
    .removeAlpha()
    .raw()
    .toBuffer();
  const raw = { raw: { width: side, height: side, channels: 3 as const } };
  const lr = await sharp(hr, raw)
    .resize(side / 4, side / 4, { kernel: 'cubic' })
    .png()
    .toBuffer();
  const bicubic = await sharp(lr).resize(side, side, { kernel: 'cubic' }).removeAlpha().raw().toBuffer();
  const save = async (pixels: Buffer, file: string): Promise<string> => {
    await sharp(pixels, raw).png().toFile(join(folder, file));
    return `files/${file}`;
  };
  const sr = await Promise.all(
    steps.map(async (step, index) => {
      const share = (0.75 * (index + 1)) / steps.length;
      const mixed = Buffer.from(bicubic.map((value, at) => Math.round(value + share * (hr[at]! - value))));
      return { step, uri: await save(mixed, `${name}-${step}.png`) };
    }),
  );
  return {
    name,
    bicubic: await save(bicubic, `${name}-bicubic.png`),
    hr: await save(hr, `${name}-hr.png`),
    sr,
  };
}

/** Six of eight checkpoints, with the perceptual measures that get worse as PSNR gets better. */
function trialEvaluation(): CheckpointCurve {
  const steps = [100, 250, 400, 550, 700, 850, 1000, 1150];
  const at = (step: number) => ({
    psnr: 28 - 3 * Math.exp(-step / 200),
    ssim: 0.82 - 0.1 * Math.exp(-step / 250),
    msSsim: null,
    niqe: 6.2 - 0.3 * Math.sin(step / 150),
    vggDistance: 0.6 + 0.4 * Math.exp(-step / 300) + 0.0001 * step,
  });
  return {
    name: 'validation-y',
    created: '2026-01-05T10:00:00.000Z',
    task: { pictures: { kind: 'validation' }, protocol: 'y', scale: 4, border: 4, niqe: 'photos' },
    measured: 'PSNR and SSIM on Y',
    on: '8 validation images of photos',
    steps,
    problems: [],
    images: 8,
    bicubic: { psnr: 26.9, ssim: 0.78, msSsim: null, niqe: 6.5, vggDistance: 0.9 },
    checkpoints: steps.slice(0, 6).map((step) => ({ step, stage: 'pixel' as const, mean: at(step) })),
  };
}

/** @param folder where pictures are written */
export async function trialRun(
  photos: readonly string[],
  folder: string,
  options: { steps: number; state: RunStatus['state'] },
): Promise<RunSnapshot> {
  const configuration = trialConfiguration();
  const pixelSteps = configuration.stages[0]!.steps;
  const names = photos.map((_, index) => `photo ${index + 1}`);
  const lines = trialLines(options.steps, pixelSteps, names);
  const steps = lines.flatMap((line) => (line.kind === 'validation' && line.sampled ? [line.step] : []));
  const samples = await Promise.all(
    photos.map((photo, index) => trialSamples(photo, names[index]!, folder, steps)),
  );
  const messages: Record<RunStatus['state'], string> = {
    new: 'The run has not been started.',
    running: 'Training.',
    finished: 'Finished after 1,350 steps. The model lies in model/.',
    stopped: 'Stopped at step 1,200. Resume it to go on from its last checkpoint.',
    failed: 'The disk is full: checkpoints/step-001200 could not be written. Free some space, then resume.',
    crashed: 'The trainer ended without a word at step 1,200. Resume it to go on from its last checkpoint.',
    elsewhere: 'Another computer trains this run.',
  };
  return {
    folder: '/home/somebody/lab/runs/photos-quick',
    configuration,
    datasetName: 'photos',
    status: {
      state: options.state,
      message: messages[options.state],
      phase: 'training',
      engine: 'embedded',
      device: 'CPU, WebAssembly relaxed SIMD, 2 threads',
      engineReason: 'There is no TensorFlow for the native engine on this machine.',
      step: options.steps,
      totalSteps: 1350,
      secondsPerStep: options.state === 'running' ? SECONDS_PER_STEP : null,
      secondsLeft: options.state === 'running' ? (1350 - options.steps) * SECONDS_PER_STEP + 20 : null,
    },
    record: recordSnapshot(lines),
    samples,
    crops: [{ name: 'middle', image: names[0]!, left: 150, top: 140, width: 64, height: 48 }],
    evaluations: [trialEvaluation()],
  };
}
