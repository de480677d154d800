/**
 * Whether a TensorFlow survives being loaded: tried once in a process of its own before a trainer loads it, and remembered for as
 * long as the file stays the same. A library that crashes then costs a sentence instead of a run.
 */
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { LabError } from '../../folders/lab-error';
import { findTensorFlow, type SearchOptions } from '../engines/native/find-tensorflow';
import { MachineMemory } from './machine-memory';
import { probeEngine } from './probe';

/** Libraries that were loaded without harm, with what tells that they are still the same. */
const survivors = new MachineMemory('tried-libraries.json', z.string());

/** Another size or date, or another Node.js, and the library has to be tried again. */
export async function identityOfFile(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${size} ${mtimeMs}`;
}

/** Tries to load the library, unless this one was loaded before. Throws a `LabError` that says how that ended and what to do. */
export async function requireLoadable(library: string): Promise<void> {
  const identity = `${await identityOfFile(library)} ${process.version}`;
  if ((await survivors.recall(library)) === identity) return;
  const result = await probeEngine({ engine: 'native', library, benchmarkSeconds: 0 });
  if ('problem' in result) {
    throw new LabError(
      `The TensorFlow at ${library} cannot be used. ${result.problem} ${result.advice} The embedded engine needs none.`,
    );
  }
  await survivors.keep(library, identity);
}

/** The library of the first TensorFlow that fits and can be loaded. Throws a `LabError` where there is none. */
export async function loadableTensorFlow(options: SearchOptions): Promise<string> {
  const found = await findTensorFlow(options);
  const library = found.find((each) => each.library !== undefined)?.library;
  if (library === undefined) {
    throw new LabError(
      `The native engine needs a TensorFlow, and there is none that fits on this machine. ${found[0]?.reason ?? ''} ` +
        'Set it up (srgan-lab engine setup), or choose the embedded engine.',
    );
  }
  await requireLoadable(library);
  return library;
}
