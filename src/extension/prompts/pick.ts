/**
 * Questions with a list of answers. They stay when something else takes the focus, a page that has just loaded for instance:
 * questions come several in a row, and the answers before would be lost. Escape leaves them.
 */
import * as vscode from 'vscode';
import { Cancelled } from '../process/command-line';

type PickOptions = Omit<vscode.QuickPickOptions, 'canPickMany' | 'ignoreFocusOut'>;

/** The choice that the person picks. Throws `Cancelled` where the question is left. */
export async function pickOne<T extends vscode.QuickPickItem>(
  choices: readonly T[],
  options: PickOptions,
): Promise<T> {
  const choice = await vscode.window.showQuickPick(choices, { ...options, ignoreFocusOut: true });
  if (choice === undefined) throw new Cancelled();
  return choice;
}

/** The choices that the person ticks, `least` at least. Throws `Cancelled` where they are fewer, or the question is left. */
export async function pickSome<T extends vscode.QuickPickItem>(
  choices: readonly T[],
  options: PickOptions,
  least = 1,
): Promise<T[]> {
  const chosen = await vscode.window.showQuickPick(choices, {
    ...options,
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (chosen === undefined || chosen.length < least) throw new Cancelled();
  return chosen;
}
