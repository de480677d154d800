/**
 * VS Code in a browser for one test: a server with folders of its own, and a page on its workbench. The extension comes
 * from this checkout, or from a package that is installed first.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findBrowser } from '../../scripts/lib/browser';
import { ensureVscode } from '../../scripts/lib/ensure-vscode';
import { projectRoot } from '../../scripts/lib/project';
import { installExtension, remotePath, startVscodeServer } from '../../scripts/lib/vscode-server';
import { LogWatch } from './log-watch';
import { openLosableNetwork, type LosableNetwork } from './losable-network';

/** Built-in themes: the name in the list; in settings it has `Default` before it. */
export const themes = { light: 'Light Modern', dark: 'Dark Modern' } as const;
export type ThemeName = keyof typeof themes;

export interface SessionOptions {
  /** Folder that is opened. */
  workspace: string;
  /** The extension: from this checkout, or a `.vsix` that is installed. */
  extension: 'checkout' | { vsix: string };
  theme?: ThemeName;
  /** False opens the workspace in Restricted Mode. */
  trusted?: boolean;
  settings?: Record<string, unknown>;
  /** Key bindings of the user, as keybindings.json has them. */
  keybindings?: { key: string; command: string; args: unknown }[];
  /** Module with `run()` that is started inside the extension host. */
  tests?: string;
  /** Called before the workbench loads. */
  beforeOpen?: (page: Page) => Promise<void>;
  /** Called with the folder of the installed extensions before the server starts. */
  installBeside?: (extensionsFolder: string) => Promise<void>;
}

export interface VscodeSession {
  page: Page;
  log: LogWatch;
  /** Between browser and server. */
  network: LosableNetwork;
  /** Of the server. */
  serverPid: number;
  /** Waits until a window that was opened or loaded anew takes commands, and the key bindings that were given. */
  untilReady: (page: Page) => Promise<void>;
  /** Opens another window on the same workspace. */
  openWindow: (beforeOpen?: SessionOptions['beforeOpen']) => Promise<Page>;
  /** Ends browser and server and removes their folders. */
  close: () => Promise<void>;
}

/** Generous: two busy cores may train while VS Code starts. */
export const ACTION_TIMEOUT_MS = 150_000;

const viewport = { width: 1440, height: 900 };

export async function openVscode(options: SessionOptions): Promise<VscodeSession> {
  const vscode = await ensureVscode();
  const program = await findBrowser(vscode);
  const home = await mkdtemp(join(tmpdir(), 'srgan-lab-vscode-'));
  const folders = { dataFolder: join(home, 'data'), extensionsFolder: join(home, 'extensions') };
  const user = join(folders.dataFolder, 'data', 'User');
  const settings: Record<string, unknown> = {
    ...plainWindow,
    'workbench.colorTheme': `Default ${themes[options.theme ?? 'dark']}`,
    ...options.settings,
  };
  const { keybindings = [] } = options;
  const untilReady = async (page: Page): Promise<void> => {
    await untilOpen(page);
    if (keybindings.length > 0) await untilKeysWork(page);
  };
  const log = new LogWatch();
  const closers: (() => Promise<unknown>)[] = [
    () => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  ];
  const close = async (): Promise<void> => {
    log.pause();
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    if (options.extension !== 'checkout') await installExtension(vscode, options.extension.vsix, folders);
    await options.installBeside?.(folders.extensionsFolder);
    await mkdir(user, { recursive: true });
    await writeFile(join(user, 'keybindings.json'), JSON.stringify([...keybindings, probe]));
    const server = await startVscodeServer(vscode, {
      ...folders,
      settings,
      driver: true,
      trustWorkspaces: options.trusted ?? true,
      onLine: (line) => {
        log.server(line);
      },
    });
    closers.push(() => server.stop());
    const network = await openLosableNetwork(server.port);
    closers.push(async () => {
      await network.close();
    });
    const browser = await launch(program.executable, program.env);
    closers.push(() => browser.close());
    const openWindow: VscodeSession['openWindow'] = async (beforeOpen) => {
      const page = await browser.newPage({ viewport });
      page.setDefaultTimeout(ACTION_TIMEOUT_MS);
      listen(page, log);
      await beforeOpen?.(page);
      const address = new URL(server.address(options.workspace, payload(network.port, options)));
      address.port = String(network.port);
      await page.goto(address.href);
      await untilReady(page);
      return page;
    };
    const page = await openWindow(options.beforeOpen);
    const serverPid = server.pid!;
    return { page, log, network, serverPid, untilReady, openWindow, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits until the workbench is there and knows the extension: its icon is in the activity bar. */
async function untilOpen(page: Page): Promise<void> {
  await page.locator('.activitybar a[aria-label^="SRGAN Lab"]').waitFor();
}

/**
 * Presses a key that the workbench has bound, also when a page has the focus: a page that still loads does not hand keys on.
 */
export async function pressInWorkbench(page: Page, key: string): Promise<void> {
  await page.evaluate('document.activeElement?.matches("iframe") && document.activeElement.blur()');
  await page.keyboard.press(key);
}

/** Does what can be seen, and nothing else. */
const probe = { key: 'ctrl+alt+f12', command: 'workbench.action.showCommands' };

/** The user's key bindings are read when the workbench is there already; until then VS Code's own, if any, are taken. */
async function untilKeysWork(page: Page): Promise<void> {
  const palette = page.locator('.quick-input-widget');
  const isShown = (): Promise<boolean> =>
    palette.waitFor({ timeout: 1000 }).then(
      () => true,
      () => false,
    );
  do await pressInWorkbench(page, 'Control+Alt+F12');
  while (!(await isShown()));
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'hidden' });
}

const plainWindow = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  // Selects what has just opened, and what a test has selected meanwhile is no longer.
  'explorer.autoReveal': false,
  'extensions.ignoreRecommendations': true,
  'extensions.autoUpdate': false,
  'security.workspace.trust.startupPrompt': 'never',
  'update.mode': 'none',
};

function launch(executable: string, env: Record<string, string>): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return chromium.launch({
    executablePath: executable,
    env: { ...Object.fromEntries(inherited), ...env },
    // Chromium's sandbox refuses to run as root.
    args: asRoot ? ['--no-sandbox'] : [],
  });
}

function listen(page: Page, log: LogWatch): void {
  page.on('console', (message) => {
    log.browser(message.type(), message.text());
  });
  page.on('pageerror', (error) => {
    log.uncaught(error);
  });
}

/** What the driver of the workbench reads from its address. */
function payload(port: number, { extension, tests }: SessionOptions): [string, string][] {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${remotePath(path)}`;
  const entries: [string, string][] = [['skipWelcome', 'true']];
  if (extension === 'checkout') entries.push(['extensionDevelopmentPath', remote(projectRoot)]);
  if (tests !== undefined) entries.push(['extensionTestsPath', remote(tests)]);
  return entries;
}
