/**
 * The feed: batches of random crops, made by a worker thread ahead of the step so that the network never waits. A few
 * batches are always asked for; each one that is taken asks for one more, so memory stays bounded.
 */
import { Worker } from 'node:worker_threads';
import { bundlePath } from '../../folders/installation';
import { LabError } from '../../folders/lab-error';
import type { HostTensor } from '../engines/engine';
import type { BatchRequest, FeedMessage, FeedOptions as WorkerOptions } from './feed-messages';

/** Batches made ahead: enough to bridge a slow read, few enough not to matter in memory. */
const AHEAD = 4;

export type FeedOptions = Omit<WorkerOptions, 'slots'>;

/** Its memory is used again: it is what it is until the next one is taken. */
export interface Batch {
  /** [batch, side, side, 3] in [0, 1]. */
  readonly lr: HostTensor;
  /** [batch, scale · side, scale · side, 3] in [0, 1]. */
  readonly hr: HostTensor;
}

export interface Feed {
  /** Training images in use. */
  readonly images: number;
  /** Names of the images that are smaller than a patch and are never seen. */
  readonly tooSmall: readonly string[];
  /** The batch of the next step, in order from the first. Throws a `LabError` if the data set cannot be read. */
  next(): Promise<Batch>;
  close(): Promise<void>;
}

/**
 * Starts the worker; its first batch is the one of the step after `firstStep` steps. Throws a `LabError` if the data set
 * cannot be opened or no image is as large as a patch.
 */
export async function openFeed(options: FeedOptions, firstStep: number): Promise<Feed> {
  // One more than is made ahead: the batch that was taken last.
  const workerData: WorkerOptions = { ...options, slots: AHEAD + 1 };
  const mailbox = openMailbox(new Worker(bundlePath('feed-worker.js'), { workerData }));
  try {
    const ready = await mailbox.receive('ready');
    if (ready.tooSmall.length === ready.images) {
      const side = options.side * ready.scale;
      throw new LabError(
        ready.images === 0
          ? `The data set ${options.dataset} has no training images. Create it from more images.`
          : `All ${ready.images} training images are smaller than a patch of ${side}×${side} pixels. ` +
              `Set \`data.patch\` to less, or use larger images.`,
      );
    }
    const hrSide = options.side * ready.scale;
    const batches = ready.slots.map(({ lr, hr }): Batch => ({
      lr: { shape: [options.batch, options.side, options.side, 3], data: lr },
      hr: { shape: [options.batch, hrSide, hrSide, 3], data: hr },
    }));
    let asked = firstStep;
    let free = AHEAD;
    for (let slot = 0; slot < AHEAD; slot++) mailbox.request({ step: asked++, slot });

    const next = async (): Promise<Batch> => {
      const { slot } = await mailbox.receive('batch');
      const request = { step: asked++, slot: free };
      free = slot;
      // Waking the worker takes a while: it is asked when the step that this batch is for already computes.
      setImmediate(() => {
        mailbox.request(request);
      });
      return batches[slot]!;
    };
    return {
      images: ready.images - ready.tooSmall.length,
      tooSmall: ready.tooSmall,
      next,
      close: () => mailbox.close(),
    };
  } catch (error) {
    await mailbox.close();
    throw error;
  }
}

type Of<T extends FeedMessage['type']> = Extract<FeedMessage, { type: T }>;

interface Mailbox {
  request(message: BatchRequest): void;
  /** The next message, which must be of that type. Rejects when the worker failed or died. */
  receive<T extends FeedMessage['type']>(type: T): Promise<Of<T>>;
  close(): Promise<void>;
}

/** Turns the worker's messages, which come when they come, into ones that are waited for. */
function openMailbox(worker: Worker): Mailbox {
  const arrived: FeedMessage[] = [];
  let failure: Error | undefined;
  let wake: (() => void) | undefined;

  const fail = (error: Error): void => {
    failure ??= error;
    wake?.();
  };
  worker.on('message', (message: FeedMessage) => {
    if (message.type === 'failed') {
      fail(message.expected ? new LabError(message.message) : new Error(message.message));
    } else {
      arrived.push(message);
      wake?.();
    }
  });
  worker.on('error', (error) => {
    fail(error);
  });
  worker.on('exit', () => {
    fail(new Error('The thread that makes training batches ended unexpectedly.'));
  });

  return {
    request: (message) => {
      worker.postMessage(message);
    },
    receive: async <T extends FeedMessage['type']>(type: T) => {
      while (arrived.length === 0) {
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      const message = arrived.shift()!;
      if (message.type !== type) throw new Error(`The feed sent “${message.type}” where “${type}” was due.`);
      return message as Of<T>;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}
