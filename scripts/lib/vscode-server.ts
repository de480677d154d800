/**
 * A VS Code server on the loopback interface: its workbench opens in any browser. `npm start` serves it behind a token
 * with the extension installed; tests start it with the driver that loads an extension from its folder.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Child, describeExit, runToEnd, type Exit } from './child';
import type { VscodeInstallation } from './ensure-vscode';

export interface ServerOptions {
  /** Folder for everything that VS Code remembers. */
  dataFolder: string;
  extensionsFolder: string;
  /** User settings written before the start. */
  settings: Record<string, unknown>;
  /** Port to listen on; a free one when left out. */
  port?: number;
  /** Secret that the address must carry; without one, anyone on this machine may connect: for tests only. */
  token?: string;
  /** Loads extensions under development and their tests from the address. */
  driver?: boolean;
  /** False makes every new workspace untrusted. */
  trustWorkspaces?: boolean;
  onLine?: (line: string) => void;
}

export interface VscodeServer {
  origin: string;
  port: number;
  /** Undefined where it could not be started. */
  pid: number | undefined;
  /** Address that opens `folder`; `payload` as the driver takes it. */
  address: (folder: string, payload?: [string, string][]) => string;
  stopped: Promise<Exit>;
  stop: () => Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

/** Starts the server and resolves once it listens. Throws with the end of its log when it does not. */
export async function startVscodeServer(
  vscode: VscodeInstallation,
  options: ServerOptions,
): Promise<VscodeServer> {
  const settingsFolder = join(options.dataFolder, 'data', 'User');
  await mkdir(settingsFolder, { recursive: true });
  await mkdir(options.extensionsFolder, { recursive: true });
  await writeFile(join(settingsFolder, 'settings.json'), JSON.stringify(options.settings, null, 2));
  const args = [
    vscode.server,
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0)],
    ...(options.token === undefined ? ['--without-connection-token'] : ['--connection-token', options.token]),
    '--accept-server-license-terms',
    ...['--server-data-dir', options.dataFolder, '--extensions-dir', options.extensionsFolder],
    '--disable-telemetry',
    ...(options.driver === true ? ['--enable-smoke-test-driver'] : []),
    ...(options.trustWorkspaces === false ? [] : ['--disable-workspace-trust']),
  ];
  let announce: (port: number) => void;
  const listening = new Promise<number>((resolve) => (announce = resolve));
  const server = new Child(vscode.node, args, {
    output: 'lines',
    env: serverEnvironment(),
    onLine(line) {
      const port = /listening on (\d+)/.exec(line)?.[1];
      if (port !== undefined) announce(Number(port));
      options.onLine?.(line);
    },
  });
  const port = await firstOf(server, listening);
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    port,
    pid: server.pid,
    stopped: server.stopped,
    stop: () => server.stop(),
    address(folder, payload) {
      const query = new URLSearchParams();
      if (options.token !== undefined) query.set('tkn', options.token);
      query.set('folder', remotePath(folder));
      if (payload !== undefined) query.set('payload', JSON.stringify(payload));
      return `${origin}/?${query.toString()}`;
    },
  };
}

/** VS Code started from a terminal of VS Code must not take its variables for its own. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|npm_|NODE_OPTIONS$)/.test(name)),
  );
}

async function firstOf(server: Child, listening: Promise<number>): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const failed = server.stopped.then((exit) => {
    throw new Error(`The VS Code server ended with ${describeExit(exit)}:\n${server.output}`);
  });
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`The VS Code server did not answer within a minute:\n${server.output}`));
      void server.stop();
    }, START_TIMEOUT_MS);
  });
  try {
    return await Promise.race([listening, failed, late]);
  } finally {
    clearTimeout(timer);
    failed.catch(() => undefined);
  }
}

/** Path of a local folder as the workbench writes it: with slashes, and one before a drive letter. */
export function remotePath(folder: string): string {
  return decodeURIComponent(pathToFileURL(folder).pathname);
}

/** Installs a `.vsix` as users get it. */
export async function installExtension(
  vscode: VscodeInstallation,
  vsix: string,
  folders: Pick<ServerOptions, 'dataFolder' | 'extensionsFolder'>,
): Promise<void> {
  const args = [
    vscode.server,
    ...['--install-extension', vsix, '--force'],
    ...['--server-data-dir', folders.dataFolder, '--extensions-dir', folders.extensionsFolder],
    '--accept-server-license-terms',
    '--disable-telemetry',
  ];
  await mkdir(folders.extensionsFolder, { recursive: true });
  await runToEnd(
    vscode.node,
    args,
    { output: 'silent', env: serverEnvironment(), timeout: 120_000 },
    'Installing the extension',
  );
}
