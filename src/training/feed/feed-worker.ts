/** The thread that cuts crops out of the training cache ahead of the step; see feed.ts for the other end. */
import { parentPort, workerData } from 'node:worker_threads';
import { openTrainingCache, type TrainingCache } from '../../datasets/training-cache';
import { LabError, messageOf } from '../../folders/lab-error';
import { createCropSampler, type CropSampler } from './crop-sampler';
import type { BatchRequest, BatchSlot, FeedMessage, FeedOptions } from './feed-messages';
import { orientInto } from './orient';

const port = parentPort!;
const options = workerData as FeedOptions;

function send(message: FeedMessage): void {
  port.postMessage(message);
}

function fail(error: unknown): void {
  send({ type: 'failed', message: messageOf(error), expected: error instanceof LabError });
}

/** Pixels of all patches of a batch, RGB. */
function room(side: number): Float32Array<SharedArrayBuffer> {
  const length = options.batch * side * side * 3;
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

function makeBatch(cache: TrainingCache, sampler: CropSampler, step: number, { lr, hr }: BatchSlot): void {
  const { side } = options;
  const hrSide = side * cache.scale;
  sampler.crops(step).forEach(({ image, x, y, flip, turns }, index) => {
    const crop = cache.crop(image, x, y, side);
    orientInto(lr, index * side * side * 3, crop.lr, side, flip, turns);
    orientInto(hr, index * hrSide * hrSide * 3, crop.hr, hrSide, flip, turns);
  });
}

async function start(): Promise<void> {
  const cache = await openTrainingCache(options.dataset, 'train');
  const sizes = cache.images.map(({ width, height }) => ({
    width: width / cache.scale,
    height: height / cache.scale,
  }));
  const sampler = createCropSampler(sizes, options);
  const slots = Array.from({ length: options.slots }, (): BatchSlot => ({
    lr: room(options.side),
    hr: room(options.side * cache.scale),
  }));
  port.on('message', ({ step, slot }: BatchRequest) => {
    try {
      makeBatch(cache, sampler, step, slots[slot]!);
      send({ type: 'batch', slot });
    } catch (error) {
      fail(error);
    }
  });
  const tooSmall = sampler.tooSmall.map((index) => cache.images[index]!.name);
  send({ type: 'ready', scale: cache.scale, images: cache.images.length, tooSmall, slots });
}

void start().catch(fail);
