/**
 * How large the windows of an enlargement are. A network sees further than a window's kept part, so small windows compute
 * most pixels several times; large ones need memory. So they are as large as the memory there is allows, up to where more
 * of it gains little.
 */
import { availableMemory } from '../../folders/memory-state';
import type { GeneratorConfiguration, Scale } from '../../protocol/run-configuration';
import type { Engine } from '../engines/engine';
import { estimateMemory } from '../engines/wasm/estimate-memory';
import { peakLiveBytes } from '../graph/live-bytes';
import { receptiveRadius } from '../networks/parameters';
import { traceInference } from '../step/inference';

export interface Tiling {
  /** Side of the largest window, in LR pixels. */
  readonly largest: number;
  /** Compiled windows are kept for the next picture of the size, as long as they have no more LR pixels together. */
  readonly keptPixels: number;
}

const MB = 2 ** 20;
/** With 16 blocks of 64 channels at ×4, windows of 1 GiB keep 60 % of what they compute, and of 2 GiB 70 %. */
const MOST_BYTES = 1024 * MB;
/** For who waits for the first window, or has several generators at work. */
export const MODEST_BYTES = 256 * MB;
/** Share of the memory that is available; the pictures, and other programs, need some as well. */
const SHARE = 0.25;
/** Side of the window that stands for all: large enough for scratch of a fixed size to matter little. */
const TYPICAL = 128;

/** Bytes that computing a window takes on an engine, for each LR pixel of the window. */
export function windowBytesPerPixel(
  { name, threads }: Pick<Engine['description'], 'name' | 'threads'>,
  generator: GeneratorConfiguration,
  scale: Scale,
): number {
  const graph = traceInference(generator, scale, { batch: 1, height: TYPICAL, width: TYPICAL });
  const bytes =
    name === 'embedded'
      ? estimateMemory(graph, { threads }).planBytes
      : // TensorFlow keeps for the next run what the last one gave back.
        2 * peakLiveBytes(graph);
  return bytes / TYPICAL ** 2;
}

/**
 * Windows for a generator on an engine, by the memory that is free now: at most `most` bytes, and at least so large that
 * a part of them is kept.
 * @param available bytes that this process could still get
 */
export function tilingFor(
  { description }: Pick<Engine, 'description'>,
  generator: GeneratorConfiguration,
  scale: Scale,
  most = MOST_BYTES,
  available = availableMemory(),
): Tiling {
  const devices = (description.devices ?? []).filter(({ type }) => type === 'GPU');
  const memory = Math.min(available, ...devices.map(({ memoryBytes }) => memoryBytes));
  const pixels = Math.min(most, SHARE * memory) / windowBytesPerPixel(description, generator, scale);
  const least = 3 * receptiveRadius(generator, scale);
  return { largest: Math.max(least, Math.floor(Math.sqrt(pixels))), keptPixels: pixels };
}
