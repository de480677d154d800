/** The thread that cuts crops out of the training cache ahead of the step; see feed.ts for the other end. */
import { parentPort, workerData } from 'node:worker_threads';
import { openTrainingCache, type TrainingCache } from '../../datasets/training-cache';
import { LabError, messageOf } from '../../folders/lab-error';
import { createCropSampler, type CropSampler } from './crop-sampler';
import type { BatchRequest, FeedMessage, FeedOptions } from './feed-messages';
import { orientInto } from './orient';

const port = parentPort!;
const options = workerData as FeedOptions;

function send(message: FeedMessage, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

function fail(error: unknown): void {
  send({ type: 'failed', message: messageOf(error), expected: error instanceof LabError });
}

function makeBatch(cache: TrainingCache, sampler: CropSampler, step: number): void {
  const { batch, side } = options;
  const hrSide = side * cache.scale;
  const lr = new Float32Array(batch * side * side * 3);
  const hr = new Float32Array(batch * hrSide * hrSide * 3);
  sampler.crops(step).forEach(({ image, x, y, flip, turns }, index) => {
    const crop = cache.crop(image, x, y, side);
    orientInto(lr, index * side * side * 3, crop.lr, side, flip, turns);
    orientInto(hr, index * hrSide * hrSide * 3, crop.hr, hrSide, flip, turns);
  });
  send({ type: 'batch', step, lr, hr }, [lr.buffer, hr.buffer]);
}

async function start(): Promise<void> {
  const cache = await openTrainingCache(options.dataset, 'train');
  const sizes = cache.images.map(({ width, height }) => ({
    width: width / cache.scale,
    height: height / cache.scale,
  }));
  const sampler = createCropSampler(sizes, options);
  port.on('message', ({ step }: BatchRequest) => {
    try {
      makeBatch(cache, sampler, step);
    } catch (error) {
      fail(error);
    }
  });
  const tooSmall = sampler.tooSmall.map((index) => cache.images[index]!.name);
  send({ type: 'ready', scale: cache.scale, images: cache.images.length, tooSmall });
}

void start().catch(fail);
