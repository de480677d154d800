/**
 * Browsers: the one that drives VS Code in tests (an installed Chrome, Chromium or Edge, else the Chromium that came
 * from npm), and the person's own, in which `npm start` opens the page.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runToEnd } from './child';
import { hasPackagedChromium, type VscodeInstallation } from './ensure-vscode';
import { inProject } from './project';

export interface BrowserProgram {
  executable: string;
  env: Record<string, string>;
}

const namesOnPath = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
];

function usualPlaces(): string[] {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (process.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map(
      (name) => process.env[name] ?? '',
    );
    const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
    return roots.flatMap((root) => programs.map((program) => join(root, program)));
  }
  return onPath(namesOnPath);
}

function onPath(names: string[]): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The browser for tests. `SRGAN_LAB_BROWSER` names one. Throws with what to do when there is none. */
export async function findBrowser(vscode: VscodeInstallation): Promise<BrowserProgram> {
  const chosen = process.env['SRGAN_LAB_BROWSER'];
  if (chosen !== undefined) return { executable: chosen, env: {} };
  const installed = usualPlaces().find(isExecutable);
  if (installed !== undefined) return { executable: installed, env: {} };
  if (!hasPackagedChromium) {
    throw new Error(
      'The tests drive VS Code in a browser, and none was found. Install Chrome, Chromium or Edge, or set SRGAN_LAB_BROWSER to the path of one.',
    );
  }
  return unpackChromium(vscode);
}

async function unpackChromium(vscode: VscodeInstallation): Promise<BrowserProgram> {
  const folder = inProject('.vscode-test', 'chromium');
  await mkdir(folder, { recursive: true });
  // The package unpacks into the folder for temporary files.
  const program =
    "import chromium from '@sparticuz/chromium'; process.stdout.write(await chromium.executablePath());";
  const executable = await runToEnd(
    vscode.node,
    ['--input-type=module', '--eval', program],
    { cwd: vscode.folder, env: { ...process.env, TMPDIR: folder }, output: 'silent' },
    'Unpacking Chromium',
  );
  // Its fonts serve where the system has none.
  const env: Record<string, string> = existsSync('/etc/fonts')
    ? {}
    : { FONTCONFIG_PATH: join(folder, 'fonts') };
  return { executable, env };
}

/** Opens `address` in the person's browser, if there is a desktop. Failing is no harm: the address is printed too. */
export function openForPerson(address: string): void {
  if (process.env['CI'] !== undefined) return;
  if (process.platform === 'win32') launch('rundll32', ['url.dll,FileProtocolHandler', address]);
  else if (process.platform === 'darwin') launch('open', [address]);
  else if (process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined) {
    launch('xdg-open', [address]);
  }
}

function launch(command: string, args: string[]): void {
  spawn(command, args, { detached: true, stdio: 'ignore' })
    .once('error', () => undefined)
    .unref();
}
