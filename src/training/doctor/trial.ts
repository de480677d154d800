/**
 * Whether a TensorFlow survives being loaded: tried once in a process of its own before a trainer loads it, and remembered for as
 * long as the file stays the same. A library that crashes then costs a sentence instead of a run.
 */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJsonAtomically } from '../../folders/atomic-write';
import { LabError } from '../../folders/lab-error';
import { readJson } from '../../folders/read-json';
import { findTensorFlow, type SearchOptions } from '../engines/native/find-tensorflow';
import { labHome } from '../engines/native/lab-environment';
import { probeEngine } from './probe';

/** Libraries that were loaded without harm, with what tells that they are still the same. */
const survivorsSchema = z.record(z.string(), z.string());

const survivorsFile = (): string => join(labHome(), 'tried-libraries.json');

async function survivors(): Promise<Record<string, string>> {
  try {
    return await readJson(survivorsFile(), survivorsSchema);
  } catch {
    // None yet, or unreadable: they are tried again.
    return {};
  }
}

/** Another size or date, or another Node.js, and the library has to be tried again. */
export async function identityOfFile(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return `${size} ${mtimeMs}`;
}

/** Tries to load the library, unless this one was loaded before. Throws a `LabError` that says how that ended and what to do. */
export async function requireLoadable(library: string): Promise<void> {
  const identity = `${await identityOfFile(library)} ${process.version}`;
  const known = await survivors();
  if (known[library] === identity) return;
  const result = await probeEngine({ engine: 'native', library, benchmarkSeconds: 0 });
  if ('problem' in result) {
    throw new LabError(
      `The TensorFlow at ${library} cannot be used. ${result.problem} ${result.advice} The embedded engine needs none.`,
    );
  }
  try {
    await mkdir(labHome(), { recursive: true });
    await writeJsonAtomically(survivorsFile(), { ...known, [library]: identity });
  } catch {
    // Not remembering costs a second the next time.
  }
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
