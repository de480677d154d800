/** The preview as a person uses it, inside the webview of the active editor. */
import type { FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from './workbench';

export class PreviewPage {
  readonly frame: FrameLocator;
  readonly heading: Locator;
  readonly stage: Locator;
  readonly details: Locator;
  readonly choice: Locator;

  constructor(workbench: Workbench) {
    this.frame = workbench.webview();
    this.heading = this.frame.getByRole('heading', { level: 1 });
    this.stage = this.frame.getByRole('application');
    this.details = this.frame.getByRole('complementary', { name: 'Details' });
    this.choice = this.frame.locator('.preview-choice');
  }

  /** A fact of the file: `Size`, `Samples` … */
  fact(name: string): Locator {
    return this.details.locator('.preview-facts > div', { hasText: name }).locator('dd');
  }

  /** Chooses by the beginning of a label, with the keyboard's help. */
  async enlargeWith(label: string): Promise<void> {
    await this.choice.click();
    await this.frame.getByRole('option', { name: new RegExp(`^${label}`) }).click();
  }

  /** The label over a picture. */
  pictureOf(name: string): Locator {
    return this.stage.locator('.pane-name', { hasText: name });
  }
}
