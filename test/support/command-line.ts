/** Runs the command line as a person's shell would: from source, or as it was built, which starts sooner. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bundlePath } from '../../src/folders/installation';

const main = join(__dirname, '..', '..', 'src', 'cli', 'main.ts');

export interface Ending {
  /** Exit code, or the signal that ended it. */
  code: number | NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Ends with the command. `onStderr` gets each piece of stderr and a function that sends a signal. */
export function runCli(
  args: readonly string[],
  onStderr?: (text: string, send: (signal: NodeJS.Signals) => void) => void,
): Promise<Ending> {
  return run(['--import', 'tsx', main, ...args], onStderr);
}

/** Like `runCli`, with what `npm run build` made of it. */
export function runBuiltCli(args: readonly string[]): Promise<Ending> {
  return run([bundlePath('cli.js'), ...args]);
}

function run(
  command: readonly string[],
  onStderr?: (text: string, send: (signal: NodeJS.Signals) => void) => void,
): Promise<Ending> {
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    onStderr?.(text, (signal) => child.kill(signal));
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code: code ?? signal, stdout, stderr });
    });
  });
}
