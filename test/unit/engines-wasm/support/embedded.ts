/** Opens the embedded engine from source: its thread is bundled into a temporary file, so that no build is needed. */
import { buildSync } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedEngine, type EmbeddedOptions } from '../../../../src/training/engines/wasm/embedded-engine';

let workerFile: string | undefined;

function bundledWorker(): string {
  if (workerFile !== undefined) return workerFile;
  const folder = mkdtempSync(join(tmpdir(), 'kernel-worker-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  workerFile = join(folder, 'kernel-worker.js');
  buildSync({
    entryPoints: [join(__dirname, '../../../../src/training/engines/wasm/pool/kernel-worker.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outfile: workerFile,
  });
  return workerFile;
}

export function openEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedEngine> {
  return EmbeddedEngine.open({ workerFile: bundledWorker(), ...options });
}
