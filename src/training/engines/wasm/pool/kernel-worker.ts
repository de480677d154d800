/**
 * One thread of the pool: waits for a run, then takes parts of its calls until there are none left. It blocks its event
 * loop on purpose; messages are taken from the port when a run starts.
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
const { module, memory, control: controlMemory, parts } = workerData as ThreadData;
const control = new Control(controlMemory);
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
 * Works on a run whose parts are numbered from `base` on. A part is taken only when it can start, so that nobody waits
 * for a thread that waits.
 */
function work(steps: readonly Step[], base: number, times: Float64Array | undefined): void {
  const end = steps.length * parts;
  for (;;) {
    const part = control.nextPart;
    const index = (part - base) | 0;
    if (index >= end) return;
    const call = Math.floor(index / parts);
    const { kernel, operands, after } = steps[call]!;
    control.waitForFinished((base + (times === undefined ? after : call) * parts) | 0);
    if (control.failed) return;
    if (!control.take(part)) continue;
    kernel(index % parts, parts, ...operands);
    // Written before the part counts as finished: then all times are there when the run is.
    if (times !== undefined) times[index] = seconds();
    const finished = (control.finish() - base) | 0;
    if (finished === end) tell({ kind: 'done' });
  }
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
    base = (base + steps.length * parts) | 0;
  }
} catch (error) {
  control.fail();
  tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
port.close();
