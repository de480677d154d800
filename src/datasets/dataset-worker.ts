/** The thread that makes pairs of images; see worker-pool.ts for the other end. */
import { parentPort } from 'node:worker_threads';
import sharp from 'sharp';
import { LabError, messageOf } from '../folders/lab-error';
import { makePair, type LeftOut, type Pair, type PairJob } from './pair';
import type { WorkerReply, WorkerRequest } from './worker-pool';

// One thread an image: the pool is what makes it parallel. No image is met twice, so nothing is worth keeping.
sharp.concurrency(1);
sharp.cache(false);

const port = parentPort!;

async function answer(job: PairJob): Promise<WorkerReply<Pair | LeftOut>> {
  try {
    return { result: await makePair(job) };
  } catch (error) {
    return {
      failure: messageOf(error),
      expected: error instanceof LabError,
      stack: error instanceof Error ? (error.stack ?? '') : '',
    };
  }
}

port.on('message', ({ job }: WorkerRequest<PairJob>) => {
  void answer(job).then((reply) => {
    port.postMessage(reply);
  });
});
