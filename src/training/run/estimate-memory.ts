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
const BASE_BYTES: Readonly<Record<EngineName, number>> = { embedded: 175 * MB, native: 475 * MB };
/** Measured: stack, heap and code of a thread of the embedded engine. */
const THREAD_BYTES = 8 * MB;
/** Scoring an image: planes of Y and their local moments in double precision, for PSNR and SSIM, and the pictures. */
const SCORING_BYTES_PER_PIXEL = 50;
/** Share of the state that Node.js still holds a copy of when the engine is busiest: how it came from disk or was initialised. */
const STATE_COPY = 0.6;

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
  const { generator, scale } = configuration;
  const windows = inferenceWindows(configuration, dataset).map((side) =>
    traceInference(generator, scale, { batch: 1, ...side }),
  );
  const state = stateBytes(steps);
  const scoring = SCORING_BYTES_PER_PIXEL * largestImage(dataset);
  const computing =
    engine === 'embedded' ? embeddedBytes(configuration, steps, windows, cores) : nativeBytes(steps, windows);
  const threads = engine === 'embedded' ? THREAD_BYTES * threadsOf(configuration, cores) : 0;
  const engineBytes = state + computing;
  return { bytes: BASE_BYTES[engine] + threads + scoring + STATE_COPY * state + engineBytes, engineBytes };
}

/** Every plan has memory of its own; those of inference are kept, and a stage's is not given back to the system. */
function embeddedBytes(
  configuration: RunConfiguration,
  steps: readonly StepGraph[],
  windows: readonly StepGraph[],
  cores: number,
): number {
  const { exactness } = embeddedOptions(configuration.engineSettings ?? defaultEngineSettings);
  const threads = threadsOf(configuration, cores);
  const plans = [...steps, ...windows].map(
    (graph) => estimateMemory(graph, { threads, exactness }).planBytes,
  );
  return plans.reduce((sum, bytes) => sum + bytes, 0);
}

function threadsOf({ engineSettings = defaultEngineSettings }: RunConfiguration, cores: number): number {
  return embeddedOptions(engineSettings).threads ?? cores;
}

/** TensorFlow takes memory for each value as it is computed, and keeps what it was given back for the next. */
function nativeBytes(steps: readonly StepGraph[], windows: readonly StepGraph[]): number {
  const most = (graphs: readonly StepGraph[]): number => Math.max(0, ...graphs.map(peakLiveBytes));
  return most(steps) + 2 * most(windows);
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

/** The distinct windows, in LR pixels, that validation runs the generator on: of the crops, then of whole images. */
function inferenceWindows(
  { generator, scale, validation }: RunConfiguration,
  dataset: ScoredDataset,
): readonly Side[] {
  const radius = receptiveRadius(generator, scale);
  const largest = windowSize(scale, generator.channels, radius);
  const windows = new Map<string, Side>();
  const add = (height: number, width: number): void => {
    const side = {
      height: planAxis(Math.floor(height / scale), largest, radius).length,
      width: planAxis(Math.floor(width / scale), largest, radius).length,
    };
    windows.set(`${side.height}×${side.width}`, side);
  };
  const images = scoredImages(dataset);
  for (const { height, width } of images.slice(0, validation.images))
    add(Math.min(height, validation.crop), Math.min(width, validation.crop));
  for (const { height, width } of images) add(height, width);
  return [...windows.values()].slice(-KEPT_SHAPES);
}
