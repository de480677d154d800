/** The process that makes images; see worker-pool.ts for the other end. */
import sharp from 'sharp';
import { serveJobs } from './serve-jobs';
import { doDatasetJob, type DatasetJob } from './worker-jobs';

// One thread an image: the pool is what makes it parallel. No image is met twice, so nothing is worth keeping.
sharp.concurrency(1);
sharp.cache(false);

serveJobs((job) => doDatasetJob(job as DatasetJob));
