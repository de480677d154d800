/** What the processes of `dataset-worker.ts` can be asked for, and the pool that asks them. */
import { bundlePath } from '../folders/installation';
import { hasCode, LabError } from '../folders/lab-error';
import { checkFiles, type ExpectedFile } from './check-files';
import { hashOf } from './hash';
import { readImageFile } from './images';
import { imageKinds } from './layout';
import {
  makeImages,
  probeSource,
  type ImageRecipe,
  type LeftOut,
  type Made,
  type MakeJob,
} from './make-images';
import { runEachOnWorkers, runOnWorkers, type JobList, type PoolOptions } from './worker-pool';

export type DatasetJob =
  | ({ kind: 'make' } & MakeJob)
  /** Can this source be used? */
  | { kind: 'probe'; source: string; recipe: ImageRecipe }
  /** The hashes of these files, null for one that cannot be read. */
  | { kind: 'hash'; files: readonly string[] }
  /** Are the HR and the LR file of an image those that were written? */
  | { kind: 'check'; files: readonly ExpectedFile[] };

export interface DatasetResults {
  make: Made;
  probe: LeftOut | { kind: 'usable' };
  hash: (string | null)[];
  /** What is wrong with each, null where nothing is. */
  check: (string | null)[];
}

/** Does a job, in a worker. */
export async function doDatasetJob(job: DatasetJob): Promise<DatasetResults[DatasetJob['kind']]> {
  switch (job.kind) {
    case 'make':
      return makeImages(job);
    case 'probe':
      return probeSource(job.source, job.recipe);
    case 'hash':
      return hashFiles(job.files);
    case 'check':
      return checkFiles(job.files);
  }
}

/** One after the other: memory holds one of them. */
async function hashFiles(files: readonly string[]): Promise<(string | null)[]> {
  const hashes: (string | null)[] = [];
  for (const file of files) hashes.push(await hashOfFile(file));
  return hashes;
}

async function hashOfFile(path: string): Promise<string | null> {
  try {
    return hashOf(await readImageFile(path));
  } catch (error) {
    if (error instanceof LabError || hasCode(error, 'EISDIR')) return null;
    throw error;
  }
}

const leftOut = (reason: string): LeftOut => ({
  kind: 'left-out',
  reason: `${reason} Save it anew with another program, as PNG for example, or take it away.`,
});

/** What stands for the result of a job that no worker survives: the source is left out, the file is not as it was. */
const lostResults: { [Kind in DatasetJob['kind']]: (reason: string) => DatasetResults[Kind] } = {
  make: leftOut,
  probe: leftOut,
  hash: () => [],
  check: (reason) => imageKinds.map(() => `The image cannot be read. ${reason}`),
};

type JobOf<Kind extends DatasetJob['kind']> = Omit<Extract<DatasetJob, { kind: Kind }>, 'kind'>;
type JobOptions<Kind extends DatasetJob['kind']> = Omit<PoolOptions<DatasetResults[Kind]>, 'onLost'>;

/** Runs jobs of one kind on worker processes; results are in the order of the jobs. */
export function runDatasetJobs<Kind extends DatasetJob['kind']>(
  kind: Kind,
  jobs: JobList<JobOf<Kind>>,
  options: JobOptions<Kind>,
): Promise<DatasetResults[Kind][]> {
  return runOnWorkers(bundlePath('dataset-worker.js'), jobsOfKind(kind, jobs), {
    ...options,
    onLost: lostResults[kind],
  });
}

/** Likewise, but results are only told, so that memory does not grow with the number of jobs. */
export function runEachDatasetJob<Kind extends DatasetJob['kind']>(
  kind: Kind,
  jobs: JobList<JobOf<Kind>>,
  options: JobOptions<Kind>,
): Promise<void> {
  return runEachOnWorkers(bundlePath('dataset-worker.js'), jobsOfKind(kind, jobs), {
    ...options,
    onLost: lostResults[kind],
  });
}

function jobsOfKind<Kind extends DatasetJob['kind']>(kind: Kind, jobs: JobList<JobOf<Kind>>): JobList {
  return { length: jobs.length, at: (index) => ({ ...jobs.at(index), kind }) };
}
