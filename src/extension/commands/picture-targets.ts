/** Which pictures a command means: those of the explorer, the one in front, or those of a dialogue. */
import * as vscode from 'vscode';
import { pictureEndings } from '../pages/picture-file';
import { Cancelled } from '../process/command-line';

const pictureNames = new RegExp(`\\.(${pictureEndings.join('|')})$`, 'i');

export function isPicture(uri: vscode.Uri): boolean {
  return pictureNames.test(uri.path);
}

/** What a command was called on by a menu: everything that was selected with it. Undefined for the palette. */
export function givenPictures(argument: unknown, selection: unknown): vscode.Uri[] | undefined {
  if (!(argument instanceof vscode.Uri)) return undefined;
  const uris = Array.isArray(selection) ? selection.filter((uri) => uri instanceof vscode.Uri) : [];
  return uris.length > 0 ? uris : [argument];
}

/** The picture that the editor in front shows. */
export function activePicture(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shown =
    input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? input.uri : undefined;
  return shown !== undefined && isPicture(shown) ? shown : undefined;
}

/** Pictures of a file dialogue. Rejects with `Cancelled`. */
export async function browseForPictures(
  options: Pick<vscode.OpenDialogOptions, 'title' | 'openLabel' | 'defaultUri' | 'canSelectMany'>,
): Promise<vscode.Uri[]> {
  const chosen = await vscode.window.showOpenDialog({
    ...options,
    filters: { Pictures: [...pictureEndings] },
  });
  if (chosen === undefined || chosen.length === 0) throw new Cancelled();
  return chosen;
}
