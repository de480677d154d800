/**
 * Every checkpoint of a run, scored on the same pictures. What is done is kept in the run after each checkpoint, so that an
 * interrupted evaluation, or one of a run that has trained on, only does what is missing.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { evaluationNames, readEvaluations, writeEvaluation } from '../../folders/checkpoint-evaluations';
import { LabError } from '../../folders/lab-error';
import { readRunConfiguration } from '../../folders/marker-files';
import { readJson } from '../../folders/read-json';
import { protocolWords, type ColourProtocol } from '../../imaging/protocols';
import type { CheckpointEvaluation, CheckpointTask } from '../../protocol/checkpoint-evaluation';
import { CHECKPOINT_FILE, checkpointFileSchema, type CheckpointFile } from '../../protocol/checkpoint-file';
import type { Evaluation } from '../../protocol/evaluation';
import type { Progress } from '../../protocol/progress';
import { formatCount } from '../../protocol/quantities';
import type { RunConfiguration } from '../../protocol/run-configuration';
import { meanScores } from '../../protocol/score-columns';
import { checkpointFolder, listCheckpoints, noUsableCheckpoint } from '../run/checkpoints';
import { loadGenerator } from '../upscale/load-generator';
import { CheckpointEnlarger } from './checkpoint-enlarger';
import { openContender, type Enlarger, type EnlargerOptions } from './enlarger';
import { nothingScored, scorePictures, type ScoringTask } from './evaluate';
import type { FurtherMeasures } from './further-measures';
import type { PictureSource } from './pictures';
import { openReferenceQuality } from './reference-quality';
import { folderPictures, hashOfPictures, validationPictures, type RunPictures } from './run-pictures';

export interface CheckpointsTask {
  /** HR images, or the run's own validation images. */
  readonly source: Omit<PictureSource, 'scale'> | 'validation';
  readonly protocol: ColourProtocol;
  /** Pixels left out at each side; the scale unless given. */
  readonly border?: number | undefined;
  readonly vgg?: FurtherMeasures['vgg'];
  readonly openEngine: EnlargerOptions['openEngine'];
}

export interface CheckpointsWork {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Scores the checkpoints that have no scores yet, and returns all. Throws a `LabError` if the run has no checkpoint or no
 * picture can be scored; the signal's reason if it aborts, with what was done kept.
 */
export async function evaluateCheckpoints(
  run: string,
  { source, protocol, border: wanted, vgg, openEngine }: CheckpointsTask,
  { signal, onProgress }: CheckpointsWork,
): Promise<CheckpointEvaluation> {
  const configuration = await readRunConfiguration(run);
  const { scale } = configuration;
  const border = wanted ?? scale;
  const checkpoints = await usableCheckpoints(run);
  const full = source === 'validation' ? undefined : { ...source, scale };
  const pictures =
    full === undefined ? await validationPictures(run, configuration) : await folderPictures(full, signal);
  const tell = (message: string): void => {
    onProgress?.({ done: 0, total: 0, unit: 'images', secondsLeft: null, message });
  };
  const niqe = await openReferenceQuality(run, configuration, { signal, tell });
  const task: CheckpointTask = {
    pictures: full === undefined ? { kind: 'validation' } : describeFolder(full),
    ...{ protocol, scale, border },
    ...(vgg && { vgg: vgg.description }),
    ...(niqe && { niqe: niqe.dataset }),
  };
  const measures = { ...(vgg && { vgg }), ...(niqe && { niqe: niqe.model }) };
  const scoring = {
    source: { scale, convention: full?.convention ?? 'double' },
    protocol,
    border,
    measures,
  } as const;
  const work = new Work(run, pictures, scoring, signal);

  const picturesSha256 = await hashOfPictures(pictures.pictures, signal);
  const before = (await readEvaluations(run)).find(
    (each) => isSame(each.task, task) && each.picturesSha256 === picturesSha256,
  );
  const kept = (before?.checkpoints ?? []).filter(({ step, sha256 }) => {
    const now = checkpoints.ok.get(step);
    // A checkpoint that was pruned since keeps its figures.
    return now === undefined || now.sha256 === sha256;
  });
  const done = new Set(kept.map(({ step }) => step));
  const missing = [...checkpoints.ok.values()].filter(({ step }) => !done.has(step));
  work.expect(missing.length + (before === undefined ? 1 : 0), onProgress);

  const files = new Set(pictures.pictures.map(({ hr }) => hr));
  const { unreadable, ...begun } =
    before === undefined
      ? {
          name: await freeName(run, nameOf(pictures, task)),
          created: new Date().toISOString(),
          ...(await scoreBicubic(work, pictures, scale)),
        }
      : { ...before, unreadable: before.problems.filter(({ file }) => files.has(file)) };
  const evaluation: CheckpointEvaluation = {
    ...{ format: 1, ...begun },
    ...{ task, measured: protocolWords[protocol], on: pictures.words, picturesSha256 },
    steps: [...new Set([...checkpoints.ok.keys(), ...done])].sort((a, b) => a - b),
    checkpoints: kept,
    problems: [...pictures.problems, ...unreadable, ...checkpoints.problems],
  };
  await writeEvaluation(run, evaluation);
  const enlarger = new CheckpointEnlarger(configuration, openEngine);
  try {
    for (const checkpoint of missing) await addCheckpoint(evaluation, checkpoint, work, enlarger);
  } finally {
    enlarger.dispose();
  }
  return evaluation;
}

/** Scores a checkpoint and writes it down with the others. */
async function addCheckpoint(
  evaluation: CheckpointEvaluation,
  { step, stage, sha256 }: CheckpointFile,
  work: Work,
  enlarger: CheckpointEnlarger,
): Promise<void> {
  const { run } = work;
  const folder = checkpointFolder(run, step);
  try {
    await enlarger.take(await loadGenerator(folder));
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    evaluation.steps = evaluation.steps.filter((each) => each !== step);
    // Training that goes on removes old checkpoints, which is no problem.
    if (existsSync(folder)) evaluation.problems.push({ file: folder, problem: error.message });
    work.skip();
    await writeEvaluation(run, evaluation);
    return;
  }
  const { images, seconds } = await work.score(enlarger, `Evaluating step ${formatCount(step)}`);
  const scores = inOrder(evaluation, images);
  const entry = { step, stage, sha256, seconds, mean: meanScores(scores)!, scores };
  evaluation.checkpoints = [...evaluation.checkpoints, entry].sort((a, b) => a.step - b.step);
  await writeEvaluation(run, evaluation);
}

/** Means are over the pictures that bicubic was scored on. Throws a `LabError` where one of them has gone. */
function inOrder(
  { images }: CheckpointEvaluation,
  scored: Evaluation['images'],
): Evaluation['images'][number]['scores'] {
  return images.map(({ name }) => {
    const scores = scored.find((each) => each.name === name)?.scores[0];
    if (scores !== undefined) return scores;
    throw new LabError(
      `${name} could not be read again. The pictures changed while they were used; evaluate again.`,
    );
  });
}

async function scoreBicubic(
  work: Work,
  pictures: RunPictures,
  scale: RunConfiguration['scale'],
): Promise<Pick<CheckpointEvaluation, 'images' | 'bicubic'> & { unreadable: Evaluation['problems'] }> {
  const openEngine = (): never => {
    throw new Error('an interpolation needs no engine');
  };
  const bicubic = await openContender('bicubic', 'bicubic', { scale, openEngine });
  const { images, problems } = await work.score(bicubic, 'Evaluating bicubic interpolation');
  if (images.length === 0) throw nothingScored(pictures.folder, [...pictures.problems, ...problems]);
  const scores = images.map((image) => image.scores[0]!);
  return {
    images: images.map(({ name, width, height }) => ({ name, width, height })),
    bicubic: { mean: meanScores(scores)!, scores },
    unreadable: problems,
  };
}

/** The pictures, how they are scored, and how far that is. */
class Work {
  private total = 0;
  private done = 0;
  private started = performance.now();
  private onProgress: CheckpointsWork['onProgress'];

  constructor(
    readonly run: string,
    private readonly pictures: RunPictures,
    private readonly scoring: ScoringTask,
    private readonly signal: AbortSignal,
  ) {}

  /** How many enlargers there will be. */
  expect(enlargers: number, onProgress: CheckpointsWork['onProgress']): void {
    this.total = enlargers * this.pictures.pictures.length;
    this.onProgress = onProgress;
    this.started = performance.now();
  }

  /** An enlarger that was expected is not there. */
  skip(): void {
    this.total -= this.pictures.pictures.length;
  }

  async score(
    enlarger: Enlarger,
    message: string,
  ): Promise<{ images: Evaluation['images']; seconds: number; problems: Evaluation['problems'] }> {
    const { pictures } = this.pictures;
    const before = this.done;
    const { images, seconds, problems } = await scorePictures([enlarger], pictures, this.scoring, {
      signal: this.signal,
      onImage: (done) => {
        this.done = before + done;
        const elapsed = (performance.now() - this.started) / 1000;
        const secondsLeft = (elapsed / this.done) * (this.total - this.done);
        this.onProgress?.({ done: this.done, total: this.total, unit: 'images', secondsLeft, message });
      },
    });
    return { images, seconds: seconds[0]!, problems: [...problems] };
  }
}

/** Checkpoints by their step, ascending, and those whose file cannot be read. */
async function usableCheckpoints(
  run: string,
): Promise<{ ok: ReadonlyMap<number, CheckpointFile>; problems: Evaluation['problems'] }> {
  const steps = await listCheckpoints(run);
  const ok = new Map<number, CheckpointFile>();
  const problems: Evaluation['problems'] = [];
  for (const step of steps) {
    const file = join(checkpointFolder(run, step), CHECKPOINT_FILE);
    try {
      ok.set(step, await readJson(file, checkpointFileSchema));
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      problems.push({ file, problem: error.message });
    }
  }
  if (ok.size > 0) return { ok, problems };
  throw noUsableCheckpoint(
    run,
    problems.map(({ problem }) => problem),
  );
}

function describeFolder({
  hr,
  lr,
  hrSuffix,
  lrSuffix,
  convention,
}: PictureSource): CheckpointTask['pictures'] {
  return {
    kind: 'folder',
    hr,
    ...(lr !== undefined && { lr }),
    ...(hrSuffix !== undefined && { hrSuffix }),
    ...(lrSuffix !== undefined && { lrSuffix }),
    convention,
  };
}

/** Both are made in the same order of keys. */
function isSame(a: CheckpointTask, b: CheckpointTask): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** `validation-y`, `Set5-srgan`; a folder called HR is known by the one that it is in. */
function nameOf({ folder }: RunPictures, { pictures, protocol }: CheckpointTask): string {
  const own = basename(folder);
  const telling = /^(hr|gt|original)$/i.test(own) ? basename(dirname(folder)) : own;
  const plain = telling
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 60);
  return `${pictures.kind === 'validation' ? 'validation' : plain || 'folder'}-${protocol}`;
}

async function freeName(run: string, wanted: string): Promise<string> {
  const taken = new Set((await evaluationNames(run)).map((name) => name.toLowerCase()));
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}
