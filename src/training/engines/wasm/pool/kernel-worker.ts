/**
 * One thread of the pool: waits for a run, calls the kernels of its plan one after the other, meets the others at
 * barriers. It blocks its event loop on purpose; messages are taken from the port when a run starts.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { mathImports } from '../kernels/math-imports';
import { Control } from './control';
import type { BoundCall, FromThread, ThreadData, ToThread } from './messages';

interface Step {
  readonly kernel: WebAssembly.NumericFunction;
  readonly operands: readonly number[];
  readonly barrier: boolean;
}

const port = parentPort!;
const { module, memory, control: controlMemory, threadId, threadCount } = workerData as ThreadData;
const control = new Control(controlMemory);
const math = Object.fromEntries(mathImports.map((name) => [name, (x: number) => Math[name](x)]));
const kernels = new WebAssembly.Instance(module, { lab: { memory }, math }).exports;
const plans = new Map<number, readonly Step[]>();
let arrivals = control.arrivals;

/** Ends a run that cannot be finished; the thread at fault tells why. */
class AnotherThreadFailed extends Error {}

function tell(message: FromThread): void {
  port.postMessage(message);
}

function bind(call: BoundCall): Step {
  return {
    kernel: kernels[call.kernel]!,
    operands: [threadId, threadCount, ...call.operands],
    barrier: call.barrier,
  };
}

/** Reads messages up to the next run. */
function nextRun(): { plan: readonly Step[]; timed: boolean } {
  for (;;) {
    const received = receiveMessageOnPort(port) as { message: ToThread } | undefined;
    if (received === undefined) throw new Error('a run was started without saying which');
    const { message } = received;
    switch (message.kind) {
      case 'load':
        plans.set(message.plan, message.calls.map(bind));
        break;
      case 'forget':
        plans.delete(message.plan);
        break;
      case 'run':
        return { plan: plans.get(message.plan)!, timed: message.timed };
    }
  }
}

function meet(): void {
  if (threadCount === 1) return;
  arrivals = (arrivals + threadCount) | 0;
  control.arrive();
  control.waitForArrivals(arrivals);
  if (control.failed) throw new AnotherThreadFailed();
}

function execute(plan: readonly Step[]): void {
  for (const { kernel, operands, barrier } of plan) {
    if (barrier) meet();
    kernel(...operands);
  }
  meet();
}

/** As `execute`, with a barrier around every call, so that each has its own time. */
function executeTimed(plan: readonly Step[]): Float64Array {
  const seconds = new Float64Array(plan.length);
  meet();
  plan.forEach(({ kernel, operands }, i) => {
    const start = performance.now();
    kernel(...operands);
    meet();
    seconds[i] = (performance.now() - start) / 1000;
  });
  return seconds;
}

tell({ kind: 'ready' });
try {
  for (let run = 1; ; run = (run + 1) | 0) {
    control.waitForRun(run);
    if (control.stopped || control.failed) break;
    const { plan, timed } = nextRun();
    const seconds = timed ? executeTimed(plan) : undefined;
    if (!timed) execute(plan);
    if (threadId === 0) tell({ kind: 'done', seconds });
  }
} catch (error) {
  control.fail();
  if (!(error instanceof AnotherThreadFailed))
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
port.close();
