/** The Engine Doctor's page as a person reads it, inside the webview of the active editor. */
import type { FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from './workbench';

export class EnginesPage {
  readonly frame: FrameLocator;

  constructor(workbench: Workbench) {
    this.frame = workbench.webview();
  }

  /** The card of an engine, by its title and verdict. */
  engine(label: string | RegExp): Locator {
    return this.frame.getByRole('region', { name: label });
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('button', { name });
  }

  /** Resolves when an examination has ended. */
  async waitForReport(timeout: number): Promise<void> {
    await this.button('Measure again').waitFor({ timeout });
  }
}
