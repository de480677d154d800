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
  const changed = new vscode.EventEmitter<E | undefined>();
  // An entry of the index is read anew all the time; the tree knows it by the first one of its folder, so that what is
  // unfolded and selected stays, and only what has changed is drawn again.
  let nodes = new Map<string, { readonly element: E; readonly entry: E; readonly shown: string }>();
  const update = (): void => {
    const before = nodes;
    nodes = new Map(
      entries().map((entry) => {
        const element = before.get(entry.folder)?.element ?? entry;
        return [entry.folder, { element, entry, shown: JSON.stringify(item(entry), markdownAsText) }];
      }),
    );
    if ([...before.keys()].join('\n') !== [...nodes.keys()].join('\n')) {
      changed.fire(undefined);
      return;
    }
    for (const [folder, { element, shown }] of nodes) {
      if (before.get(folder)?.shown !== shown) changed.fire(element);
    }
  };
  const currentOf = (element: E): E => nodes.get(element.folder)?.entry ?? element;
  const provider: vscode.TreeDataProvider<E | RunPartNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: (parent) => {
      if (parent === undefined) return [...nodes.values()].map(({ element }) => element);
      return parent instanceof RunPartNode ? parent.children() : parts(parent);
    },
    getTreeItem: (node) => (node instanceof RunPartNode ? node.item() : item(currentOf(node))),
  };
  update();
  const subscription = index.onDidChange(update);
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
