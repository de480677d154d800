/** Running npm as this project does: silently, and without the install scripts of packages. */
import { runToEnd } from './child';

const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];

/** Runs `npm ARGS` in a folder; throws with the end of its output if it fails. */
export async function npm(args: string[], cwd: string, path = process.env['PATH'] ?? ''): Promise<void> {
  const env = { ...process.env, PATH: path };
  const cli = process.env['npm_execpath'];
  const what = `npm ${args.join(' ')}`;
  if (cli !== undefined && /\.c?js$/.test(cli)) {
    await runToEnd(process.execPath, [cli, ...args, ...flags], { cwd, env, output: 'silent' }, what);
  } else {
    const shell = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    await runToEnd(shell, [...args, ...flags], { cwd, env, output: 'silent' }, what);
  }
}
