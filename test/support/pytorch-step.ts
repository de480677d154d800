/** One training step in PyTorch and on an engine, from identical weights and images, in terms that can be compared. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunConfiguration } from '../../src/protocol/run-configuration';
import type { StageName } from '../../src/protocol/stage-names';
import type { Engine, HostTensor, NamedTensors } from '../../src/training/engines/engine';
import { initialState } from '../../src/training/networks/initial-state';
import { decodeSafetensors, encodeSafetensors } from '../../src/training/run/safetensors';
import { adamScalars } from '../../src/training/step/adam';
import { traceAdversarialStep } from '../../src/training/step/adversarial-step';
import { batchShapes, tracePixelStep } from '../../src/training/step/pixel-step';
import { peersFolder, type PyTorch } from './pytorch';

const run = promisify(execFile);

export interface StepCase {
  readonly configuration: RunConfiguration;
  readonly stage: StageName;
  readonly learningRate: number;
  /** Number of Adam's update, from 1. Its moments are zero before it all the same. */
  readonly update: number;
  /** Initial weights, then `lr` and `hr`. */
  readonly before: NamedTensors;
}

/** What a step gave: scalars, Σ of products with each parameter, and all state that it changed. */
export interface StepResult {
  readonly losses: NamedTensors;
  readonly gradients: NamedTensors;
  readonly after: NamedTensors;
}

export interface PyTorchResult {
  readonly float32: StepResult;
  readonly float64: StepResult;
  /** How near the step comes to a kink of a rectifier or of pooling, where gradients jump; see one_step.py. */
  readonly margin: number;
}

/** A case with fresh weights and images that are sums of a few long waves. */
export async function stepCase(
  configuration: RunConfiguration,
  stage: StageName,
  seed: number,
): Promise<StepCase> {
  const shapes = batchShapes(configuration);
  const before = {
    ...(await initialState({ ...configuration, seed })),
    lr: smoothImages(shapes.lr, seed),
    hr: smoothImages(shapes.hr, seed),
  };
  return { configuration, stage, learningRate: 1e-2, update: 5, before };
}

/** The same waves at every size, each image and channel with its own; in (0, 1). */
function smoothImages(shape: readonly number[], seed: number): HostTensor {
  const [images = 0, height = 0, width = 0, channels = 0] = shape;
  const data = new Float32Array(images * height * width * channels);
  let at = 0;
  for (let image = 0; image < images; image++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let channel = 0; channel < channels; channel++) {
          const [u, v] = [(x + 0.5) / width, (y + 0.5) / height];
          const phase = 1.7 * seed + 2.3 * image + 0.9 * channel;
          const waves =
            Math.sin(5 * u + 3 * v + phase) +
            Math.cos(7 * v - 4 * u + 2 * phase) +
            Math.sin(9 * u * v + 3 * phase);
          data[at++] = 0.5 + 0.15 * waves;
        }
      }
    }
  }
  return { shape, data };
}

/** Runs the step in PyTorch, in a process of its own. */
export async function stepInPyTorch(
  { python }: PyTorch,
  { before, ...description }: StepCase,
): Promise<PyTorchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'srgan-lab-pytorch-'));
  try {
    await writeFile(join(folder, 'case.json'), JSON.stringify(description));
    await writeFile(join(folder, 'before.safetensors'), encodeSafetensors(before));
    const { stdout } = await run(python, [join(peersFolder, 'one_step.py'), folder], { maxBuffer: 1 << 24 });
    const { margins } = JSON.parse(stdout) as { margins: { float64: number } };
    const read = async (precision: string): Promise<StepResult> => {
      const tensors = decodeSafetensors(await readFile(join(folder, `${precision}.safetensors`)), precision);
      return {
        losses: under('loss/', tensors),
        gradients: under('gradient/', tensors),
        after: under('after/', tensors),
      };
    };
    return { float32: await read('float32'), float64: await read('float64'), margin: margins.float64 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function under(prefix: string, tensors: NamedTensors): NamedTensors {
  const chosen = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(chosen.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

/** Runs the step on an engine. Gradients are those that Adam’s first moment saw. */
export async function stepOnEngine(engine: Engine, stepCase: StepCase): Promise<StepResult> {
  const { configuration, stage, learningRate, update, before } = stepCase;
  const graph = stage === 'pixel' ? tracePixelStep(configuration) : traceAdversarialStep(configuration);
  const state = await engine.createState(
    Object.fromEntries(graph.variables.map(({ name }) => [name, before[name]!])),
  );
  const executable = await engine.compile(graph, state);
  const scalars = adamScalars(configuration.adam, learningRate, update);
  const scalar = (value: number): HostTensor => ({ shape: [], data: Float32Array.of(value) });
  const inputs = Object.fromEntries(
    graph.inputs.map(({ name }) => {
      if (name.endsWith('/stepSize')) return [name, scalar(scalars.stepSize)];
      if (name.endsWith('/epsilon')) return [name, scalar(scalars.epsilon)];
      return [name, before[name]!];
    }),
  );
  const losses = await executable.run(inputs);
  const updated = graph.variables.filter((variable) => variable.update !== undefined).map(({ name }) => name);
  const after = await state.read(updated);
  executable.dispose();
  state.dispose();
  const { beta1 } = configuration.adam;
  const gradients = Object.entries(under('adam/m/', after)).map(([name, { shape, data }]) => [
    name,
    { shape, data: data.map((moment) => moment / (1 - beta1)) },
  ]);
  return { losses, gradients: Object.fromEntries(gradients) as NamedTensors, after };
}

export interface TensorError {
  readonly name: string;
  /** ‖actual − expected‖ / ‖expected‖. */
  readonly error: number;
}

const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/**
 * Relative errors of the tensors whose names match, largest first. A bias before batch normalisation has no gradient but
 * rounding, so no tensor’s norm is taken for less than a thousandth of all of them together.
 */
export function relativeErrors(actual: NamedTensors, expected: NamedTensors, names = /./): TensorError[] {
  const chosen = Object.keys(expected).filter((name) => names.test(name));
  const least = 1e-3 * Math.hypot(...chosen.map((name) => norm(expected[name]!.data)));
  return chosen
    .map((name) => {
      const reference = expected[name]!.data;
      const found = actual[name]?.data;
      if (found?.length !== reference.length) throw new Error(`${name} is missing or has another size`);
      const difference = found.map((value, i) => value - reference[i]!);
      return { name, error: norm(difference) / Math.max(norm(reference), least) };
    })
    .sort((a, b) => (Number.isNaN(b.error) ? 1 : b.error - a.error));
}
