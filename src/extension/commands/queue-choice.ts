/** Whether a run waits for those that train already: two at a time share the processor or the GPU, and its memory. */
import * as vscode from 'vscode';
import type { Lab } from '../lab';
import { Cancelled } from '../process/command-line';

/** Asks if another run trains at this moment; gives the options of `train` and `resume` that the answer means. */
export async function askToQueue(lab: Lab): Promise<readonly string[]> {
  await lab.index.refresh();
  const [first, ...others] = lab.index.runs.filter(({ running }) => running);
  if (first === undefined) return [];
  const who = others.length === 0 ? `${first.name} is` : `${first.name} and ${others.length} more are`;
  const wait = 'Wait for Its Turn';
  const choice = await vscode.window.showInformationMessage(
    `${who} being trained on this machine.`,
    { modal: true, detail: 'Runs that train at the same time slow each other down and share the memory.' },
    wait,
    'Train Now',
  );
  if (choice === undefined) throw new Cancelled();
  return choice === wait ? ['--queue'] : [];
}
