/**
 * Whether `auto` computes in vectors of 256 bits. V8 calls its pairs of vectors experimental, so they are proven first: it has
 * to pair them, and training steps have to come out to the same bits as without. That is tried in processes of their own,
 * and remembered for this Node.js, processor and build of the lab.
 */
import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeJsonAtomically } from '../../folders/atomic-write';
import { bundlePath } from '../../folders/installation';
import { readJson } from '../../folders/read-json';
import type { EngineSettings } from '../../protocol/engine-settings';
import { labHome } from '../engines/native/lab-environment';
import { tryPairing } from '../engines/wasm/wide-vectors/trial';
import { probeEngine } from './probe';
import { identityOfFile } from './trial';

type EmbeddedSettings = EngineSettings['embedded'];

/** V8's of Node 20, 11.3, pairs none. */
const FIRST_V8 = 12;

const provenSchema = z.record(z.string(), z.boolean());
const provenFile = (): string => join(labHome(), 'wide-vectors.json');

async function remembered(): Promise<z.infer<typeof provenSchema>> {
  try {
    return await readJson(provenFile(), provenSchema);
  } catch {
    // Nothing remembered, or something unreadable: it is tried again.
    return {};
  }
}

/** Tries it once for the method of convolutions in the settings. Never throws: what cannot be tried is not proven. */
export async function provesWideVectors({ convolutions }: EmbeddedSettings): Promise<boolean> {
  if (Number.parseInt(process.versions.v8) < FIRST_V8) return false;
  const build = await identityOfFile(bundlePath('engine-probe.js')).catch(() => '');
  const machine = `${process.version} ${process.versions.v8} ${cpus()[0]?.model ?? process.arch}`;
  const key = `${machine}, ${convolutions}, ${build}`;
  const known = await remembered();
  const proven = known[key] ?? (await prove(convolutions));
  if (key in known) return proven;
  try {
    await mkdir(labHome(), { recursive: true });
    await writeJsonAtomically(provenFile(), { ...known, [key]: proven });
  } catch {
    // Not remembering costs a second the next time.
  }
  return proven;
}

async function prove(convolutions: EmbeddedSettings['convolutions']): Promise<boolean> {
  if ((await tryPairing('relaxed')) !== undefined) return false;
  const [narrow, wide] = await Promise.all(
    [false, true].map((wideVectors) =>
      probeEngine({
        engine: 'embedded',
        settings: {
          embedded: { threads: 1, convolutions, wideVectors },
          native: { bfloat16: false, gpuMemory: 'growth' },
        },
        benchmarkSeconds: 0,
        digest: true,
      }),
    ),
  );
  return 'ok' in narrow! && 'ok' in wide! && narrow.ok.digest === wide.ok.digest;
}
