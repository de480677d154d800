/** The trainer's log for people: a line with its time for everything worth knowing, on stdout, which is `log.txt`. */

export type Log = (message: string) => void;

/** Writes to stdout unless told otherwise. Written at once, so that the log of a killed trainer is whole. */
export function createLog(write: (text: string) => void = (text) => void process.stdout.write(text)): Log {
  return (message) => {
    write(`${new Date().toISOString()} ${message}\n`);
  };
}
