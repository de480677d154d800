/** What the trainer and the feed's worker thread say to each other. */
import type { CropSettings } from './crop-sampler';

/** Given to the worker when it starts. */
export interface FeedOptions extends CropSettings {
  /** Folder of the data set. */
  readonly dataset: string;
}

/** Trainer → worker: make the batch of this step. Answered in order. */
export interface BatchRequest {
  readonly step: number;
}

/** Worker → trainer. `ready` comes first; after `failed` nothing comes. */
export type FeedMessage =
  | {
      readonly type: 'ready';
      readonly scale: number;
      readonly images: number;
      /** Names of the images that are smaller than a patch. */
      readonly tooSmall: readonly string[];
    }
  | {
      readonly type: 'batch';
      readonly step: number;
      /** batch × side × side × 3, in [0, 1]. */
      readonly lr: Float32Array<ArrayBuffer>;
      /** batch × (scale · side) × (scale · side) × 3, in [0, 1]. */
      readonly hr: Float32Array<ArrayBuffer>;
    }
  | {
      readonly type: 'failed';
      readonly message: string;
      /** Whether a person can act on it (a `LabError`); else it is a bug. */
      readonly expected: boolean;
    };
