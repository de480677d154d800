/**
 * What the trainer and the feed's worker thread say to each other. Batches themselves lie in memory that both share, in
 * slots that are used again and again: fresh arrays for each would keep the garbage collector of the trainer busy.
 */
import type { CropSettings } from './crop-sampler';

/** Given to the worker when it starts. */
export interface FeedOptions extends CropSettings {
  /** Folder of the data set. */
  readonly dataset: string;
  /** How many batches have room in memory. */
  readonly slots: number;
}

/** Room for a batch. */
export interface BatchSlot {
  /** batch × side × side × 3, in [0, 1]. */
  readonly lr: Float32Array<SharedArrayBuffer>;
  /** batch × (scale · side) × (scale · side) × 3, in [0, 1]. */
  readonly hr: Float32Array<SharedArrayBuffer>;
}

/** Trainer → worker: write the batch of this step into the slot of this number. Answered in order. */
export interface BatchRequest {
  readonly step: number;
  readonly slot: number;
}

/** Worker → trainer. `ready` comes first; after `failed` nothing comes. */
export type FeedMessage =
  | {
      readonly type: 'ready';
      readonly scale: number;
      readonly images: number;
      /** Names of the images that are smaller than a patch. */
      readonly tooSmall: readonly string[];
      readonly slots: readonly BatchSlot[];
    }
  | {
      /** The batch of a request is in its slot. */
      readonly type: 'batch';
      readonly slot: number;
    }
  | {
      readonly type: 'failed';
      readonly message: string;
      /** Whether a person can act on it (a `LabError`); else it is a bug. */
      readonly expected: boolean;
    };
