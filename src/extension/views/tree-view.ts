/**
 * A tree view on one of the index's lists, redrawn only when something that it shows has changed. What is below an entry is
 * read when it is unfolded.
 */
import * as vscode from 'vscode';
import type { Entry } from '../lab/entries';
import type { LabIndex } from '../lab/lab-index';
import { RunPartNode } from './run-parts';

export interface TreeViewOptions<E extends Entry> {
  /** Its id in package.json. */
  readonly id: string;
  readonly entries: () => readonly E[];
  readonly item: (entry: E) => vscode.TreeItem;
  /** What is below an entry; by default nothing. */
  readonly parts?: (entry: E) => Promise<RunPartNode[]>;
  /** Whether several entries can be selected, for commands that take them all. */
  readonly selectMany?: boolean;
}

/** Shows the list until disposed. */
export function createTreeView<E extends Entry>(
  index: LabIndex,
  { id, entries, item, parts = () => Promise.resolve([]), selectMany = false }: TreeViewOptions<E>,
): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.TreeDataProvider<E | RunPartNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: (parent) => {
      if (parent === undefined) return [...entries()];
      return parent instanceof RunPartNode ? parent.children() : parts(parent);
    },
    getTreeItem: (node) => (node instanceof RunPartNode ? node.item() : item(node)),
  };
  let shown = '';
  const subscription = index.onDidChange(() => {
    const now = JSON.stringify(entries().map(item), markdownAsText);
    if (now === shown) return;
    shown = now;
    changed.fire();
  });
  const view = vscode.window.createTreeView(id, {
    treeDataProvider: provider,
    canSelectMany: selectMany,
  });
  return vscode.Disposable.from(subscription, view, changed);
}

/** `JSON.stringify` would leave the words of a Markdown text out. */
function markdownAsText(_key: string, value: unknown): unknown {
  return value instanceof vscode.MarkdownString ? value.value : value;
}

/** A tooltip of plain lines; nothing in them is taken for Markdown. */
export function tooltip(title: string, lines: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(title).appendMarkdown('**');
  for (const line of lines) text.appendMarkdown('\n\n').appendText(line);
  return text;
}
