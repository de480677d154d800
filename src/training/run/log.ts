/** The trainer's log for people: a line with its time for everything worth knowing, on stdout, which is `log.txt`. */
import { writeSync } from 'node:fs';

export type Log = (message: string) => void;

const STDOUT = 1;

/** Written at once, so that the log of a killed trainer is whole. A log that cannot be written does not end a run. */
export function createLog(file: number = STDOUT): Log {
  return (message) => {
    try {
      writeSync(file, `${new Date().toISOString()} ${message}\n`);
    } catch {
      return;
    }
  };
}
