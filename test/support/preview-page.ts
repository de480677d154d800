/** The preview as a person uses it, inside the webview of the active editor. */
import type { FrameLocator, Keyboard, Locator } from 'playwright-core';
import type { Workbench } from './workbench';

/** A control that Tab came to. */
export interface Reached {
  /** Its name; empty where it has none. */
  readonly says: string;
  /** Whether a ring shows that it has the focus. */
  readonly ringed: boolean;
}

/** As much of the browser as these functions use; they run in it, and its types are not known here. */
interface PageElement {
  readonly textContent: string | null;
  readonly children: Iterable<PageElement>;
  readonly ownerDocument: { readonly activeElement: PageElement | null; readonly defaultView: PageWindow };
  readonly shadowRoot: { readonly activeElement: PageElement | null } | null;
  getAttribute: (name: string) => string | null;
}

interface PageWindow {
  readonly navigator: { readonly clipboard: { read: () => Promise<ClipboardEntry[]> } };
  btoa: (text: string) => string;
  getComputedStyle: (element: PageElement) => { outlineStyle: string; outlineWidth: string };
}

interface ClipboardEntry {
  getType: (type: string) => Promise<{ arrayBuffer: () => Promise<ArrayBuffer> }>;
}

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

  /** Presses Copy, and returns the PNG that is on the clipboard when it says that the picture of that name is. */
  async copy(name: string): Promise<Buffer> {
    await this.frame.getByRole('button', { name: 'Copy' }).click();
    await this.frame.getByText(new RegExp(`^Copied \\d+×\\d+ of ${name}$`)).waitFor();
    // Read in the document that has the focus: others may not.
    const encoded = await this.frame.locator('body').evaluate(async (body: PageElement) => {
      const window = body.ownerDocument.defaultView;
      const [item] = await window.navigator.clipboard.read();
      const bytes = new Uint8Array(await (await item!.getType('image/png')).arrayBuffer());
      return window.btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    });
    return Buffer.from(encoded, 'base64');
  }

  /** Goes through the page with Tab, from its first control on, and tells what each says and whether its focus is seen. */
  async tabThrough(keyboard: Keyboard): Promise<Reached[]> {
    await this.choice.focus();
    const reached: Reached[] = [];
    const seen = new Set<string>();
    for (;;) {
      await keyboard.press('Tab');
      const here = await this.frame.locator('body').evaluate((body: PageElement) => {
        const { activeElement, defaultView: window } = body.ownerDocument;
        if (activeElement === null || activeElement === body) return null;
        const inner = activeElement.shadowRoot?.activeElement ?? activeElement;
        // A slider's ring is about its grip.
        const ringed = [activeElement, inner, ...activeElement.children].some((element) => {
          const { outlineStyle, outlineWidth } = window.getComputedStyle(element);
          return outlineStyle !== 'none' && outlineWidth !== '0px';
        });
        const names = [activeElement.getAttribute('aria-label'), activeElement.getAttribute('title')];
        const says = [...names, activeElement.textContent].find((name) => (name ?? '').trim() !== '') ?? '';
        return { says: says.trim(), ringed };
      });
      if (here === null || seen.has(here.says)) return reached;
      seen.add(here.says);
      reached.push(here);
    }
  }

  /** The label over a picture. */
  pictureOf(name: string): Locator {
    return this.stage.locator('.pane-name', { hasText: name });
  }
}
