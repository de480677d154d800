/**
 * The programs that exported models are for, from their own registries: Keras, ONNX Runtime and PyTorch for Python,
 * ONNX Runtime for Node.js, TensorFlow.js and UpscalerJS for browsers. `scripts/prepare-consumers.ts` fetches them; tests
 * skip those that are not there.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from 'mocha';
import { z } from 'zod';

export const consumersFolder = join(__dirname, '..', '..', '.lab', 'consumers');
export const pythonEnvironment = join(consumersFolder, 'python');
/** Keras 2, with the last TensorFlow that came with it. */
export const keras2Environment = join(consumersFolder, 'keras-2');
export const npmFolder = join(consumersFolder, 'npm');

const HINT = 'node scripts/bootstrap.mjs prepare-consumers fetches it';

/** The interpreter of a virtual environment. */
export function pythonOf(environment: string): string {
  return process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python3');
}

/** The interpreter of the consumers' environment; skips the running test or hook, with the reason, where it is not there. */
export function consumersPython(test: Context): string {
  const python = pythonOf(pythonEnvironment);
  return existsSync(python) ? python : skip(test, 'Python environment of the consumers');
}

/** Likewise of the environment with Keras 2. */
export function keras2Python(test: Context): string {
  const python = pythonOf(keras2Environment);
  return existsSync(python) ? python : skip(test, 'Keras 2, which needs Python 3.9, 3.10 or 3.11,');
}

/** A file or folder of a package for Node.js or browsers; skips where it is not there. */
export function consumerPackage(test: Context, ...path: string[]): string {
  const found = join(npmFolder, 'node_modules', ...path);
  return existsSync(found) ? found : skip(test, path.slice(0, path[0]?.startsWith('@') ? 2 : 1).join('/'));
}

export async function versionOfPackage(name: string): Promise<string> {
  const manifest = await readFile(
    join(npmFolder, 'node_modules', ...name.split('/'), 'package.json'),
    'utf8',
  );
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
}

function skip(test: Context, what: string): never {
  console.log(`      (skipped: no ${what} in .lab/consumers; ${HINT})`);
  return test.skip();
}
