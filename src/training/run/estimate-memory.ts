/**
 * How much memory the training process of a run will hold at its peak, worked out before it starts. What the engines allocate is
 * known from the graphs; what Node.js, TensorFlow and the scoring of images take besides was measured (docs/engines.md).
 */
import type { Dataset } from '../../protocol/dataset-file';
import type { EngineName } from '../../protocol/engine-report';
import { defaultEngineSettings } from '../../protocol/engine-settings';
import type { RunConfiguration } from '../../protocol/run-configuration';
import { embeddedOptions } from '../engines/open-engine';
import { estimateMemory } from '../engines/wasm/estimate-memory';
import { peakLiveBytes } from '../graph/live-bytes';
import { elementCount } from '../graph/shape';
import type { StepGraph } from '../graph/step-graph';
import { receptiveRadius } from '../networks/parameters';
import { traceInference } from '../step/inference';
import { traceStep } from './stage-step';
import { planAxis, windowSize } from '../upscale/tiles';
import { KEPT_SHAPES } from '../upscale/upscaler';

const MB = 2 ** 20;

/** Measured: what the process holds apart from what is worked out. */
const BASE_BYTES: Readonly<Record<EngineName, number>> = { embedded: 195 * MB, native: 475 * MB };
/** Measured: stack, heap and code of a thread of the embedded engine. */
const THREAD_BYTES = 8 * MB;
/** Scoring an image: planes of Y and their local moments in double precision, for PSNR and SSIM, and the pictures. */
const SCORING_BYTES_PER_PIXEL = 50;
/** Share of the state that Node.js still holds a copy of when the engine is busiest: how it came from disk or was initialised. */
const STATE_COPY = 0.6;
/** The same of TensorFlow's first steps, which are sooner after it was handed over, and come before images are scored. */
const FIRST_STATE_COPY = 1.6;
/** TensorFlow's memory beside the values of a step: filters in another order, and sums under way. */
const STEP_OVERHEAD = 1.2;

interface Side {
  readonly height: number;
  readonly width: number;
}

export interface RunMemory {
  /** What the training process will hold at its peak (resident set), computing on the CPU. */
  readonly bytes: number;
  /** The part of it that the engine manages: state, activations, gradients, scratch. */
  readonly engineBytes: number;
}

/** What an estimate depends on. */
type ScoredDataset = Pick<Dataset, 'images'>;

/** Estimates for an engine with so many cores. Tests hold it within 20 % of what is then used. */
export function estimateRunMemory(
  configuration: RunConfiguration,
  dataset: ScoredDataset,
  engine: EngineName,
  cores: number,
): RunMemory {
  const steps = configuration.stages.map(({ name }) => traceStep[name](configuration));
  const windows = inferenceWindows(configuration, dataset);
  const state = stateBytes(steps);
  const scoring = SCORING_BYTES_PER_PIXEL * largestImage(dataset);
  const base = BASE_BYTES[engine];
  if (engine === 'native') {
    const most = (graphs: readonly StepGraph[]): number => Math.max(0, ...graphs.map(peakLiveBytes));
    const [training, inference] = [most(steps), most(windows.kept)];
    // TensorFlow takes memory for each value as it is computed, and keeps what it was given back for the next.
    const engineBytes = state + training + 2 * inference;
    const first = base + FIRST_STATE_COPY * state + state + STEP_OVERHEAD * training;
    return { bytes: Math.max(first, base + scoring + STATE_COPY * state + engineBytes), engineBytes };
  }
  const threads = THREAD_BYTES * threadsOf(configuration, cores);
  const engineBytes = state + embeddedBytes(configuration, steps, windows, cores);
  return { bytes: base + threads + scoring + STATE_COPY * state + engineBytes, engineBytes };
}

/**
 * Every plan has memory of its own. Those of inference are kept. A stage's is not given back to the system, but the next stage's
 * takes its place where it is the last one: where whole images need no windows that crops did not.
 */
function embeddedBytes(
  configuration: RunConfiguration,
  steps: readonly StepGraph[],
  windows: Windows,
  cores: number,
): number {
  const { exactness } = embeddedOptions(configuration.engineSettings ?? defaultEngineSettings);
  const threads = threadsOf(configuration, cores);
  const planBytes = (graph: StepGraph): number => estimateMemory(graph, { threads, exactness }).planBytes;
  const sum = (bytes: readonly number[]): number => bytes.reduce((total, each) => total + each, 0);
  const ofSteps = steps.map(planBytes);
  const stages = windows.growsByWholeImages ? sum(ofSteps) : Math.max(0, ...ofSteps);
  return stages + sum(windows.kept.map(planBytes));
}

function threadsOf({ engineSettings = defaultEngineSettings }: RunConfiguration, cores: number): number {
  return embeddedOptions(engineSettings).threads ?? cores;
}

/** Bytes of weights, moments and statistics: of every variable that a stage reads or updates. */
function stateBytes(steps: readonly StepGraph[]): number {
  const sizes = new Map<string, number>();
  for (const { variables, values } of steps) {
    for (const { name, value } of variables) sizes.set(name, elementCount(values[value]!.shape));
  }
  return Float32Array.BYTES_PER_ELEMENT * [...sizes.values()].reduce((sum, count) => sum + count, 0);
}

/** The images that are scored: those held out, or all where there are none. */
function scoredImages({ images }: ScoredDataset): readonly Side[] {
  const held = images.filter(({ split }) => split === 'validation');
  return held.length > 0 ? held : images;
}

/** Pixels of the largest image that is scored whole. */
function largestImage(dataset: ScoredDataset): number {
  return Math.max(0, ...scoredImages(dataset).map(({ width, height }) => width * height));
}

/** What validation runs the generator on. */
interface Windows {
  /** The generator on each window that the engine keeps a plan of. */
  readonly kept: readonly StepGraph[];
  /** Whether whole images need windows that crops did not. */
  readonly growsByWholeImages: boolean;
}

/** The distinct windows, in LR pixels: of the crops, then of whole images. */
function inferenceWindows(
  { generator, scale, validation }: RunConfiguration,
  dataset: ScoredDataset,
): Windows {
  const radius = receptiveRadius(generator, scale);
  const largest = windowSize(scale, generator.channels, radius);
  const windows = new Map<string, Side>();
  const add = (images: readonly Side[]): void => {
    for (const image of images) {
      const height = planAxis(Math.floor(image.height / scale), largest, radius).length;
      const width = planAxis(Math.floor(image.width / scale), largest, radius).length;
      windows.set(`${height}×${width}`, { height, width });
    }
  };
  const images = scoredImages(dataset);
  const cropped = (side: number): number => Math.min(side, validation.crop);
  add(
    images
      .slice(0, validation.images)
      .map(({ height, width }) => ({ height: cropped(height), width: cropped(width) })),
  );
  const ofCrops = windows.size;
  add(images);
  const kept = [...windows.values()]
    .slice(-KEPT_SHAPES)
    .map((side) => traceInference(generator, scale, { batch: 1, ...side }));
  return { kept, growsByWholeImages: windows.size > ofCrops };
}
