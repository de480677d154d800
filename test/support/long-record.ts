/**
 * A record of any length in the form that a trainer writes: curves of the usual shape from a fixed seed, validations,
 * checkpoints, a resume, learning-rate drops. For what is measured and tried at a scale that nobody trains for in a test.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import {
  METRICS_FILE,
  type MetricsLine,
  type StepLine,
  type ValidationLine,
} from '../../src/protocol/metrics';

export interface LongRecord {
  readonly steps: number;
  /** Steps of the pixel stage; the rest are adversarial. */
  readonly pixelSteps: number;
  /** Steps between validations and checkpoints. */
  readonly every: number;
}

const STARTED = Date.UTC(2025, 0, 15, 13, 0, 0);
const SECONDS_A_STEP = 0.2;

/** Every line, in order. A loss spikes in a single step, at a quarter of the steps, to 5. */
export function* longRecord({ steps, pixelSteps, every }: LongRecord): Generator<MetricsLine> {
  let state = 3;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const float = (value: number): number => Math.fround(value);
  yield { kind: 'event', ...at(0, 'pixel'), event: 'started', message: 'Training on 800 images of photos.' };
  for (let step = 1; step <= steps; step++) {
    const stage = step <= pixelSteps ? 'pixel' : 'adversarial';
    const where = at(step, stage);
    if (step === pixelSteps + 1) {
      yield { kind: 'event', ...at(step - 1, stage), event: 'stage', message: 'Adversarial stage.' };
    }
    const noise = 0.7 + 0.6 * random();
    const pixel = float(
      step === spikeAt(steps) ? 5 : (0.0016 + 0.02 * Math.exp((-12 * step) / steps)) * noise,
    );
    const into = (step - pixelSteps) / Math.max(1, steps - pixelSteps);
    const win = Math.min(1, Math.max(0, 3 * into));
    const [realMean, fakeMean] = [0.5 + 0.45 * win + 0.04 * random(), 0.5 - 0.45 * win - 0.04 * random()];
    const [content, adversarial] = [0.4 * noise, -Math.log(fakeMean)];
    const line: StepLine = {
      kind: 'step',
      ...where,
      seconds: SECONDS_A_STEP * (0.95 + 0.1 * random()),
      feedSeconds: 0.0008 * noise,
      learningRate: 1e-4 * 0.5 ** Math.floor((4 * step) / steps),
      generator:
        stage === 'pixel'
          ? { pixel, total: pixel }
          : {
              pixel,
              content: float(content),
              adversarial: float(adversarial),
              total: float(0.006 * content + 0.001 * adversarial),
            },
      ...(stage === 'adversarial' && {
        discriminator: {
          real: float(-Math.log(realMean)),
          fake: float(-Math.log(1 - fakeMean)),
          realMean: float(realMean),
          fakeMean: float(fakeMean),
          realDeviation: float(0.12 * (1 - win) + 0.02),
          fakeDeviation: float(0.1 * (1 - win) + 0.02),
        },
      }),
    };
    yield line;
    if (step === Math.floor(0.6 * steps)) {
      yield { kind: 'event', ...where, event: 'resumed', message: 'Resumed from the checkpoint.' };
    }
    if (step % every === 0 || step === steps) {
      yield validation(where, -20 * Math.log10(0.03 + 0.02 * Math.exp((-6 * step) / steps)) + 0.1 * random());
      yield { kind: 'event', ...where, event: 'checkpoint', message: `Checkpoint at step ${step}.` };
    }
  }
}

/** The step whose loss is higher than any other. */
export function spikeAt(steps: number): number {
  return Math.floor(steps / 4);
}

function at(step: number, stage: StepLine['stage']): Pick<StepLine, 'time' | 'step' | 'stage'> {
  return { time: STARTED + Math.round(step * SECONDS_A_STEP * 1000), step, stage };
}

function validation(where: ReturnType<typeof at>, psnr: number): ValidationLine {
  const bicubic = { psnr: 28.4, ssim: 0.81 };
  const model = { psnr, ssim: 0.8 + psnr / 1000 };
  const images = ['bridge', 'cliff', 'market', 'owl'].map((name) => ({ name, model, bicubic }));
  const score = { split: 'validation', model, bicubic, images, seconds: 1.2, sampled: false } as const;
  return { kind: 'validation', ...where, extent: 'crop', ...score };
}

/** Writes `metrics.jsonl` into a folder. */
export async function writeLongRecord(folder: string, record: LongRecord): Promise<void> {
  const file = createWriteStream(join(folder, METRICS_FILE));
  let text = '';
  for (const line of longRecord(record)) {
    text += `${JSON.stringify(line)}\n`;
    if (text.length < 1 << 20) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'finish');
}
