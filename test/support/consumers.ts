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
export const npmFolder = join(consumersFolder, 'npm');

const HINT = 'node scripts/bootstrap.mjs prepare-consumers fetches it';

/** The interpreter of the consumers' environment; skips the running test or hook, with the reason, where it is not there. */
export function consumersPython(test: Context): string {
  const python =
    process.platform === 'win32'
      ? join(pythonEnvironment, 'Scripts', 'python.exe')
      : join(pythonEnvironment, 'bin', 'python3');
  return existsSync(python) ? python : skip(test, 'the consumers’ Python environment');
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
