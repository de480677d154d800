/**
 * The first look at all images. What is small is kept: measures, spectra of some, the few features by which an image is
 * found. All features, in which others are looked for, go to a file and are read back image by image.
 */
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { explainFileError, LabError } from '../../folders/lab-error';
import { bundlePath } from '../../folders/installation';
import type { Dataset, DatasetImage } from '../../protocol/dataset-file';
import type { ImageMeasures } from '../../protocol/image-measures';
import { CACHE_FOLDER, imagePath } from '../layout';
import { createEstimate, type WorkOptions } from '../work';
import { runOnWorkers, type PoolOptions } from '../worker-pool';
import type { AnalysisJob, AnalysisResults, Described, DescribeJob, Spectra } from './analysis-jobs';
import { featureBytes, featuresOfBytes, type PackedFeatures } from './packed-features';

/** Spectra are the mean of so many images, spread evenly over the data set. */
const SPECTRA = 200;

const prefix = 'features-';

/** What is known of each image, in the order of the data set. */
export interface Descriptions {
  measures: ImageMeasures[];
  indexed: PackedFeatures[];
  spectra: Spectra[];
  /** All features of an image. */
  featuresOf: (image: number) => Promise<PackedFeatures>;
}

/** Runs jobs of one kind on workers; results are in the order of the jobs. */
export function runAnalysisJobs<Kind extends AnalysisJob['kind']>(
  jobs: readonly (AnalysisJob & { kind: Kind })[],
  options: PoolOptions<AnalysisResults[Kind]>,
): Promise<AnalysisResults[Kind][]> {
  return runOnWorkers(bundlePath('analysis-worker.js'), jobs, options);
}

/** Looks at all images and hands what it found to `use`; the file of features is gone when that is done. */
export async function withDescriptions<Result>(
  folder: string,
  dataset: Dataset,
  options: WorkOptions & { workers: number },
  use: (descriptions: Descriptions) => Promise<Result>,
): Promise<Result> {
  const path = await featureFilePath(folder);
  const file = await openFile(path);
  try {
    return await use(await describeAll(folder, dataset, options, file, path));
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

/** A name in the folder of the cache, without what an interrupted analysis has left there. */
async function featureFilePath(folder: string): Promise<string> {
  const cache = join(folder, CACHE_FOLDER);
  try {
    await mkdir(cache, { recursive: true });
    for (const name of await readdir(cache)) {
      if (name.startsWith(prefix)) await rm(join(cache, name), { force: true });
    }
  } catch (error) {
    throw explainFileError('write into', cache, error);
  }
  return join(cache, `${prefix}${process.pid}.bin`);
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'w+');
  } catch (error) {
    throw explainFileError('write', path, error);
  }
}

async function describeAll(
  folder: string,
  dataset: Dataset,
  { workers, onProgress, signal }: WorkOptions & { workers: number },
  file: FileHandle,
  path: string,
): Promise<Descriptions> {
  const { images } = dataset;
  const measures = images.map((image) => image.measures);
  const indexed = new Array<PackedFeatures>(images.length);
  const places = new Array<{ offset: number; bytes: number }>(images.length);
  const spectra: Spectra[] = [];
  let end = 0;
  const keep = async (described: Described, index: number): Promise<void> => {
    measures[index] ??= described.measures;
    indexed[index] = { ...described.indexed, mirroredBits: none };
    if (described.spectra !== undefined) spectra[index] = described.spectra;
    const bytes = featureBytes(described.features);
    const offset = end;
    end += bytes.length;
    places[index] = { offset, bytes: bytes.length };
    await write(file, path, bytes, offset);
  };
  const estimate = createEstimate(images.length, 'images', 'Looking at images');
  const step = Math.max(1, Math.floor(images.length / SPECTRA));
  const jobs = images.map((image, index) => describeJob(folder, image, dataset.scale, index % step === 0));
  const results = await runAnalysisJobs(jobs, {
    count: workers,
    signal,
    onResult: async (described, index) => {
      await keep(described, index);
      // The pool keeps results; what was written need not be kept.
      described.features = { bits: none, mirroredBits: none, places: none };
    },
    onDone: (done) => onProgress?.(estimate(done)),
  });
  return {
    measures: measures.map((known, index) => known ?? results[index]!.measures!),
    indexed,
    // Those of the images in between are missing.
    spectra: Object.values(spectra),
    featuresOf: async (image) => featuresOfBytes(await read(file, path, places[image]!)),
  };
}

const none = new Uint32Array(0);

function describeJob(folder: string, image: DatasetImage, scale: number, spectra: boolean): DescribeJob {
  return {
    kind: 'describe',
    hr: imagePath(folder, 'hr', image.name),
    measure: image.measures === undefined,
    spectra: spectra ? { lr: imagePath(folder, 'lr', image.name), scale } : undefined,
  };
}

/** A write may stop half-way, above all just before a disk is full. */
async function write(file: FileHandle, path: string, bytes: Uint8Array, offset: number): Promise<void> {
  try {
    for (let done = 0; done < bytes.length;)
      done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
  } catch (error) {
    throw explainFileError('write', path, error);
  }
}

async function read(
  file: FileHandle,
  path: string,
  { offset, bytes }: { offset: number; bytes: number },
): Promise<Uint8Array> {
  const buffer = new Uint8Array(bytes);
  if (bytes === 0) return buffer;
  const { bytesRead } = await file.read(buffer, 0, bytes, offset);
  if (bytesRead !== bytes)
    throw new LabError(`${path} was cut short while it was in use. Analyse the data set again.`);
  return buffer;
}
