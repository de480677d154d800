/**
 * How far apart two pictures are to VGG19: the form of LPIPS that its authors call the baseline, without learned weights. For
 * each counted layer the mean over positions of the squared distance of unit features; the sum over the layers. A picture of
 * any size, in windows (feature-windows.ts) whose sums equal those of the whole.
 */
import { setImmediate } from 'node:timers/promises';
import type { RgbImage } from '../../imaging/image';
import type { VggDistanceDescription } from '../../protocol/vgg-distance';
import { vggDistanceName } from '../../protocol/score-words';
import type { Engine, Executable, HostTensor, NamedTensors } from '../engines/engine';
import { networkRadius } from '../networks/parameters';
import { traceFeatures } from '../step/features';
import { unitFeatureDistance, type FeatureMap } from './feature-distance';
import { countedRows, planWindows, type WindowSpan } from './feature-windows';
import { featureNode, type VggFeatures } from './load-vgg';

export interface VggDistance {
  readonly description: VggDistanceDescription;
  /**
   * The distance, 0 for equal pictures and the same either way round; null where a picture is too small for the deepest
   * layer. Throws a `RangeError` if the sizes differ; rejects with the signal's reason when it aborts, between two windows.
   */
  between(a: RgbImage, b: RgbImage, signal?: AbortSignal): Promise<number | null>;
  dispose(): void;
}

export interface VggDistanceOptions {
  /** Side of the largest window; by default what memory and margins suggest. */
  readonly window?: number;
}

/** Least side of a window: a map of the first layer has then 64 MiB. */
const WINDOW = 512;
/** A window is not mostly margin: so many margins wide at least. */
const MARGINS = 6;
/** An image has at most four shapes of windows; a folder has images of few sizes. */
const KEPT_SHAPES = 8;

/** Puts the network on the engine, which whoever opened it disposes of afterwards. */
export async function openVggDistance(
  engine: Engine,
  { model, layers, network, weights }: VggFeatures,
  { window }: VggDistanceOptions = {},
): Promise<VggDistance> {
  const nodes = layers.map(featureNode);
  const stride = 2 ** (layers.length - 1);
  const radius = networkRadius(network);
  const largest = window ?? Math.max(WINDOW, MARGINS * radius);
  const state = await engine.createState(weights);
  const compiled = new Map<string, Executable>();

  const executableFor = async (height: number, width: number): Promise<Executable> => {
    const shape = `${height}×${width}`;
    const known = compiled.get(shape);
    if (known !== undefined) return known;
    const [oldest] = compiled.keys();
    if (compiled.size === KEPT_SHAPES && oldest !== undefined) {
      compiled.get(oldest)!.dispose();
      compiled.delete(oldest);
    }
    const executable = await engine.compile(
      traceFeatures(network, nodes, { batch: 1, height, width }),
      state,
    );
    compiled.set(shape, executable);
    return executable;
  };

  const featuresOf = async (image: RgbImage, rows: WindowSpan, columns: WindowSpan): Promise<NamedTensors> =>
    (await executableFor(rows.length, columns.length)).run({ images: pixelsOf(image, rows, columns) });
  // The same HR is often compared with many SR: what VGG19 sees of its last window is kept.
  let kept: { image: RgbImage; rows: WindowSpan; columns: WindowSpan; features: NamedTensors } | undefined;
  const keptFeaturesOf = async (
    image: RgbImage,
    rows: WindowSpan,
    columns: WindowSpan,
  ): Promise<NamedTensors> => {
    if (kept?.image === image && sameSpan(kept.rows, rows) && sameSpan(kept.columns, columns))
      return kept.features;
    const features = await featuresOf(image, rows, columns);
    kept = { image, rows, columns, features };
    return features;
  };

  const between = async (a: RgbImage, b: RgbImage, signal?: AbortSignal): Promise<number | null> => {
    const { width, height } = a;
    if (b.width !== width || b.height !== height) throw new RangeError('The pictures differ in size.');
    if (Math.min(width, height) < stride) return null;
    const sums = layers.map(() => 0);
    for (const rows of planWindows(height, largest, radius, stride)) {
      for (const columns of planWindows(width, largest, radius, stride)) {
        signal?.throwIfAborted();
        const [ofB, ofA] = [await keptFeaturesOf(b, rows, columns), await featuresOf(a, rows, columns)];
        nodes.forEach((node, layer) => {
          const [down, across] = [countedRows(rows, 2 ** layer), countedRows(columns, 2 ** layer)];
          const part = { top: down.from, bottom: down.to, left: across.from, right: across.to };
          sums[layer]! += unitFeatureDistance(mapOf(ofA[node]!), mapOf(ofB[node]!), part);
        });
        // An engine may compute without ever yielding; signals want their turn.
        await setImmediate();
      }
    }
    return sums.reduce((total, sum, layer) => total + sum / positions(width, height, 2 ** layer), 0);
  };

  return {
    description: { name: vggDistanceName(layers), layers: [...layers], model },
    between,
    dispose: () => {
      for (const executable of compiled.values()) executable.dispose();
      compiled.clear();
      kept = undefined;
      state.dispose();
    },
  };
}

function positions(width: number, height: number, stride: number): number {
  return Math.floor(width / stride) * Math.floor(height / stride);
}

function mapOf({ shape, data }: HostTensor): FeatureMap {
  return { width: shape[2]!, channels: shape[3]!, data };
}

function sameSpan(a: WindowSpan, b: WindowSpan): boolean {
  return a.start === b.start && a.length === b.length;
}

/** A window of the image as [1, height, width, 3] in [0, 1]. */
function pixelsOf(image: RgbImage, rows: WindowSpan, columns: WindowSpan): HostTensor {
  const line = 3 * columns.length;
  const data = new Float32Array(rows.length * line);
  for (let row = 0; row < rows.length; row++) {
    const from = 3 * ((rows.start + row) * image.width + columns.start);
    for (let i = 0; i < line; i++) data[row * line + i] = image.data[from + i]! / 255;
  }
  return { shape: [1, rows.length, columns.length, 3], data };
}
