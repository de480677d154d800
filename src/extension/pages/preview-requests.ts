/** What the buttons of a preview do. */
import { copyFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { LabError } from '../../folders/lab-error';
import { enlargerSchema, regionSchema, type Enlarger } from '../../protocol/preview';
import type { PreviewPageContract } from '../../protocol/preview-page';
import { resizedImageSchema, upscaleResultSchema } from '../../protocol/progress';
import { requireTrust } from '../errors';
import type { Lab } from '../lab';
import { Cancelled } from '../process/command-line';
import { runWithProgress } from '../process/run-with-progress';
import { engineSettingOptions } from '../settings';
import type { PreviewSession } from './preview-session';
import { withScratchFolder } from './scratch-file';
import { showPreview } from './show-preview';
import type { RequestHandlers } from './webview-host';

const nothing = z.strictObject({});

/** @param session what tells the page; undefined while it is hidden */
export function previewRequests(
  lab: Lab,
  path: string,
  session: () => PreviewSession | undefined,
): RequestHandlers<PreviewPageContract> {
  return {
    enlarge: {
      parameters: z.strictObject({ enlarger: enlargerSchema, view: regionSchema }),
      handle: async ({ enlarger, view }) => {
        requireTrust('Upscaling');
        await session()?.enlarge(enlarger, view);
      },
    },
    look: {
      parameters: z.strictObject({ view: regionSchema }),
      handle: ({ view }) => {
        session()?.look(view);
      },
    },
    stop: {
      parameters: nothing,
      handle: () => {
        session()?.stop();
      },
    },
    saveAs: {
      parameters: z.strictObject({ enlarger: enlargerSchema }),
      handle: async ({ enlarger }) => {
        requireTrust('Upscaling');
        try {
          await saveEnlarged(lab, path, enlarger);
        } catch (error) {
          if (!(error instanceof Cancelled)) throw error;
        }
      },
    },
    reload: {
      parameters: nothing,
      handle: () => {
        session()?.reload();
      },
    },
    manageTrust: {
      parameters: nothing,
      handle: async () => {
        await vscode.commands.executeCommand('workbench.trust.manage');
      },
    },
  };
}

/** Formats by the endings that a person may choose; the first of each is proposed. */
const formats: Readonly<Record<string, string>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
  '.tif': 'tiff',
  '.tiff': 'tiff',
  '.avif': 'avif',
};

async function saveEnlarged(lab: Lab, path: string, enlarger: Enlarger): Promise<void> {
  const name = basename(path, extname(path));
  const byKernel = enlarger.kind === 'kernel';
  const target = await vscode.window.showSaveDialog({
    title: 'Save the Enlarged Picture',
    defaultUri: vscode.Uri.file(join(dirname(path), `${name}-enlarged.png`)),
    filters: byKernel
      ? { PNG: ['png'] }
      : { PNG: ['png'], JPEG: ['jpg', 'jpeg'], WebP: ['webp'], TIFF: ['tif', 'tiff'], AVIF: ['avif'] },
  });
  if (target === undefined) return;
  const format = formats[extname(target.fsPath).toLowerCase()];
  if (format === undefined || (byKernel && format !== 'png')) {
    throw new LabError(
      `${target.fsPath} cannot be written: its ending names no format. ${byKernel ? 'Use .png.' : 'Use .png, .jpg, .webp, .tif or .avif.'}`,
    );
  }
  if (target.fsPath === path) throw new LabError(`${path} would be replaced by its own enlargement.`);
  await withScratchFolder(async (folder) => {
    await copyFile(await enlargeInto(lab, folder, path, enlarger, format), target.fsPath);
  });
  await showPreview(target);
}

/** Returns the file. */
async function enlargeInto(
  lab: Lab,
  folder: string,
  path: string,
  enlarger: Enlarger,
  format: string,
): Promise<string> {
  const title = `Enlarging ${basename(path)}`;
  if (enlarger.kind === 'kernel') {
    const { file } = await runWithProgress(lab.commandLine, title, {
      args: [
        'imresize',
        path,
        join(folder, 'enlarged.png'),
        '--scale',
        String(enlarger.scale),
        '--kernel',
        enlarger.kernel,
        '--convention',
        'double',
      ],
      result: resizedImageSchema,
    });
    return file;
  }
  const { files } = await runWithProgress(lab.commandLine, title, {
    args: ['upscale', enlarger.folder, path, '--out', folder, '--format', format, ...engineSettingOptions()],
    result: upscaleResultSchema,
  });
  return files[0]!.output;
}
