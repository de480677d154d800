/**
 * The trainer: takes a run from where it stands to its end. Stages are made of steps; after a step come, when they are
 * due, a validation with its pictures and a checkpoint. Whatever interrupts it is an exception: a stop saves a
 * checkpoint, anything else leaves the last one as it is.
 */
import type { LabError } from '../../folders/lab-error';
import { explainOutOfMemory, isOutOfMemory } from '../../folders/out-of-memory';
import type { CheckpointFile } from '../../protocol/checkpoint-file';
import type { ValidationLine } from '../../protocol/metrics';
import { formatCount } from '../../protocol/quantities';
import type { RunConfiguration, Stage } from '../../protocol/run-configuration';
import { generatorNetwork } from '../networks/generator';
import { freshMoments } from '../networks/initial-state';
import { explainDivergence } from './advice';
import { listCheckpoints, pruneCheckpoints, saveCheckpoint, setAsideCheckpointsAfter } from './checkpoints';
import { openEquipment, type Equipment } from './equipment';
import { persistentNames } from './initial-state';
import { Journal } from './journal';
import type { HeldLease } from './lease';
import type { Log } from './log';
import { belongsToModel, cardOfRun, writeModel } from './model';
import { persistentState } from './persistent-state';
import { sampleBudget } from './sample-budget';
import { dueAt, stagesFrom, startOfRun, type Position } from './schedule';
import { brokenLosses, compileStageStep, stepFlops } from './stage-step';
import { makeSteps, type MadeStep } from './training-steps';
import type { Extent } from './validation';
import { ValidationPictures } from './validation-pictures';
import { describeScore, describeStage } from './words';

export interface TrainerSurroundings {
  readonly run: string;
  readonly configuration: RunConfiguration;
  readonly lease: HeldLease;
  /** Aborts when somebody wants the run stopped. */
  readonly stop: AbortSignal;
  readonly log: Log;
}

export interface Ending {
  readonly phase: 'finished' | 'stopped';
  readonly message: string;
}

/**
 * Trains a run to its end or until it is stopped. Throws a `LabError` where it fails for a reason that a person can do
 * something about; the run can then be resumed from its newest checkpoint.
 */
export async function train(surroundings: TrainerSurroundings): Promise<Ending> {
  const { run, configuration } = surroundings;
  const equipment = await openEquipment(run, configuration).catch(async (error: unknown) => {
    if (!isOutOfMemory(error)) throw error;
    const lastGood = (await listCheckpoints(run)).at(-1) ?? null;
    throw explainOutOfMemory(error, configuration, false, lastGood);
  });
  try {
    return await new Trainer(surroundings, equipment).run();
  } finally {
    await equipment.close();
  }
}

class Trainer {
  private position: Position;
  private best: CheckpointFile['best'];
  /** Step of the newest checkpoint. */
  private savedStep: number | null;
  /** Validations that were made at this step, in this process or before it. */
  private readonly validated = new Map<Extent, ValidationLine>();
  private readonly signal: AbortSignal;
  private readonly journal: Journal;
  private readonly pictures: ValidationPictures;

  constructor(
    private readonly surroundings: TrainerSurroundings,
    private readonly equipment: Equipment,
  ) {
    const { checkpoint, metrics, samples } = equipment;
    const { lease, stop, log } = surroundings;
    this.journal = new Journal(equipment, lease, log, () => this.position);
    this.pictures = new ValidationPictures(samples, this.journal, sampleBudget(surroundings.configuration));
    this.position = checkpoint ?? startOfRun(surroundings.configuration);
    this.best = checkpoint?.best ?? null;
    this.savedStep = checkpoint?.step ?? null;
    for (const line of metrics.linesAtStart) {
      if (line.kind === 'validation') this.validated.set(line.extent, line);
    }
    this.signal = AbortSignal.any([stop, lease.lost]);
  }

  async run(): Promise<Ending> {
    try {
      this.journal.announce(this.equipment);
      return await this.trainUnlessStopped();
    } catch (thrown) {
      const error = this.explain(this.surroundings.lease.reasonFor(thrown));
      this.journal.failure(error);
      throw error;
    }
  }

  /** Memory that ran out is told with the settings that decide how much is needed. */
  private explain(error: unknown): unknown {
    if (!isOutOfMemory(error)) return error;
    const { configuration, lease } = this.surroundings;
    return explainOutOfMemory(error, configuration, lease.current.phase === 'validating', this.savedStep);
  }

  private async trainUnlessStopped(): Promise<Ending> {
    const { configuration, stop } = this.surroundings;
    try {
      await this.prepareValidation();
      await this.doWhatIsDue();
      for (const { stage, done } of stagesFrom(configuration, this.position)) {
        await this.trainStage(stage, done);
      }
      return await this.finish();
    } catch (error) {
      if (stop.aborted && error === stop.reason) return await this.stopHere();
      throw error;
    }
  }

  private async prepareValidation(): Promise<void> {
    const { validator } = this.equipment;
    const tell = (message: string): void => {
      this.journal.phase('starting', message);
    };
    const warnings = await validator.prepare({ signal: this.signal, tell, log: this.journal.log });
    for (const warning of warnings) this.journal.event('warning', warning);
  }

  private async trainStage(stage: Stage, done: number): Promise<void> {
    if (done >= stage.steps) return;
    const { configuration } = this.surroundings;
    const { engine, state, feed } = this.equipment;
    this.signal.throwIfAborted();
    const step = await compileStageStep(engine, state, configuration, stage.name);
    try {
      if (done === 0) await this.beginStage(stage);
      this.tellTraining(stage);
      const stepsBefore = this.position.step - done;
      const pausesAfter = (stageStep: number): boolean => {
        const there = { step: stepsBefore + stageStep, stage: stage.name, stageStep };
        const { extents, checkpoint } = dueAt(configuration, there);
        return checkpoint || extents.length > 0;
      };
      const steps = makeSteps({ stage, done, step, feed, pausesAfter, signal: this.signal });
      for await (const made of steps) {
        await this.record(made, stage);
        // Later than the first step, which nothing should hold up.
        if (made.stageStep === done + 1) this.tellStepFlops();
        if (await this.doWhatIsDue()) this.tellTraining(stage);
      }
    } finally {
      step.dispose();
    }
  }

  /** Every stage is a training of its own: Adam starts anew, also for the generator that the stage before has trained. */
  private async beginStage(stage: Stage): Promise<void> {
    const { state, metrics } = this.equipment;
    const { configuration } = this.surroundings;
    await state.write(freshMoments(generatorNetwork(configuration.generator, configuration.scale)));
    const told = metrics.linesAtStart.some(
      (line) => line.kind === 'event' && line.event === 'stage' && line.stage === stage.name,
    );
    if (!told) this.journal.event('stage', describeStage(stage, configuration), stage.name);
  }

  private async record({ stageStep, losses, ...made }: MadeStep, stage: Stage): Promise<void> {
    this.position = { step: this.position.step + 1, stage: stage.name, stageStep };
    this.validated.clear();
    this.journal.append({ kind: 'step', ...this.journal.now(), ...made, ...losses });
    this.journal.advance();
    const broken = brokenLosses(losses);
    if (broken.length > 0) throw await this.divergedBefore(broken);
  }

  /** Validation and checkpoint after a step, or missing there because a stop came in between. Whether there were any. */
  private async doWhatIsDue(): Promise<boolean> {
    const { step } = this.position;
    const { extents, checkpoint } = dueAt(this.surroundings.configuration, this.position);
    const missing = extents.filter((extent) => !this.validated.has(extent));
    let improved = false;
    for (const extent of missing) improved = (await this.validate(extent)) || improved;

    const save = (improved || checkpoint) && step !== this.savedStep;
    if (save) await this.save();
    return save || missing.length > 0;
  }

  /** Resolves to whether the generator is better than ever. */
  private async validate(extent: Extent): Promise<boolean> {
    const { validator, upscaler } = this.equipment;
    const { lease } = this.surroundings;
    const { step } = this.position;
    const images = extent === 'whole' ? 'whole images' : 'crops';
    this.journal.phase('validating', `Validating on ${images} at step ${formatCount(step)}.`);
    const start = performance.now();
    const { pictures, ...scores } = await validator.validate(extent, upscaler, this.signal);
    const seconds = (performance.now() - start) / 1000;
    lease.assertHeld();
    const sampled = await this.pictures.keep(step, pictures);
    const line: ValidationLine = { kind: 'validation', ...this.journal.now(), ...scores, seconds, sampled };
    this.journal.append(line);
    this.validated.set(extent, line);
    this.journal.log(`Validation (${extent}) at step ${formatCount(step)}: ${describeScore(line)}.`);

    const improved = extent === 'crop' && step > 0 && line.model.psnr > (this.best?.psnr ?? -Infinity);
    if (improved) {
      this.best = { step, psnr: line.model.psnr };
      this.journal.event('best', `Best so far: ${describeScore(line)}.`);
    }
    return improved;
  }

  private async save(): Promise<void> {
    const { run, configuration } = this.surroundings;
    const { state, metrics, engine, dataset } = this.equipment;
    const { step, stage, stageStep } = this.position;
    this.journal.phase('saving', `Saving a checkpoint at step ${formatCount(step)}.`);
    const { source, broken } = await persistentState(state, persistentNames(state.names, stage));
    if (broken.length > 0) throw this.divergence(broken.slice(0, 3));
    metrics.sync();
    this.surroundings.lease.assertHeld();
    const position = { step, stage, stageStep, seed: configuration.seed, best: this.best };
    const origin = { engine: engine.description.name, dataset: dataset.contents?.sha256 };
    await saveCheckpoint(run, { ...position, ...origin }, source);
    this.savedStep = step;
    await pruneCheckpoints(run, configuration.checkpoints, this.best?.step ?? null);
    this.journal.event('checkpoint', `Checkpoint at step ${formatCount(step)}.`);
  }

  private async finish(): Promise<Ending> {
    const { run, configuration, lease } = this.surroundings;
    const { state, dataset, metrics } = this.equipment;
    const { step, stage } = this.position;
    lease.assertHeld();
    const whole = this.validated.get('whole');
    const card = cardOfRun(configuration, { trainedOn: dataset.name, stage, steps: step, score: whole });
    const names = state.names.filter((name) => belongsToModel(card, name));
    await writeModel(run, card, await state.read(names));
    const scored = whole ? ` ${describeScore(whole)} on whole images.` : '';
    const message = `Finished after ${formatCount(step)} steps.${scored}`;
    this.journal.event('finished', message);
    metrics.sync();
    return { phase: 'finished', message };
  }

  private async stopHere(): Promise<Ending> {
    const { step } = this.position;
    this.journal.log('Asked to stop.');
    this.journal.phase('stopping', 'Stopping.');
    if (step !== this.savedStep) await this.save();
    const message = `Stopped at step ${formatCount(step)}, with a checkpoint. Resume goes on from there.`;
    this.journal.event('stopped', message);
    this.equipment.metrics.sync();
    return { phase: 'stopped', message };
  }

  /** What a step of each stage computes, so that the time left can be told before a stage has begun. */
  private tellStepFlops(): void {
    const { configuration, lease } = this.surroundings;
    if (lease.current.stepFlops !== undefined || configuration.stages.length < 2) return;
    lease.update({ stepFlops: stepFlops(configuration) });
  }

  private tellTraining(stage: Stage): void {
    this.journal.phase('training', `Training, ${stage.name} stage.`);
  }

  /** The losses of a step are those of the weights before it: a checkpoint of them is as bad as they are. */
  private async divergedBefore(losses: readonly string[]): Promise<LabError> {
    const { run } = this.surroundings;
    const before = this.position.step - 1;
    if (this.savedStep === before) {
      await setAsideCheckpointsAfter(run, before - 1);
      this.savedStep = (await listCheckpoints(run)).at(-1) ?? null;
    }
    return this.divergence(losses);
  }

  private divergence(what: readonly string[]): LabError {
    return explainDivergence(this.surroundings.configuration, this.position, what, this.savedStep);
  }
}
