/**
 * The baseline that asks whether super-resolution had any part in it: the same discriminator, trained on the same patches
 * for as many steps, against a generator that makes pictures of noise. It is trained once a run and kept there.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { writeFileAtomically, writeJsonAtomically } from '../../folders/atomic-write';
import { takeBuildLease } from '../../folders/build-lease';
import { readDatasetFile } from '../../folders/dataset-folder';
import { explainFileError, hasCode, LabError } from '../../folders/lab-error';
import { datasetFolderOf, readRunConfiguration } from '../../folders/marker-files';
import { readJson } from '../../folders/read-json';
import { TRANSFER_FOLDER } from '../../protocol/transfer';
import { formatCount } from '../../protocol/quantities';
import { randomStream } from '../../random/random-stream';
import type { Engine, HostTensor, NamedTensors } from '../engines/engine';
import { openFeed } from '../feed/feed';
import { discriminatorNetwork } from '../networks/discriminator';
import { freshMoments } from '../networks/initial-state';
import { initialise } from '../networks/initialise';
import type { Network } from '../networks/network';
import { NOISE_CHANNELS, noiseGenerator } from '../networks/noise-generator';
import { decodeSafetensors, encodeSafetensors } from '../run/safetensors';
import { adamScalars } from '../step/adam';
import { traceDcganStep } from '../step/dcgan-step';
import { trunkOf, type Trunk } from './features/trunk';

/** As its authors set them (section 4). */
const ADAM = { beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
const LEARNING_RATE = 2e-4;

const SAVE_EVERY = 250;
const FOLDER = 'dcgan';
const STATE_FILE = 'state.safetensors';

const stateFileSchema = z.object({
  format: z.literal(1),
  settings: z
    .string()
    .describe('Of the networks, the data and the seed, as one line: another one begins anew.'),
  step: z.int().min(0),
  sha256: z.string(),
});

export interface DcganOptions {
  readonly steps: number;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: (done: number, total: number) => void;
}

/** Throws a `LabError` where the data set of a run, whose patches the baseline is trained on, cannot be read. */
export async function requirePatches(run: string): Promise<void> {
  await readDatasetFile(datasetFolderOf(run, await readRunConfiguration(run)));
}

/** The trained trunk; goes on where it stopped, or reads what is complete. Throws a `LabError` if it cannot be trained. */
export async function dcganTrunk(
  engine: Engine,
  run: string,
  { steps, signal, onStep }: DcganOptions,
): Promise<Trunk> {
  const configuration = await readRunConfiguration(run);
  const { seed, data, scale, discriminator: layers } = configuration;
  const dataset = datasetFolderOf(run, configuration);
  const { contents } = await readDatasetFile(dataset);
  const discriminator = discriminatorNetwork(layers, data.patch);
  const generator = noiseGenerator(data.patch);
  const settings = JSON.stringify({ layers, data, seed, dataset: contents?.sha256 });
  const folder = join(run, TRANSFER_FOLDER, FOLDER);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw explainFileError('make', folder, error);
  });
  const release = await takeBuildLease(folder);
  try {
    return await trainedTrunk();
  } finally {
    await release();
  }

  async function trainedTrunk(): Promise<Trunk> {
    const saved = await readState(folder, settings, steps);

    const fresh = (network: Network) => ({ ...initialise(network, seed), ...freshMoments(network) });
    const tensors = saved?.tensors ?? { ...fresh(generator), ...fresh(discriminator) };
    const first = saved?.step ?? 0;
    const trained = first >= steps ? tensors : await train(tensors, first);
    const patches = `${formatCount(steps)} steps on the same patches, without super-resolution`;
    return trunkOf(`the discriminator of a DCGAN (${patches})`, discriminator, trained);
  }

  async function train(initial: NamedTensors, from: number): Promise<NamedTensors> {
    const { batch, patch } = data;
    const feed = await openFeed({ dataset, seed, ...data, side: patch / scale }, from);
    const state = await engine.createState(initial);
    try {
      const graph = traceDcganStep(generator, discriminator, { batch, side: patch, adam: ADAM });
      const executable = await engine.compile(graph, state);
      try {
        for (let step = from; step < steps; step++) {
          signal?.throwIfAborted();
          await setImmediate();
          const { hr } = await feed.next();
          const outputs = await executable.run({
            hr,
            noise: noiseBatch(batch, seed, step),
            ...scalars(step),
          });
          requireFinite(outputs, step);
          onStep?.(step + 1, steps);
          if ((step + 1) % SAVE_EVERY === 0 || step + 1 === steps) {
            await writeState(folder, settings, step + 1, await state.read());
          }
        }
      } finally {
        executable.dispose();
      }
      return await state.read();
    } finally {
      state.dispose();
      await feed.close();
    }
  }
}

function noiseBatch(batch: number, seed: number, step: number): HostTensor {
  const random = randomStream(seed, 'transfer/dcgan/noise', step);
  const data = Float32Array.from({ length: batch * NOISE_CHANNELS }, () => random.normal());
  return { shape: [batch, 1, 1, NOISE_CHANNELS], data };
}

function scalars(step: number): NamedTensors {
  const { stepSize, epsilon } = adamScalars(ADAM, LEARNING_RATE, step + 1);
  const scalar = (value: number): HostTensor => ({ shape: [], data: new Float32Array([value]) });
  return Object.fromEntries(
    ['generator', 'discriminator'].flatMap((group) => [
      [`${group}/stepSize`, scalar(stepSize)],
      [`${group}/epsilon`, scalar(epsilon)],
    ]),
  );
}

function requireFinite(losses: NamedTensors, step: number): void {
  const broken = Object.keys(losses).find((name) => !Number.isFinite(losses[name]!.data[0]));
  if (broken === undefined) return;
  throw new LabError(
    `The DCGAN baseline diverged at step ${step + 1}: ${broken} is no finite number. Train it for fewer steps ` +
      '(--dcgan-steps), or leave the baseline out (--methods).',
  );
}

async function writeState(
  folder: string,
  settings: string,
  step: number,
  state: NamedTensors,
): Promise<void> {
  const bytes = encodeSafetensors(state, { format: 'srgan-lab' });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  // The weights first: where the second file is not reached, their hash does not fit the first, and training begins anew.
  await writeFileAtomically(join(folder, STATE_FILE), bytes);
  await writeJsonAtomically(join(folder, 'state.json'), { format: 1, settings, step, sha256 });
}

/** What was kept of the same training, unless it went on for longer than is wanted now. */
async function readState(
  folder: string,
  settings: string,
  steps: number,
): Promise<{ step: number; tensors: NamedTensors } | undefined> {
  try {
    const file = await readJson(join(folder, 'state.json'), stateFileSchema);
    if (file.settings !== settings || file.step > steps) return undefined;
    const path = join(folder, STATE_FILE);
    const bytes = await readFile(path);
    if (createHash('sha256').update(bytes).digest('hex') !== file.sha256) return undefined;
    return { step: file.step, tensors: decodeSafetensors(bytes, path) };
  } catch (error) {
    if (error instanceof LabError || hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
