/**
 * The workbench as a person uses it: palette, questions at the top of the window, editors, notifications, theme. Each
 * action waits for what it causes; none waits for a time.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errors, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { inProject } from '../../scripts/lib/project';
import type { LogWatch } from './log-watch';
import {
  ACTION_TIMEOUT_MS,
  pressInWorkbench,
  themes,
  type ThemeName,
  type VscodeSession,
} from './vscode-session';

/** Many times what the palette takes to open and to list a command. */
const PALETTE_TIMEOUT_MS = 10_000;

/** Many times what VS Code waits before it writes. */
const MOST_KEEPING_MS = 60_000;

export class Workbench {
  readonly page: Page;
  private readonly log: LogWatch;
  private readonly untilReady: VscodeSession['untilReady'];
  private readonly quickInput: Locator;

  constructor({ page, log, untilReady }: VscodeSession) {
    this.page = page;
    this.log = log;
    this.untilReady = untilReady;
    this.quickInput = this.page.locator('.quick-input-widget');
  }

  /** Presses a key that the workbench has bound, also when a page has the focus. */
  async press(key: string): Promise<void> {
    await pressInWorkbench(this.page, key);
  }

  /** Runs a command by the name that the palette shows. */
  async runCommand(title: string): Promise<void> {
    const input = this.quickInput.locator('input.input');
    const end = Date.now() + ACTION_TIMEOUT_MS;
    for (;;) {
      // A page takes the focus when it has loaded, which may be now, and the palette closes.
      await this.press('F1');
      try {
        await input.fill(`>${title}`, { timeout: PALETTE_TIMEOUT_MS });
        await this.row(title).click({ timeout: PALETTE_TIMEOUT_MS });
        return;
      } catch (error) {
        if (Date.now() > end || !(error instanceof errors.TimeoutError)) throw error;
      }
    }
  }

  /** Takes the choice with this label in the open list. */
  async choose(label: string): Promise<void> {
    await this.row(label).click();
  }

  private row(label: string): Locator {
    return this.quickInput
      .locator('.monaco-list-row')
      .filter({ has: this.page.locator('.label-name', { hasText: exactly(label) }) })
      .first();
  }

  /** Waits for the question whose placeholder, prompt or title has this text. */
  async expectQuestion(text: string): Promise<void> {
    const byPlaceholder = this.quickInput.locator(`input.input[placeholder*="${text}"]`);
    const byText = this.quickInput.getByText(text);
    await byPlaceholder.or(byText).first().waitFor();
  }

  /** Types an answer in place of the proposed one and confirms it. */
  async answer(text: string): Promise<void> {
    const input = this.quickInput.locator('input.input');
    await input.waitFor();
    await input.fill(text);
    await input.press('Enter');
  }

  /** Confirms the proposed answer. */
  async accept(): Promise<void> {
    await this.quickInput.locator('input.input').press('Enter');
  }

  /** Leaves the open question without an answer. */
  async leaveQuestion(): Promise<void> {
    await this.quickInput.locator('input.input').press('Escape');
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /** Picks a folder in the dialogue that VS Code shows in a browser: a path to type, and a button named `button`. */
  async pickFolder(path: string, button: string): Promise<void> {
    const input = this.quickInput.locator('input.input');
    const confirm = this.quickInput.locator('.quick-input-action .monaco-button', { hasText: button });
    await confirm.waitFor();
    // The dialogue writes its own path when it has read that folder, and reads the typed one before it takes it: a press in
    // between only completes the path.
    while (await confirm.isVisible()) {
      if ((await input.inputValue()) !== `${path}/`) await input.fill(`${path}/`);
      await confirm.click();
      await confirm.waitFor({ state: 'hidden', timeout: 1000 }).catch(() => undefined);
    }
  }

  /** Names a file in the dialogue that VS Code shows in a browser for saving one. */
  async saveAs(path: string): Promise<void> {
    const input = this.quickInput.locator('input.input');
    const confirm = this.quickInput.locator('.quick-input-action .monaco-button', { hasText: 'OK' });
    await confirm.waitFor();
    // It opens on the folder alone, and writes the proposed name, over what was typed, when it has read that folder.
    while ((await input.inputValue()).endsWith('/')) await this.page.waitForTimeout(50);
    await input.fill(path);
    await confirm.click();
    await confirm.waitFor({ state: 'hidden' });
  }

  /** Takes the entry of the open context menu with this name. */
  async chooseInMenu(name: string): Promise<void> {
    const entry = this.page.getByRole('menuitem', { name });
    await entry.waitFor();
    // A menu that has only just opened takes a click for the end of the one that opened it.
    while (await entry.isVisible()) {
      await entry.click();
      await entry.waitFor({ state: 'hidden', timeout: 1000 }).catch(() => undefined);
    }
  }

  /** The tab of an open editor. */
  tab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: name });
  }

  /** The document inside the webview of the active editor. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
  }

  /** A notification with this text, in the list that is opened: under its driver VS Code shows none by itself. */
  async notification(text: string | RegExp): Promise<Locator> {
    await this.runCommand('Notifications: Show Notifications');
    const notification = this.page.locator('.notifications-center .notification-list-item');
    return notification.filter({ hasText: text });
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text });
  }

  /**
   * Waits until what VS Code keeps for the next start has this text in it, JSON within JSON read as if it were not escaped.
   * In a browser it is written every few seconds, and a reload does not wait for it. Whether it is there is for what follows to
   * say: after a minute without it this goes on, because what VS Code keeps when it is left may have it yet.
   */
  async untilKept(text: string): Promise<void> {
    const kept = () => this.page.evaluate<boolean>(`(${browserKeeps})(${JSON.stringify(text)})`);
    const end = Date.now() + MOST_KEEPING_MS;
    while (!(await kept()) && Date.now() < end) await this.page.waitForTimeout(200);
  }

  async reload(): Promise<void> {
    this.log.pause();
    await this.page.reload();
    this.log.resume();
    await this.untilReady(this.page);
  }

  async setTheme(theme: ThemeName): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.quickInput.locator('input.input').fill(themes[theme]);
    await this.choose(themes[theme]);
    await this.page
      .locator(theme === 'light' ? '.monaco-workbench.vs' : '.monaco-workbench.vs-dark')
      .waitFor();
  }

  /** Saves pictures of the window in the dark and the light theme under .lab/screenshots; ends in the dark one. */
  async screenshots(name: string): Promise<void> {
    for (const theme of ['light', 'dark'] as const) {
      await this.setTheme(theme);
      await this.screenshot(`${name}-${theme}`);
    }
  }

  /** Saves a picture of the window under .lab/screenshots. */
  async screenshot(name: string): Promise<void> {
    const folder = inProject('.lab', 'screenshots');
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}

/** For the page, where it tells whether any database of VS Code has a value with the text. */
const browserKeeps = `async (text) => {
  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name));
    try {
      for (const store of database.objectStoreNames) {
        const values = await settled(database.transaction(store).objectStore(store).getAll());
        const texts = values.filter((value) => typeof value === 'string');
        if (texts.some((value) => value.replaceAll('\\\\', '').includes(text))) return true;
      }
    } finally {
      database.close();
    }
  }
  return false;
}`;

function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}
