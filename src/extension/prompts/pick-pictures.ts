/** Asks for pictures of the workspace: those beside the first come first; others are found with a dialogue. */
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { browseForPictures } from '../commands/picture-targets';
import { pictureEndings } from '../pages/picture-file';
import { Cancelled } from '../process/command-line';

const MOST_LISTED = 2000;

export interface PickPicturesOptions {
  readonly title: string;
  readonly placeholder: string;
  /** Pictures that are checked at first, and stay the first. */
  readonly marked: readonly vscode.Uri[];
  /** Pictures beside this one are listed first. */
  readonly near: string | undefined;
  /** Pictures that are not offered. */
  readonly except?: readonly string[];
}

interface PictureItem extends vscode.QuickPickItem {
  readonly uri?: vscode.Uri;
}

/** Rejects with `Cancelled` if the person thinks better of it. */
export async function pickPictures(options: PickPicturesOptions): Promise<vscode.Uri[]> {
  const { title, placeholder, marked } = options;
  const items = (await offered(options)).map((uri) => itemOf(uri));
  const pick = vscode.window.createQuickPick<PictureItem>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.ignoreFocusOut = true;
  pick.buttons = [{ iconPath: new vscode.ThemeIcon('folder-opened'), tooltip: 'Choose other files…' }];
  pick.items = items;
  const isMarked = ({ uri }: PictureItem): boolean => marked.some((each) => each.fsPath === uri?.fsPath);
  pick.selectedItems = items.filter(isMarked);
  try {
    return await new Promise<vscode.Uri[]>((resolve, reject) => {
      pick.onDidAccept(() => {
        resolve(pick.selectedItems.flatMap(({ uri }) => uri ?? []));
      });
      let browsing = false;
      pick.onDidTriggerButton(() => {
        browsing = true;
        const before = pick.selectedItems.flatMap(({ uri }) => uri ?? []);
        browseForPictures({ title, openLabel: 'Choose', canSelectMany: true }).then((chosen) => {
          resolve([...before, ...chosen]);
        }, reject);
      });
      pick.onDidHide(() => {
        // A dialogue may take its place; it has the last word then.
        if (!browsing) reject(new Cancelled());
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

async function offered({ marked, near, except = [] }: PickPicturesOptions): Promise<vscode.Uri[]> {
  const found = await vscode.workspace.findFiles(
    `**/*.{${pictureEndings.flatMap((ending) => [ending, ending.toUpperCase()]).join(',')}}`,
    undefined,
    MOST_LISTED,
  );
  const all = new Map([...marked, ...found].map((uri) => [uri.fsPath, uri]));
  const rank = (uri: vscode.Uri): number => {
    if (marked.some((each) => each.fsPath === uri.fsPath)) return 0;
    return near !== undefined && dirname(uri.fsPath) === dirname(near) ? 1 : 2;
  };
  return [...all.values()]
    .filter(({ fsPath }) => !except.includes(fsPath))
    .sort((a, b) => rank(a) - rank(b) || a.fsPath.localeCompare(b.fsPath, undefined, { numeric: true }));
}

function itemOf(uri: vscode.Uri): PictureItem {
  return {
    label: basename(uri.fsPath),
    description: vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, '..')),
    uri,
  };
}
