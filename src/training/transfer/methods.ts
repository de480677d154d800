/**
 * The methods of a curve, each as something that learns from a few labelled images and answers for the test images. A
 * linear probe computes the features of all images once; a network that is trained is trained for every cell.
 */
import type { TrainingLength, TransferConfiguration, TransferMethod } from '../../protocol/transfer';
import type { Engine } from '../engines/engine';
import { loadDiscriminator } from '../models/load-discriminator';
import { classifierNetwork, classifierWeights } from '../networks/classifier';
import { discriminatorNetwork } from '../networks/discriminator';
import { generatorNetwork } from '../networks/generator';
import { initialise } from '../networks/initialise';
import { loadGenerator } from '../upscale/load-generator';
import { describeMethod } from './compare-methods';
import type { LabelledImages } from './data/labelled-images';
import { dcganTrunk, requirePatches } from './dcgan';
import { extractFeatures, sideBySide } from './features/extract';
import { trunkOf, type Trunk } from './features/trunk';
import { vgg19Trunk } from './features/vgg19';
import { sharesOf } from './finetune/judge';
import { fromScratch } from './finetune/schedule';
import { trainClassifier } from './finetune/train-classifier';
import { pausing } from './pause';
import { fitProbe, type PartRows } from './regression/choose';
import { likeliest } from './regression/logistic';
import { subjectsOf, type Subject } from './subjects';

export interface Answer {
  /** Share of the validation part that was right. */
  readonly validation: number;
  /** For the test images, in order. */
  readonly predictions: readonly number[];
  /** How long a network was trained for it. */
  readonly training?: TrainingLength;
}

/** Learns from the training part of `parts`, which holds the labelled images only. */
export type Learner = (parts: PartRows) => Promise<Answer>;

export interface Method {
  readonly key: string;
  readonly method: TransferMethod;
  readonly description: string;
  /** The runs whose it is, by their names, where not of all of them. */
  readonly runs?: readonly string[];
  /** What learns under a seed. Asked once for each seed, one after the other. */
  learner(seed: number): Promise<Learner>;
}

export interface MethodSurroundings {
  readonly run: string;
  readonly engine: Engine;
  readonly images: LabelledImages;
  readonly configuration: TransferConfiguration;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number, unit: string, message: string) => void) | undefined;
}

/** The trunk of a run’s or a model’s discriminator. */
export async function discriminatorTrunk(folder: string): Promise<Trunk> {
  const { description, discriminator, weights } = await loadDiscriminator(folder);
  const network = discriminatorNetwork(discriminator, discriminator.patch);
  return trunkOf(`the discriminator of ${description}`, network, weights);
}

export async function generatorTrunk(folder: string): Promise<Trunk> {
  const { description, generator, scale, weights } = await loadGenerator(folder);
  return trunkOf(`the generator of ${description}`, generatorNetwork(generator, scale), weights);
}

/** The discriminator’s network with fresh weights of a seed. */
export async function randomTrunk(folder: string, seed: number): Promise<Trunk> {
  const { discriminator } = await loadDiscriminator(folder);
  const network = discriminatorNetwork(discriminator, discriminator.patch);
  return trunkOf('the discriminator with random weights', network, initialise(network, seed));
}

/**
 * The methods that a configuration names, in its order, for each of the runs. A baseline is each run’s own, but where networks
 * are the same, random weights and training from scratch are those of the first of them. Throws a `LabError` where
 * something that a method needs is missing, before anything is measured.
 */
export async function methodsOf(surroundings: MethodSurroundings): Promise<Method[]> {
  const { configuration, run } = surroundings;
  const subjects = await subjectsOf(run, configuration.otherRuns);
  const methods: Method[] = [];
  for (const method of configuration.methods) {
    for (const owners of ownersOf(method, subjects)) {
      const first = owners[0]!;
      const all = owners.length === subjects.length;
      const runs = owners.map(({ name }) => name);
      methods.push({
        key: first === subjects[0] ? method : `${method} ${first.name}`,
        method,
        description: describeMethod(method, all ? undefined : runs.join(', ')),
        ...(!all && { runs }),
        learner: await learnerOf(method, { ...surroundings, run: first.folder }),
      });
    }
  }
  return methods;
}

/** Runs that share a method, each group once. The first run’s is asked for even where it lacks something, which then is told. */
function ownersOf(method: TransferMethod, subjects: readonly Subject[]): Subject[][] {
  const able = subjects.filter(({ lacks }, index) => index === 0 || !lacks.includes(method));
  if (method === 'vgg19') return [[...subjects]];
  if (method !== 'random' && method !== 'scratch') return able.map((subject) => [subject]);
  const networks = [...new Set(able.map(({ network }) => network))];
  return networks.map((network) => able.filter((subject) => subject.network === network));
}

async function learnerOf(
  method: TransferMethod,
  surroundings: MethodSurroundings,
): Promise<Method['learner']> {
  const { run, engine, configuration, signal, onProgress } = surroundings;
  switch (method) {
    case 'discriminator':
      return probeOnce(surroundings, () => discriminatorTrunk(run));
    case 'random':
      return async (seed) => probing(surroundings, await randomTrunk(run, seed));
    case 'generator':
      return probeOnce(surroundings, () => generatorTrunk(run));
    case 'vgg19': {
      const trunk = await vgg19Trunk(configuration.vgg19);
      return probeOnce(surroundings, () => Promise.resolve(trunk));
    }
    case 'dcgan':
      await requirePatches(run);
      return probeOnce(surroundings, () =>
        dcganTrunk(engine, run, {
          steps: configuration.dcganSteps,
          signal,
          onStep: (done, total) => onProgress?.(done, total, 'steps', 'Training the DCGAN baseline'),
        }),
      );
    case 'scratch':
      return (seed) => Promise.resolve(training(surroundings, undefined, seed));
    case 'finetune':
      return async (seed) => training(surroundings, await discriminatorTrunk(run), seed);
  }
}

/** Features that are the same for all seeds are computed once. */
function probeOnce(surroundings: MethodSurroundings, trunk: () => Promise<Trunk>): Method['learner'] {
  let learner: Promise<Learner> | undefined;
  return () => (learner ??= trunk().then((own) => probing(surroundings, own)));
}

/** Logistic regression on the 4×4 maxima of all stages side by side. */
async function probing(
  { engine, images, signal, onProgress }: MethodSurroundings,
  trunk: Trunk,
): Promise<Learner> {
  const stages = await extractFeatures(engine, trunk, images, {
    signal,
    onImages: (done, total) =>
      onProgress?.(done, total, 'images', `Computing features of ${trunk.description}`),
  });
  const features = sideBySide(stages.map(({ pooled }) => pooled.grid));
  const labels = images.images.map(({ label }) => label);
  const pause = pausing(signal);
  return async (parts) => {
    const classes = images.classes.length;
    const { validationAccuracy, testPredictions } = await fitProbe(features, labels, classes, parts, pause);
    return { validation: validationAccuracy, predictions: testPredictions };
  };
}

/** A network trained on the labelled images, from a trunk’s weights or from scratch. */
function training(
  { engine, images, run, configuration, signal }: MethodSurroundings,
  trunk: Trunk | undefined,
  seed: number,
): Learner {
  return async (parts) => {
    const own = trunk ?? (await randomTrunk(run, seed));
    const { network, weights } = startOfClassifier(own, images.classes.length, trunk !== undefined, seed);
    const task = {
      network,
      stages: own.stages,
      images,
      train: parts.train,
      validation: parts.validation,
      settings: trunk === undefined ? fromScratch(configuration.fineTuning) : configuration.fineTuning,
      seed,
    };
    let trainAccuracy = 0;
    const trained = await trainClassifier(engine, task, weights, {
      signal,
      onEpoch: ({ accuracy }) => {
        trainAccuracy = accuracy;
      },
    });
    const { best, epochs, stepsPerEpoch } = trained;
    const training = { steps: epochs * stepsPerEpoch, bestStep: best.epoch * stepsPerEpoch, trainAccuracy };
    const shares = await sharesOf(engine, task, trained.weights, parts.test);
    return { validation: best.accuracy, predictions: likeliest(shares, images.classes.length), training };
  };
}

/** The network of a classifier on a trunk, and what it starts from. */
export function startOfClassifier(trunk: Trunk, classes: number, keepWeights: boolean, seed: number) {
  const channels = channelsOf(trunk);
  const network = classifierNetwork(trunk.network, channels, classes);
  return { network, weights: classifierWeights(network, keepWeights ? trunk : undefined, seed) };
}

/** Channels of a trunk’s result. */
function channelsOf({ network }: Trunk): number {
  const last = network.nodes.findLast((node) => node.type === 'convolution');
  if (last === undefined) throw new Error(`the ${network.name} has no convolution`);
  return last.outputChannels;
}
