/** The end of a worker pool that is inside a worker process: it does one job after the other. */
import { LabError, messageOf } from '../folders/lab-error';
import type { WorkerMessage, WorkerReply, WorkerRequest } from './worker-messages';

/** Answers the pool that started this process, until it is killed or the pool is gone. */
export function serveJobs(work: (job: unknown) => Promise<unknown>): void {
  const send = (message: WorkerMessage): void => {
    process.send?.(message);
  };
  const answer = async (job: unknown): Promise<WorkerReply> => {
    try {
      return { result: await work(job) };
    } catch (error) {
      const stack = error instanceof Error ? (error.stack ?? '') : '';
      return { failure: messageOf(error), expected: error instanceof LabError, stack };
    }
  };
  process.on('message', ({ job }: WorkerRequest) => {
    void answer(job).then(send);
  });
  // Ctrl+C in a terminal reaches every process of the command; when to stop is the pool's to say.
  process.on('SIGINT', () => undefined);
  // Nobody is left who wants the result. Not `exit`, which waits for what a library is doing.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  send({ ready: true });
}
