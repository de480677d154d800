/** What is below a run in its view: its pictures, checkpoints, model, record and log, each opened as VS Code opens such a file. */
import * as vscode from 'vscode';
import { listRunParts, type RunPart } from '../../folders/run-parts';
import type { RunEntry } from '../lab/entries';

const icons: Record<RunPart['kind'], string> = {
  folder: 'folder',
  picture: 'file-media',
  checkpoint: 'save',
  model: 'package',
  text: 'output',
};

export class RunPartNode {
  constructor(private readonly part: RunPart) {}

  async children(): Promise<RunPartNode[]> {
    const parts = (await this.part.list?.()) ?? [];
    return parts.map((part) => new RunPartNode(part));
  }

  item(): vscode.TreeItem {
    const { kind, label, description, path } = this.part;
    const isFolder = kind === 'folder';
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(label, isFolder ? Collapsed : None);
    item.id = path;
    item.iconPath = new vscode.ThemeIcon(icons[kind]);
    item.contextValue = 'part';
    item.tooltip = path;
    if (description !== undefined) item.description = description;
    if (!isFolder) {
      item.command = { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.file(path)] };
    }
    return item;
  }
}

export async function partsOfRun({ folder }: RunEntry): Promise<RunPartNode[]> {
  return (await listRunParts(folder)).map((part) => new RunPartNode(part));
}
