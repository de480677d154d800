/** The data set page as a person reads it, inside the webview of the active editor. */
import type { FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from './workbench';

export class DatasetPage {
  readonly frame: FrameLocator;

  constructor(workbench: Workbench) {
    this.frame = workbench.webview();
  }

  /** The entry of an image in the list. */
  image(name: string): Locator {
    return this.frame.getByRole('option', { name: new RegExp(name) });
  }
}
