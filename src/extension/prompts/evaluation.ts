/** What is asked before an evaluation: the folder of HR images, the protocol, and whether VGG19 is to measure, too. */
import * as vscode from 'vscode';
import { z } from 'zod';
import type { Lab } from '../lab';
import { Cancelled } from '../process/command-line';
import { pickOne } from './pick';

const protocols = ['y', 'srgan', 'rgb'] as const;
type Protocol = (typeof protocols)[number];
export const protocolSchema = z.enum(protocols).default('y');

/** Throws `Cancelled` if the person thinks better of it. */
export async function pickProtocol(): Promise<Protocol> {
  return (await pickOne(protocolChoices, { placeHolder: 'Protocol' })).value;
}

/** Throws `Cancelled` likewise. */
export async function askHrFolder(): Promise<string> {
  const folders = await vscode.window.showOpenDialog({
    title: 'Folder of HR images',
    openLabel: 'Evaluate',
    canSelectFiles: false,
    canSelectFolders: true,
  });
  const folder = folders?.[0]?.fsPath;
  if (folder === undefined) throw new Cancelled();
  return folder;
}

/** Whether to measure the feature distance; not asked where the workspace has no VGG19. */
export async function askVgg(lab: Lab): Promise<string | undefined> {
  const imported = lab.index.models.filter(({ content }) => 'ok' in content && content.ok.kind === 'content');
  if (imported.length === 0) return undefined;
  const choice = await pickOne(
    [
      { label: 'Scores only', folder: undefined },
      ...imported.map(({ name, folder }) => ({
        label: `VGG distance by ${name}, too`,
        detail: 'Closeness in the features of VGG19. Unweighted, so no LPIPS; takes longer than the scores.',
        folder,
      })),
    ],
    { placeHolder: 'What to measure' },
  );
  return choice.folder;
}

const protocolChoices: readonly (vscode.QuickPickItem & { readonly value: Protocol })[] = [
  { value: 'y', label: 'Y', detail: 'PSNR and SSIM of Wang et al. on Y: what most papers report' },
  { value: 'srgan', label: 'SRGAN', detail: 'PSNR on Y, SSIM of the Daala codec: Ledig et al. 2017' },
  { value: 'rgb', label: 'RGB', detail: 'PSNR over all channels, SSIM averaged over them' },
];
