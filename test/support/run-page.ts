/** The run page as a person reads it, inside the webview of the active editor. */
import type { FrameLocator, Locator } from 'playwright-core';
import { ACTION_TIMEOUT_MS } from './vscode-session';
import type { Workbench } from './workbench';

/** What a test touches of an element in the page. */
interface ElementInPage {
  style: { cssText: string; display: string; minHeight: string };
  offsetHeight: number;
  ownerDocument: { defaultView: { requestAnimationFrame(draw: () => void): void } };
}

export class RunPage {
  readonly frame: FrameLocator;
  /** What the run does, in a word: `Training`, `Stopped` … */
  readonly state: Locator;
  /** PSNR against bicubic. */
  readonly quality: Locator;
  readonly gallery: Locator;

  constructor(workbench: Workbench) {
    this.frame = workbench.webview();
    this.state = this.frame.locator('.run-state');
    this.quality = this.frame.locator('.run-quality');
    this.gallery = this.frame.locator('.gallery');
  }

  /** Waits until the state is that word. */
  async waitForState(word: string | RegExp, timeout = ACTION_TIMEOUT_MS): Promise<void> {
    await this.state.filter({ hasText: word }).waitFor({ timeout });
  }

  /** Steps done, as the header says. */
  async step(): Promise<number> {
    const text = await this.frame.locator('.run-fact', { hasText: /^step/ }).innerText();
    return Number(/step ([\d,]+)/.exec(text)?.[1]?.replaceAll(',', ''));
  }

  /** Waits until the header shows at least so many steps. */
  async waitForStep(step: number, timeout = ACTION_TIMEOUT_MS): Promise<void> {
    const end = Date.now() + timeout;
    while ((await this.step()) < step) {
      if (Date.now() > end)
        throw new Error(`The run page still shows step ${await this.step()}, not ${step}.`);
      await this.state.page().waitForTimeout(200);
    }
  }

  button(name: string): Locator {
    return this.frame.locator('vscode-button').filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) });
  }

  async stop(): Promise<void> {
    await this.button('Stop').click();
    await this.waitForState('Stopped');
  }

  async resume(): Promise<void> {
    await this.button('Resume').click();
    await this.waitForState('Training');
  }

  /** Chooses how the pictures are compared: Columns, Slider, Blink or Difference. */
  async compare(mode: string): Promise<void> {
    await this.gallery.getByRole('button', { name: mode }).click();
    await this.gallery.getByRole('button', { name: mode, pressed: true }).waitFor();
  }

  /**
   * Height of the facts in the header, in CSS pixels, once observers of sizes have had their say.
   * @param style of their line, instead of the page's own
   * @param engine whether the engine's name is among them
   */
  async factsHeight({ style, engine = true }: { style: string; engine?: boolean }): Promise<number> {
    const display = engine ? '' : 'none';
    await this.frame.locator('.run-engine').evaluate((fact: ElementInPage, shown) => {
      fact.style.display = shown;
    }, display);
    return this.frame.locator('.page-facts').evaluate((facts: ElementInPage, asked) => {
      const { minHeight } = facts.style;
      facts.style.cssText = asked;
      facts.style.minHeight = minHeight;
      const { defaultView: window } = facts.ownerDocument;
      return new Promise<number>((resolve) => {
        window.requestAnimationFrame(() => {
          window.requestAnimationFrame(() => {
            resolve(facts.offsetHeight);
          });
        });
      });
    }, style);
  }

  /** The label over the SR picture, with its PSNR; present once the pictures are painted. */
  get superResolutionLabel(): Locator {
    return this.gallery.locator('.pane-name', { hasText: /^SR/ });
  }
}
