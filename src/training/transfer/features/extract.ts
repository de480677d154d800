/** The features of all images at every stage of a trunk, computed once on the engine and pooled as they come. */
import { freemem } from 'node:os';
import { OutOfMemoryError } from '../../../folders/out-of-memory';
import { formatBytes, formatCount } from '../../../protocol/quantities';
import type { Pooling } from '../../../protocol/transfer';
import type { Engine, HostTensor } from '../../engines/engine';
import { traceFeatures } from '../../step/features';
import type { LabelledImages } from '../data/labelled-images';
import type { Matrix } from '../regression/matrix';
import { gridLength, poolAverage, poolGrid, type Maps } from './pooling';
import type { Trunk } from './trunk';

export interface StageFeatures {
  readonly stage: string;
  readonly pooled: Readonly<Record<Pooling, Matrix>>;
}

export interface ExtractOptions {
  readonly batch?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onImages?: (done: number, total: number) => void;
}

const BATCH = 32;
/** Of the free memory, what features may take. */
const MEMORY_SHARE = 0.5;

/** Images `first` … as floats in [0, 1]; rows after the last are black. */
export function imageBatch(
  { side, pixels }: Pick<LabelledImages, 'side' | 'pixels'>,
  first: number,
  batch: number,
): HostTensor {
  const size = side * side * 3;
  const data = new Float32Array(batch * size);
  const bytes = pixels.subarray(first * size, (first + batch) * size);
  for (let i = 0; i < bytes.length; i++) data[i] = bytes[i]! / 255;
  return { shape: [batch, side, side, 3], data };
}

/** Features of every image at every stage, in the order of the stages. Throws a `LabError` if they need too much memory. */
export async function extractFeatures(
  engine: Engine,
  trunk: Trunk,
  images: LabelledImages,
  { batch = BATCH, signal, onImages }: ExtractOptions = {},
): Promise<StageFeatures[]> {
  const count = images.images.length;
  const nodes = trunk.stages.map(({ node }) => node);
  const graph = traceFeatures(trunk.network, nodes, { batch, height: images.side, width: images.side });
  const sizes = nodes.map((name): Omit<Maps, 'data'> => {
    const { value } = graph.outputs.find((output) => output.name === name)!;
    const [, height, width, channels] = graph.values[value]!.shape as [number, number, number, number];
    return { height, width, channels };
  });
  requireMemory(count, sizes);
  const matrix = (columns: number): Matrix => ({
    rows: count,
    columns,
    data: new Float32Array(count * columns),
  });
  const features = trunk.stages.map(({ name }, index): StageFeatures => {
    const size = sizes[index]!;
    return { stage: name, pooled: { grid: matrix(gridLength(size)), average: matrix(size.channels) } };
  });

  const state = await engine.createState(trunk.weights);
  try {
    const executable = await engine.compile(graph, state);
    try {
      for (let first = 0; first < count; first += batch) {
        signal?.throwIfAborted();
        const outputs = await executable.run({ images: imageBatch(images, first, batch) });
        const present = Math.min(batch, count - first);
        features.forEach(({ pooled }, index) => {
          const maps: Maps = { ...sizes[index]!, data: outputs[nodes[index]!]!.data };
          const { grid, average } = pooled;
          for (let i = 0; i < present; i++) {
            poolGrid(maps, i, grid.data, (first + i) * grid.columns);
            poolAverage(maps, i, average.data, (first + i) * average.columns);
          }
        });
        onImages?.(first + present, count);
      }
    } finally {
      executable.dispose();
    }
  } finally {
    state.dispose();
  }
  return features;
}

/** Features are held for all images, and once more while they are standardised. */
function requireMemory(count: number, sizes: readonly Omit<Maps, 'data'>[]): void {
  const columns = sizes.reduce((sum, size) => sum + gridLength(size) + size.channels, 0);
  const bytes = 2 * count * columns * Float32Array.BYTES_PER_ELEMENT;
  const free = freemem();
  if (bytes <= MEMORY_SHARE * free) return;
  throw new OutOfMemoryError(
    `The features of ${formatCount(count)} images take ${formatBytes(bytes)}, more than half of the ` +
      `${formatBytes(free)} of memory that are free. Take fewer images of a class (--limit), or close other programs.`,
  );
}

/** Matrices side by side: all stages of the DCGAN protocol as one. */
export function sideBySide(matrices: readonly Matrix[]): Matrix {
  const { rows } = matrices[0]!;
  const columns = matrices.reduce((sum, each) => sum + each.columns, 0);
  const data = new Float32Array(rows * columns);
  let offset = 0;
  for (const each of matrices) {
    for (let row = 0; row < rows; row++) {
      data.set(each.data.subarray(row * each.columns, (row + 1) * each.columns), row * columns + offset);
    }
    offset += each.columns;
  }
  return { rows, columns, data };
}
