/**
 * One thread of the pool: waits for a run, then does its part of every call, and what others leave. It blocks its event loop
 * on purpose; messages are taken from the port when a run starts.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { mathImports } from '../kernels/math-imports';
import { Control } from './control';
import type { BoundCall, FromThread, ThreadData, ToThread } from './messages';

interface Step {
  readonly kernel: WebAssembly.NumericFunction;
  readonly operands: readonly number[];
  /** Calls of the plan that must be finished before this one starts. */
  readonly after: number;
}

const port = parentPort!;
const { module, memory, control: controlMemory, parts, own } = workerData as ThreadData;
const control = new Control(controlMemory, parts);
const math = Object.fromEntries(mathImports.map((name) => [name, (x: number) => Math[name](x)]));
const kernels = new WebAssembly.Instance(module, { lab: { memory }, math }).exports;
const plans = new Map<number, readonly Step[]>();

function tell(message: FromThread): void {
  port.postMessage(message);
}

function bind(calls: readonly BoundCall[]): Step[] {
  let after = 0;
  return calls.map(({ kernel, operands, barrier }, index) => {
    if (barrier) after = index;
    return { kernel: kernels[kernel]!, operands, after };
  });
}

/** Reads messages up to the next run. */
function nextRun(): Extract<ToThread, { kind: 'run' }> {
  for (;;) {
    const received = receiveMessageOnPort(port) as { message: ToThread } | undefined;
    if (received === undefined) throw new Error('a run was started without saying which');
    const { message } = received;
    switch (message.kind) {
      case 'load':
        plans.set(message.plan, bind(message.calls));
        break;
      case 'forget':
        plans.delete(message.plan);
        break;
      case 'run':
        return message;
    }
  }
}

const seconds = (): number => Number(process.hrtime.bigint()) / 1e9;

/**
 * Works on a run, of which the first call has the number `base` among those of all runs. Every call is gone through by every
 * thread, so all parts of those before have been begun, and nobody waits for a thread that waits.
 */
function work(steps: readonly Step[], base: number, times: Float64Array | undefined): void {
  for (const [call, { kernel, operands, after }] of steps.entries()) {
    control.waitForFinished((base + (times === undefined ? after : call)) | 0);
    if (control.failed) return;
    for (let turn = 0; turn < parts; turn++) {
      const part = (own + turn) % parts;
      if (!control.begin(part, (base + call) | 0)) continue;
      kernel(part, parts, ...operands);
      // Written before the part counts as finished: then all times are there when the run is.
      if (times !== undefined) times[call * parts + part] = seconds();
      control.finish(part);
    }
  }
  control.waitForFinished((base + steps.length) | 0);
}

tell({ kind: 'ready' });
try {
  let base = 0;
  for (let run = 1; ; run = (run + 1) | 0) {
    control.waitForRun(run);
    if (control.stopped || control.failed) break;
    const { plan, times } = nextRun();
    const steps = plans.get(plan)!;
    work(steps, base, times);
    if (control.endRun(run)) tell({ kind: 'done' });
    base = (base + steps.length) | 0;
  }
} catch (error) {
  control.fail();
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
port.close();
