/** A classifier at work: the shares that it gives to the classes, and how right it is. Batches are of one size; the last is filled up with black. */
import { setImmediate } from 'node:timers/promises';
import type { Engine, EngineState, Executable, NamedTensors } from '../../engines/engine';
import type { Network } from '../../networks/network';
import { traceClassifier } from '../../step/classifier-step';
import type { LabelledImages } from '../data/labelled-images';
import { imageBatch } from '../features/extract';
import { accuracyOf } from '../regression/choose';
import { likeliest, softmaxInPlace } from '../regression/logistic';

/** Images that are classified at a time; the result does not depend on it. */
const INFERENCE_BATCH = 64;

/** What a judge needs to know of a task. */
export interface Classifying {
  /** From classifierNetwork. */
  readonly network: Network;
  readonly images: LabelledImages;
}

/** Shares of the classes for each of the rows, by finished weights: [rows × classes]. */
export async function sharesOf(
  engine: Engine,
  classifying: Classifying,
  weights: NamedTensors,
  rows: readonly number[],
): Promise<Float64Array> {
  const state = await engine.createState(weights);
  try {
    const judge = await Judge.open(engine, state, classifying);
    try {
      return await judge.shares(rows);
    } finally {
      judge.dispose();
    }
  } finally {
    state.dispose();
  }
}

/** The classifier at work on a state, which may be in training. */
export class Judge {
  private constructor(
    private readonly executable: Executable,
    private readonly images: LabelledImages,
  ) {}

  static async open(engine: Engine, state: EngineState, { network, images }: Classifying): Promise<Judge> {
    const graph = traceClassifier(network, { batch: INFERENCE_BATCH, side: images.side });
    return new Judge(await engine.compile(graph, state), images);
  }

  /** Shares of the classes for each of the rows. */
  async shares(rows: readonly number[]): Promise<Float64Array> {
    const { side, pixels, classes } = this.images;
    const size = side * side * 3;
    const shares = new Float64Array(rows.length * classes.length);
    for (let first = 0; first < rows.length; first += INFERENCE_BATCH) {
      const some = rows.slice(first, first + INFERENCE_BATCH);
      const own = new Uint8Array(some.length * size);
      some.forEach((row, i) => {
        own.set(pixels.subarray(row * size, (row + 1) * size), i * size);
      });
      const { logits } = await this.executable.run({
        images: imageBatch({ side, pixels: own }, 0, INFERENCE_BATCH),
      });
      shares.set(logits!.data.subarray(0, some.length * classes.length), first * classes.length);
      await setImmediate();
    }
    for (let start = 0; start < shares.length; start += classes.length) {
      softmaxInPlace(shares, start, classes.length);
    }
    return shares;
  }

  /** Mean cross-entropy, and share of the rows that are right. */
  async score(rows: readonly number[]): Promise<{ loss: number; accuracy: number }> {
    const shares = await this.shares(rows);
    const classes = this.images.classes.length;
    const labels = rows.map((row) => this.images.images[row]!.label);
    const loss = labels.reduce(
      (sum, label, i) => sum - Math.log(Math.max(1e-300, shares[i * classes + label]!)),
      0,
    );
    return { loss: loss / rows.length, accuracy: accuracyOf(likeliest(shares, classes), labels) };
  }

  dispose(): void {
    this.executable.dispose();
  }
}
