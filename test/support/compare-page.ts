/** The compare page as a person reads it, inside the webview of the active editor. */
import type { FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from './workbench';

export class ComparePage {
  readonly frame: FrameLocator;
  readonly heading: Locator;
  readonly table: Locator;
  readonly pictures: Locator;

  constructor(workbench: Workbench) {
    this.frame = workbench.webview();
    this.heading = this.frame.getByRole('heading', { level: 1 });
    this.table = this.frame.getByRole('table');
    this.pictures = this.frame.getByRole('region', { name: 'Pictures' });
  }

  /** The row of a run. */
  row(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.frame.getByRole('button', { name, exact: true }) });
  }

  /** Names of the runs in the order of the rows. */
  async names(): Promise<string[]> {
    return this.table.locator('tbody th .link').allInnerTexts();
  }

  /** Titles of the columns, from left to right. */
  async titles(): Promise<string[]> {
    const texts = await this.table.locator('thead th').allInnerTexts();
    return texts.map((text) => text.trim());
  }

  /** What a row has in the column of that title. */
  async cell(name: string, title: string): Promise<string> {
    const column = (await this.titles()).indexOf(title);
    return (await this.row(name).locator('th, td').nth(column).innerText()).trim();
  }

  /** Presses the title of a column that nothing is sorted by yet: the highest come first. */
  async sortBy(title: string): Promise<void> {
    await this.table.getByRole('button', { name: title, exact: true }).click();
    await this.table.locator('th[aria-sort="descending"]', { hasText: title }).waitFor();
  }

  /** The label over the picture of a run. */
  pictureOf(name: string): Locator {
    return this.pictures.locator('.pane-name', { hasText: name });
  }

  /** Waits until the field of the filter holds this; the toolkit fills it a moment after it has drawn it. */
  async waitForFilter(text: string): Promise<void> {
    const field = this.frame.getByRole('textbox');
    while ((await field.inputValue()) !== text) await this.heading.page().waitForTimeout(100);
  }

  /** A button of the page that is not in the table. */
  button(name: string | RegExp): Locator {
    return this.frame.locator('vscode-button').filter({ hasText: name });
  }

  chart(title: string): Locator {
    return this.frame.getByRole('region', { name: title, exact: true });
  }
}
