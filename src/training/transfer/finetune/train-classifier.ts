/**
 * Fine-tuning: epochs of steps with a validation after each; the best epoch's weights are what comes of it. Everything
 * random follows from the seed and the step, so a training that goes on from its state ends as one that never stopped.
 */
import { setImmediate } from 'node:timers/promises';
import { LabError } from '../../../folders/lab-error';
import type { FineTuning } from '../../../protocol/transfer';
import type { Engine, EngineState, Executable, HostTensor, NamedTensors } from '../../engines/engine';
import type { StepGraph } from '../../graph/step-graph';
import { freshMoments } from '../../networks/initial-state';
import { parameterSpecs } from '../../networks/parameters';
import { adamScalars } from '../../step/adam';
import { traceClassifierStep } from '../../step/classifier-step';
import { shuffled } from '../data/split';
import type { Stage } from '../features/trunk';
import { accuracyOf } from '../regression/choose';
import { likeliest } from '../regression/logistic';
import { augmentedBatch } from './augment';
import { Judge, type Classifying } from './judge';
import { epochsOfPatience, frozenNodes, frozenStages, stepsPerEpoch, unfrozenFrom } from './schedule';

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

export interface ClassifierTask extends Classifying {
  readonly stages: readonly Stage[];
  /** Rows to learn from, and to stop by. */
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly settings: FineTuning;
  readonly seed: number;
}

export interface EpochReport {
  /** Epochs done. */
  readonly epoch: number;
  readonly steps: number;
  readonly frozen: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly validation: { readonly loss: number; readonly accuracy: number };
  readonly best: boolean;
  readonly seconds: number;
}

/** Where a training stands: all of it that is not in the tensors. */
export interface TrainingPosition {
  readonly epoch: number;
  /** Steps since Adam began anew, when stages were unfrozen. */
  readonly updates: number;
  readonly best: { readonly epoch: number; readonly accuracy: number; readonly loss: number } | null;
}

/** A training that can go on: its position, the state of the engine, and the weights of the best epoch. */
export interface TrainingState {
  readonly position: TrainingPosition;
  readonly tensors: NamedTensors;
  readonly best: NamedTensors;
}

export interface TrainedClassifier {
  readonly weights: NamedTensors;
  readonly best: NonNullable<TrainingPosition['best']>;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
}

export interface TrainClassifierOptions {
  readonly signal?: AbortSignal | undefined;
  /** After every epoch; it is waited for, and `state` copies what a checkpoint needs. */
  readonly onEpoch?: (report: EpochReport, state: () => Promise<TrainingState>) => Promise<void> | void;
  readonly from?: TrainingState | undefined;
}

/** Trains from `weights`, all of the classifier’s. Throws a `LabError` if the loss is no finite number. */
export async function trainClassifier(
  engine: Engine,
  task: ClassifierTask,
  weights: NamedTensors,
  options: TrainClassifierOptions = {},
): Promise<TrainedClassifier> {
  const { network } = task;
  const initial = options.from?.tensors ?? { ...weights, ...freshMoments(network) };
  const state = await engine.createState(initial);
  const training = new ClassifierTraining(engine, state, task, options);
  try {
    return await training.run();
  } finally {
    training.dispose();
    state.dispose();
  }
}

class ClassifierTraining {
  private position: TrainingPosition;
  private best: NamedTensors;
  private step: { readonly frozen: number; readonly executable: Executable } | undefined;
  private readonly names: readonly string[];
  private readonly batch: number;
  private readonly steps: number;
  private readonly classes: number;

  constructor(
    private readonly engine: Engine,
    private readonly state: EngineState,
    private readonly task: ClassifierTask,
    private readonly options: TrainClassifierOptions,
  ) {
    this.position = options.from?.position ?? { epoch: 0, updates: 0, best: null };
    this.best = options.from?.best ?? {};
    this.names = parameterSpecs(task.network).map(({ name }) => name);
    this.batch = Math.min(task.settings.batch, task.train.length);
    this.steps = stepsPerEpoch(task.train.length, this.batch);
    this.classes = task.images.classes.length;
  }

  async run(): Promise<TrainedClassifier> {
    const { settings, stages } = this.task;
    const settled = unfrozenFrom(settings, stages.length);
    const patience = epochsOfPatience(settings, this.steps);
    const judge = await Judge.open(this.engine, this.state, this.task);
    try {
      while (this.position.epoch < settings.epochs) {
        const { epoch, best } = this.position;
        if (best !== null && epoch - Math.max(best.epoch, settled) >= patience) break;
        await this.trainEpoch(judge);
      }
    } finally {
      judge.dispose();
    }
    const { epoch, best } = this.position;
    return { weights: this.best, best: best!, epochs: epoch, stepsPerEpoch: this.steps };
  }

  dispose(): void {
    this.step?.executable.dispose();
  }

  private async trainEpoch(judge: Judge): Promise<void> {
    const { settings, stages, train, validation, seed } = this.task;
    const start = performance.now();
    const { epoch } = this.position;
    const frozen = frozenStages(settings, stages.length, epoch);
    const executable = await this.stepWith(frozen, epoch);
    const { steps } = this;
    const order = shuffled(train.length, seed, `transfer/epoch/${epoch}`);
    // Sums first: a share that is added up in parts may end above one.
    let [losses, accuracies] = [0, 0];
    for (let index = 0; index < steps; index++) {
      this.options.signal?.throwIfAborted();
      await setImmediate();
      const rows = Array.from(
        { length: this.batch },
        (_, i) => train[order[(index * this.batch + i) % train.length]!]!,
      );
      const result = await this.makeStep(executable, rows, epoch * steps + index);
      losses += result.loss;
      accuracies += result.accuracy;
    }
    const [loss, accuracy] = [losses / steps, accuracies / steps];
    if (!Number.isFinite(loss)) {
      throw new LabError(
        `The loss became infinite in epoch ${epoch + 1}: training diverged. Lower the learning rates of trunk and head.`,
      );
    }
    const scores = await judge.score(validation);
    const before = this.position.best;
    const best =
      before === null ||
      scores.accuracy > before.accuracy ||
      (scores.accuracy === before.accuracy && scores.loss < before.loss);
    const { updates } = this.position;
    this.position = {
      epoch: epoch + 1,
      updates,
      best: best ? { epoch: epoch + 1, ...scores } : before,
    };
    if (best) this.best = await this.state.read(this.names);
    const report = {
      epoch: epoch + 1,
      steps,
      frozen,
      loss,
      accuracy,
      validation: scores,
      best,
      seconds: (performance.now() - start) / 1000,
    };
    await this.options.onEpoch?.(report, async () => ({
      position: this.position,
      tensors: await this.state.read(),
      best: this.best,
    }));
  }

  /** The step with so many stages frozen. When that changes, Adam begins anew, as between the stages of a run. */
  private async stepWith(frozen: number, epoch: number): Promise<Executable> {
    if (this.step?.frozen === frozen) return this.step.executable;
    const { network, stages, images, settings } = this.task;
    const before = epoch === 0 ? undefined : frozenStages(settings, stages.length, epoch - 1);
    if (before !== undefined && before !== frozen) {
      await this.state.write(freshMoments(network));
      this.position = { ...this.position, updates: 0 };
    }
    this.step?.executable.dispose();
    this.step = undefined;
    const graph = traceClassifierStep(network, {
      batch: this.batch,
      side: images.side,
      classes: this.classes,
      adam: ADAM,
      frozen: frozenNodes(network, stages, frozen),
    });
    const executable = await this.engine.compile(graph, this.state);
    this.step = { frozen, executable: takingOnly(graph.inputs, executable) };
    return this.step.executable;
  }

  private async makeStep(
    executable: Executable,
    rows: readonly number[],
    step: number,
  ): Promise<{ loss: number; accuracy: number }> {
    const { images, settings, seed } = this.task;
    const updates = this.position.updates + 1;
    this.position = { ...this.position, updates };
    const labels = rows.map((row) => images.images[row]!.label);
    const target = new Float32Array(rows.length * this.classes);
    labels.forEach((label, i) => (target[i * this.classes + label] = 1));
    const trunk = adamScalars(ADAM, settings.trunkRate, updates);
    const head = adamScalars(ADAM, settings.headRate, updates);
    const { loss, logits } = await executable.run({
      images: augmentedBatch(images, rows, settings, seed, step),
      target: { shape: [rows.length, this.classes], data: target },
      'trunk/stepSize': scalar(trunk.stepSize),
      'trunk/epsilon': scalar(trunk.epsilon),
      'head/stepSize': scalar(head.stepSize),
      'head/epsilon': scalar(head.epsilon),
    });
    return { loss: loss!.data[0]!, accuracy: accuracyOf(likeliest(logits!.data, this.classes), labels) };
  }
}

/** The executable, told only what its graph has: where the whole trunk is frozen, there is no learning rate of it. */
function takingOnly(inputs: StepGraph['inputs'], executable: Executable): Executable {
  const names = new Set(inputs.map(({ name }) => name));
  return {
    run: (values) =>
      executable.run(Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)))),
    dispose: () => {
      executable.dispose();
    },
  };
}

function scalar(value: number): HostTensor {
  return { shape: [], data: new Float32Array([value]) };
}
