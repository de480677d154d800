/** Whether a run fits into memory, in the words of the terminal: told before it starts. */
import { availableParallelism } from 'node:os';
import { readDataset } from '../folders/dataset-folder';
import { datasetFolderOf, readRunConfiguration } from '../folders/marker-files';
import { availableMemory } from '../folders/memory-state';
import { memoryAdvice } from '../folders/out-of-memory';
import type { Dataset } from '../protocol/dataset-file';
import type { MemoryResult } from '../protocol/progress';
import { formatBytes } from '../protocol/quantities';
import type { RunConfiguration } from '../protocol/run-configuration';
import { decideEngine } from '../training/engines/open-engine';
import { estimateRunMemory } from '../training/run/estimate-memory';
import { estimateSamples } from '../training/run/sample-budget';

/** What WebAssembly can address. */
const EMBEDDED_LIMIT = 2 ** 32;

/**
 * Estimates for the engine that the configuration means here; measures the engines first where `auto` has to.
 *
 * @param folder of the data set
 */
export async function memoryOf(
  configuration: RunConfiguration,
  folder: string,
  dataset: Dataset,
): Promise<MemoryResult> {
  const { engine } = await decideEngine(configuration.engine, configuration.engineSettings);
  const { bytes, engineBytes } = estimateRunMemory(configuration, dataset, engine, availableParallelism());
  const availableBytes = availableMemory();
  const samples = await estimateSamples(configuration, folder, dataset);
  const common = { engine, neededBytes: bytes, availableBytes, samples };
  const needed = `the run needs about ${formatBytes(bytes)}`;
  if (engine === 'embedded' && engineBytes > EMBEDDED_LIMIT) {
    const problem = `Too large for the embedded engine: ${formatBytes(engineBytes)}, of the 4 GB that it can have.`;
    return { ...common, fits: false, message: `${problem} ${memoryAdvice(configuration)}` };
  }
  if (bytes > availableBytes) {
    const problem = `Memory will not suffice: ${needed}, and ${formatBytes(availableBytes)} are free.`;
    return { ...common, fits: false, message: `${problem} ${memoryAdvice(configuration)}` };
  }
  return {
    ...common,
    fits: true,
    message: `Memory: ${needed}, and ${formatBytes(availableBytes)} are free.`,
  };
}

/** Estimates for a run folder. Throws a `LabError` if its configuration or its data set cannot be read. */
export async function memoryOfRun(run: string): Promise<MemoryResult> {
  const configuration = await readRunConfiguration(run);
  const folder = datasetFolderOf(run, configuration);
  return memoryOf(configuration, folder, await readDataset(folder));
}
