/**
 * Whether `auto` computes in vectors of 256 bits. V8 calls its pairs of vectors experimental, so they are proven first: it has
 * to pair them, and training steps have to come out to the same bits as without. That is tried in processes of their own,
 * and remembered for this Node.js, processor and build of the lab.
 */
import { cpus } from 'node:os';
import { z } from 'zod';
import { bundlePath } from '../../folders/installation';
import { defaultEngineSettings, type EngineSettings } from '../../protocol/engine-settings';
import { tryPairing } from '../engines/wasm/wide-vectors/trial';
import { MachineMemory } from './machine-memory';
import { probeEngine } from './probe';
import { identityOfFile } from './trial';

type EmbeddedSettings = EngineSettings['embedded'];

/** That of Node 22; Node 20's, 11.3, pairs none, and need not be tried. */
const FIRST_V8 = 12;

const proofs = new MachineMemory('wide-vectors.json', z.boolean());

/** Tries it once for the method of convolutions in the settings. Never throws: what cannot be tried is not proven. */
export async function provesWideVectors({ convolutions }: EmbeddedSettings): Promise<boolean> {
  if (Number.parseInt(process.versions.v8) < FIRST_V8) return false;
  const build = await identityOfFile(bundlePath('engine-probe.js')).catch(() => '');
  const machine = `${process.version} ${process.versions.v8} ${cpus()[0]?.model ?? process.arch}`;
  const key = `${machine}, ${convolutions}, ${build}`;
  const known = await proofs.recall(key);
  if (known !== undefined) return known;
  const proven = await prove(convolutions);
  await proofs.keep(key, proven);
  return proven;
}

async function prove(choice: EmbeddedSettings['convolutions']): Promise<boolean> {
  // What `auto` is in wide vectors; in others it may be another method, whose last bits are others.
  const convolutions = choice === 'auto' ? 'winograd-4x4' : choice;
  if ((await tryPairing('relaxed')) !== undefined) return false;
  const [narrow, wide] = await Promise.all(
    [false, true].map((wideVectors) =>
      probeEngine({
        engine: 'embedded',
        settings: { ...defaultEngineSettings, embedded: { threads: 1, convolutions, wideVectors } },
        benchmarkSeconds: 0,
        digest: true,
      }),
    ),
  );
  if (!('ok' in narrow!) || !('ok' in wide!)) return false;
  return narrow.ok.digest !== undefined && narrow.ok.digest === wide.ok.digest;
}
