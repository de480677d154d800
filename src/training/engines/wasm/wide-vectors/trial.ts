/**
 * V8's pairs of vectors: on x86 with AVX2, two neighbouring operations on 128 bits become one on 256. V8 calls it
 * experimental, and tells nobody whether it has it; so a process of its own tries it and checks what comes out.
 */
import { execFile } from 'node:child_process';
import { bundlePath } from '../../../../folders/installation';
import { PAIRING_FLAG, type Simd } from '../simd-features';
import { TILE_ROUTINES } from './check-products';

/** Exit code of a trial whose products are wrong. */
export const WRONG_PRODUCTS = 3;
/** Node's exit code where it does not know an option. */
const UNKNOWN_OPTION = 9;

/** Optimised at once and by one thread, so that the lines of one function come together. */
const trialFlags = [PAIRING_FLAG, '--trace-wasm-revectorize', '--no-liftoff', '--single-threaded'];

const here = `Node ${process.versions.node} (V8 ${process.versions.v8})`;

/** The reason where this V8 lacks the option. */
export const noPairing = `${here} cannot pair vectors`;

/** Why the tiles are not computed in vectors of 256 bits, from how a trial ended; undefined where they are. */
export function reasonAgainst({ code, output }: { code: number; output: string }): string | undefined {
  if (code === UNKNOWN_OPTION) return noPairing;
  if (code === WRONG_PRODUCTS) return `${here} pairs vectors, but computes wrong products in them`;
  if (code !== 0) return `the trial of paired vectors ended with exit code ${code} in ${here}`;
  const functions = output.split('Begin revec function').slice(1);
  const paired = functions.filter((lines) => lines.includes('Decide to vectorize'));
  return paired.length >= TILE_ROUTINES
    ? undefined
    : `${here} pairs no vectors on this processor, which may lack AVX2`;
}

/** Tries it. The answer is undefined where the tiles are computed in vectors of 256 bits, and otherwise says why not. */
export function tryPairing(
  simd: Simd,
  trialFile = bundlePath('wide-vectors-trial.js'),
): Promise<string | undefined> {
  const options = {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
    timeout: 30_000,
    maxBuffer: 1 << 26,
    windowsHide: true,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [...trialFlags, trialFile, simd], options, (error, output) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve(reasonAgainst({ code, output }));
    });
  });
}
