/**
 * Whether `auto` computes in vectors of 256 bits. V8 calls its pairs of vectors experimental, so they are proven first: it has
 * to pair them, and training steps have to come out to the same bits as without. That is tried in processes of their own,
 * and remembered for this Node.js, processor and build of the lab.
 */
import { cpus } from 'node:os';
import { z } from 'zod';
import { bundlePath } from '../../folders/installation';
import { defaultEngineSettings, type EngineSettings } from '../../protocol/engine-settings';
import { noPairing, tryPairing } from '../engines/wasm/wide-vectors/trial';
import { MachineMemory } from './machine-memory';
import { probeEngine } from './probe';
import { identityOfFile } from './trial';

type EmbeddedSettings = EngineSettings['embedded'];

/** That of Node 22; Node 20's, 11.3, pairs none, and need not be tried. */
const FIRST_V8 = 12;

/** Without a reason against them, wide vectors are proven. */
const proofs = new MachineMemory('wide-vectors.json', z.strictObject({ reason: z.string().optional() }));

/**
 * Why `auto` does not compute in vectors of 256 bits, by the method of convolutions in the settings; undefined where it does. It
 * is tried once. Never throws: what cannot be tried is not proven.
 */
export async function reasonAgainstWideVectors({
  convolutions,
}: EmbeddedSettings): Promise<string | undefined> {
  if (Number.parseInt(process.versions.v8) < FIRST_V8) return noPairing;
  const build = await identityOfFile(bundlePath('engine-probe.js')).catch(() => '');
  const machine = `${process.version} ${process.versions.v8} ${cpus()[0]?.model ?? process.arch}`;
  const key = `${machine}, ${convolutions}, ${build}`;
  const known = await proofs.recall(key);
  if (known !== undefined) return known.reason;
  const reason = await refute(convolutions);
  await proofs.keep(key, { reason });
  return reason;
}

/** Tries pairs of vectors, then whole steps in them. */
async function refute(choice: EmbeddedSettings['convolutions']): Promise<string | undefined> {
  const reason = await tryPairing('relaxed');
  if (reason !== undefined) return reason;
  // What `auto` is in wide vectors; in others it may be another method, whose last bits are others.
  const convolutions = choice === 'auto' ? 'winograd-4x4' : choice;
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
  if (!('ok' in narrow!) || !('ok' in wide!)) return 'training steps in paired vectors could not be tried';
  return narrow.ok.digest !== undefined && narrow.ok.digest === wide.ok.digest
    ? undefined
    : 'training steps come out to other bits in paired vectors';
}
