/** The data set page as a person reads it, inside the webview of the active editor. */
import type { FrameLocator, Locator } from 'playwright-core';
import type { Workbench } from './workbench';

/** As much of an element as these functions read; they run in the browser, whose types are not known here. */
interface PageElement {
  readonly textContent: string | null;
  readonly outerHTML: string;
  readonly ownerDocument: object;
  getRootNode: () => object;
  getAttribute: (name: string) => string | null;
  closest: (selector: string) => object | null;
}

export class DatasetPage {
  readonly frame: FrameLocator;
  /** The grid or list of images: one stop for the keyboard. */
  readonly images: Locator;
  readonly search: Locator;
  readonly editor: Locator;
  readonly preview: Locator;

  constructor(workbench: Workbench) {
    this.frame = workbench.webview();
    this.images = this.frame.getByRole('listbox', { name: /^Images/ });
    this.search = this.frame.getByRole('textbox', { name: 'Find images by name ( / )' });
    this.editor = this.frame.locator('.editor-form');
    this.preview = this.frame.getByRole('region', { name: 'Preview' });
  }

  /** An image that is drawn in the grid or list. */
  image(name: string): Locator {
    return this.frame.getByRole('option', { name: new RegExp(name) });
  }

  /** Names of the images that are drawn, in their order. */
  async shown(): Promise<string[]> {
    const labels = await this.images
      .getByRole('option')
      .evaluateAll((options: PageElement[]) =>
        options.map((option) => option.getAttribute('aria-label') ?? ''),
      );
    return labels.map((label) => label.split(',')[0]!);
  }

  /** Waits until the line above the grid says this: `5 images`, `1 of 5 images`. */
  async waitForCount(words: string): Promise<void> {
    await this.frame.locator('.image-matches').getByText(words, { exact: true }).waitFor();
  }

  /** The name of the image whose pictures are shown. */
  selected(): Promise<string> {
    return this.frame.locator('.image-headline h2').innerText();
  }

  /** Chooses in one of the drop-downs above the grid. */
  async choose(dropdown: 'Split' | 'Problems' | 'Order', choice: string): Promise<void> {
    await this.frame.locator(`.image-panel vscode-dropdown[aria-label="${dropdown}"]`).click();
    await this.frame.locator('vscode-option:visible').getByText(choice, { exact: true }).click();
  }

  button(name: string | RegExp): Locator {
    return this.frame.locator('vscode-button').filter({ hasText: name });
  }

  section(name: string): Locator {
    return this.frame.getByRole('region', { name, exact: true });
  }

  /** Controls that a screen reader could not name, as HTML. */
  nameless(): Promise<string[]> {
    return this.frame
      .locator(
        'button, vscode-button, vscode-dropdown, input, select, [role=option], [role=listbox], [tabindex="0"]',
      )
      .evaluateAll((controls: PageElement[]) =>
        controls
          .filter(
            (control) =>
              // What is inside a toolkit's control is named by that control.
              control.getRootNode() === control.ownerDocument &&
              control.closest('label') === null &&
              [control.getAttribute('aria-label'), control.getAttribute('title'), control.textContent].every(
                (text) => (text ?? '').trim() === '',
              ),
          )
          .map((control) => control.outerHTML.slice(0, 200)),
      );
  }
}
