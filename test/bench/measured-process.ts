/** A command with all the processes it starts: how long it takes, what of it is processor time, and how much memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

export interface Usage {
  /** From start to end. */
  seconds: number;
  /** Of all processes and threads. */
  processorSeconds: number;
  /** The most that the processes had together, shared pages counted once; on Linux, else 0. */
  peakBytes: number;
}

/** Runs a command to its end. Throws with what it printed if it fails. Needs a POSIX shell. */
export async function measureProcess(
  file: string,
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Usage> {
  const started = performance.now();
  // The shell tells the processor time of all that it waited for.
  const shell = spawn('sh', ['-c', '"$@" >/dev/null || exit; times', 'sh', file, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let [output, errors, running, peakBytes] = ['', '', true, 0];
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2000)));
  const ended = once(shell, 'close').then(([code]) => {
    running = false;
    return code as number | null;
  });
  while (running) {
    peakBytes = Math.max(peakBytes, await memoryOfTree(shell.pid!));
    await Promise.race([ended, setTimeout(50)]);
  }
  const seconds = (performance.now() - started) / 1000;
  if ((await ended) !== 0) throw new Error(`${file} ${parameters.join(' ')} failed:\n${errors}`);
  return { seconds, processorSeconds: childrenTime(output), peakBytes };
}

/** The second line of `times`: user and system time of the children, as 1m2.34s. */
function childrenTime(output: string): number {
  const times = [...(output.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.,]+)s/g)];
  if (times.length !== 2) throw new Error(`The shell told no times: ${output}`);
  return times.reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds!.replace(',', '.')),
    0,
  );
}

async function memoryOfTree(root: number): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const parent = /.*\) \S (\d+)/s.exec(stat)?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isInTree = (id: number | undefined): boolean =>
    id !== undefined && (id === root || isInTree(parents.get(id)));
  let bytes = 0;
  for (const id of [...parents.keys()].filter(isInTree)) {
    const rollup = await readFile(`/proc/${id}/smaps_rollup`, 'utf8').catch(() => '');
    bytes += 1024 * Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  return bytes;
}
