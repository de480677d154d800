/** The page of compared images as a person uses it, inside the webview of the active editor. */
import type { FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from './workbench';

export class CompareImagesPage {
  readonly frame: FrameLocator;
  readonly heading: Locator;
  readonly stage: Locator;
  readonly figures: Locator;

  constructor(workbench: Workbench) {
    this.frame = workbench.webview();
    this.heading = this.frame.getByRole('heading', { level: 1 });
    this.stage = this.frame.getByRole('application');
    this.figures = this.frame.getByRole('region', { name: 'Figures' });
  }

  /** The label over a picture. */
  pictureOf(name: string): Locator {
    return this.stage.locator('.pane-name').getByText(name, { exact: true });
  }

  /** The row of a picture. */
  row(name: string): Locator {
    return this.figures
      .getByRole('row')
      .filter({ has: this.frame.getByRole('button', { name, exact: true }) });
  }

  /** The PSNR of a picture, once it is measured. */
  psnrOf(name: string): Locator {
    return this.row(name).getByRole('cell', { name: /^\d\d\.\d\d( \(best\))?$/ });
  }

  /** Names of the pictures in the order of the table. */
  async names(): Promise<string[]> {
    return this.figures.locator('tbody th button').allInnerTexts();
  }

  view(name: string): Locator {
    return this.frame.getByRole('group', { name: 'Comparison' }).getByRole('button', { name });
  }
}
