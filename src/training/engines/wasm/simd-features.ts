/** Which SIMD this machine's WebAssembly has: found out by compiling our kernels. */
import { setFlagsFromString } from 'node:v8';
import { LabError } from '../../../folders/lab-error';
import { encodeKernels } from './kernels';

/** `relaxed` may fuse multiply and add, so its last bits depend on the kind of machine; `plain` is the same everywhere. */
export type Simd = 'relaxed' | 'plain';

/** The option of V8 that pairs vectors. */
export const PAIRING_FLAG = '--experimental-wasm-revectorize';

function tryCompile(simd: Simd, wide: boolean): WebAssembly.Module | undefined {
  const code = encodeKernels({ relaxed: simd === 'relaxed', wide });
  return WebAssembly.validate(code) ? new WebAssembly.Module(code) : undefined;
}

/** From now on V8 pairs vectors in what it compiles, in all threads: only where a trial says that it can. */
export function pairVectors(): void {
  setFlagsFromString(PAIRING_FLAG);
}

/**
 * The kernels, with relaxed SIMD where there is one and `wanted` does not say otherwise. `wide` ones are made for paired
 * vectors, and compute the same bits without.
 */
export function compileKernels(
  wanted: Simd | 'auto',
  wide = false,
): { module: WebAssembly.Module; simd: Simd } {
  if (wanted !== 'plain') {
    // Node 20 has relaxed SIMD behind a flag, which may be set at any time; later ones have it on.
    if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
    const module = tryCompile('relaxed', wide);
    if (module !== undefined) return { module, simd: 'relaxed' };
    if (wanted === 'relaxed') {
      throw new LabError(
        `WebAssembly has no relaxed SIMD in Node ${process.versions.node}. Choose plain SIMD for the embedded engine, or a newer Node.`,
      );
    }
  }
  const module = tryCompile('plain', wide);
  if (module === undefined) {
    throw new LabError(
      'WebAssembly has no SIMD on this machine, which the embedded engine needs. A processor with SSE4.1 or NEON and Node 20 or newer have it.',
    );
  }
  return { module, simd: 'plain' };
}
