/** The process that looks at the pixels of images; see worker-pool.ts for the other end. */
import sharp from 'sharp';
import { serveJobs } from '../serve-jobs';
import { doAnalysisJob, type AnalysisJob } from './analysis-jobs';

// One thread an image: the pool is what makes it parallel.
sharp.concurrency(1);
sharp.cache(false);

serveJobs((job) => doAnalysisJob(job as AnalysisJob));
