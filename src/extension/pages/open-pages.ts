/** Which run pages are on the screen now: a person who is looking at a run needs no notification about it. */
import type * as vscode from 'vscode';

export class OpenPages {
  private readonly panels = new Map<vscode.WebviewPanel, string>();

  /** Remembers the panel until it is closed. */
  add(folder: string, panel: vscode.WebviewPanel): void {
    this.panels.set(panel, folder);
    panel.onDidDispose(() => this.panels.delete(panel));
  }

  isVisible(folder: string): boolean {
    return [...this.panels].some(([panel, shown]) => shown === folder && panel.visible);
  }
}
