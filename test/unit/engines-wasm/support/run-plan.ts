/**
 * Runs a plan without an engine: on this thread, in a memory of its own, the parts of each call one after the other. For
 * tests of lowerings by themselves.
 */
import { mathImports } from '../../../../src/training/engines/wasm/kernels/math-imports';
import type { Buffer } from '../../../../src/training/engines/wasm/plan/buffer';
import type { PlanBuilder } from '../../../../src/training/engines/wasm/plan/plan-builder';
import { compileKernels, type Simd } from '../../../../src/training/engines/wasm/simd-features';

/** Where the arena begins: nothing lies at address 0. */
const ARENA = 64;
const PAGE = 65536;

/** The contents of `outputs` afterwards. All buffers belong to the arena. */
export function runPlan(
  builder: PlanBuilder,
  inputs: ReadonlyMap<Buffer, ArrayLike<number>>,
  outputs: readonly Buffer[],
  simd: Simd = 'plain',
): Float32Array[] {
  for (const buffer of [...inputs.keys(), ...outputs]) builder.keep(buffer);
  const { entries, arenaBytes, offsets } = builder.finish();
  const pages = Math.ceil((ARENA + arenaBytes) / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const math = Object.fromEntries(mathImports.map((name) => [name, (x: number) => Math[name](x)]));
  const kernels = new WebAssembly.Instance(compileKernels(simd).module, { lab: { memory }, math }).exports;
  // Whatever a kernel does not write must not matter.
  new Float32Array(memory.buffer).fill(NaN);
  const floats = (buffer: Buffer): Float32Array =>
    new Float32Array(memory.buffer, ARENA + offsets.get(buffer)!, buffer.floats);
  for (const [buffer, data] of inputs) floats(buffer).set(data);
  for (const { kernel, operands, relative } of entries) {
    const bound = [...operands];
    for (const i of relative) bound[i]! += ARENA;
    for (let part = 0; part < builder.threads; part++) kernels[kernel]!(part, builder.threads, ...bound);
  }
  return outputs.map((output) => new Float32Array(floats(output)));
}
