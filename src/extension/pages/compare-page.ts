/**
 * Compare pages: any number of them, each on runs of its own, with no file behind it. A page keeps the folders of its runs in
 * its state, so that VS Code can open it again after a reload; stars belong to the workspace.
 */
import { Buffer } from 'node:buffer';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { findRuns } from '../../folders/find-folders';
import { keepCrop, removeCrop } from '../../folders/kept-crops';
import type { ComparePageContract, ComparePageMemory } from '../../protocol/compare-page';
import { keptCropSchema } from '../../protocol/kept-crops';
import { countOf } from '../../protocol/quantities';
import type { LabIndex } from '../lab/lab-index';
import type { StarredRuns } from '../lab/starred-runs';
import { Cancelled } from '../process/command-line';
import { pickRuns } from '../prompts/pick-runs';
import { ComparedRuns } from './compared-runs';
import { CompareSession } from './compare-session';
import { openAsText, openPage } from './open-page';
import { pageHtml } from './page-html';
import { allowPictures, PanelPages } from './panel-pages';
import { fileName, saveBeside } from './save-file';
import { WebviewHost, type RequestHandlers } from './webview-host';

const VIEW_TYPE = 'srganLab.compare';
const MOST_RUNS = 500;

const nothing = z.strictObject({});
const memorySchema: z.ZodType<ComparePageMemory> = z.object({
  runs: z.array(z.string().min(1)).max(MOST_RUNS),
});

export interface ComparePageParts {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly index: LabIndex;
  readonly starred: StarredRuns;
}

export class ComparePages implements vscode.Disposable {
  private readonly pages: PanelPages<ComparedRuns>;

  constructor(private readonly parts: ComparePageParts) {
    this.pages = new PanelPages({
      viewType: VIEW_TYPE,
      extensionUri: parts.extensionUri,
      restore: (state) => new ComparedRuns(memorySchema.safeParse(state).data?.runs ?? []),
      fill: (panel, runs) => {
        this.fill(panel, runs);
      },
    });
  }

  /** Opens a page on these runs, or brings the one that shows them to the front. */
  show(folders: readonly string[]): void {
    this.pages.show(
      'Compare',
      (runs) => runs.equals(folders),
      () => new ComparedRuns(folders),
    );
  }

  dispose(): void {
    this.pages.dispose();
  }

  private fill(panel: vscode.WebviewPanel, runs: ComparedRuns): void {
    const { extensionUri, log, starred } = this.parts;
    const webviews = vscode.Uri.joinPath(extensionUri, 'dist', 'webviews');
    const follow = (): void => {
      panel.title = titleOf(runs.folders);
      allowPictures(panel.webview, webviews, runs.folders);
    };
    follow();
    runs.onDidChange(follow);
    new WebviewHost<ComparePageContract>({
      panel,
      handlers: this.requests(runs),
      log,
      open: (host) => new CompareSession({ runs, starred, webview: panel.webview, host }),
    });
    panel.webview.html = pageHtml(panel.webview, webviews, 'compare', panel.title);
  }

  private requests(runs: ComparedRuns): RequestHandlers<ComparePageContract> {
    const { index, starred } = this.parts;
    const aRun = z
      .strictObject({ folder: z.string() })
      .refine(({ folder }) => runs.has(folder), 'is none of the compared runs');
    const someRuns = z.array(z.string().refine((folder) => runs.has(folder), 'is none of the compared runs'));
    const saved = (name: string, data: Uint8Array): Promise<void> =>
      saveBeside(saveFolder(runs.folders), name, data);
    return {
      addRuns: {
        parameters: nothing,
        handle: () =>
          unlessCancelled(async () => {
            runs.add(await pickRuns(index, { title: 'Add Runs', except: runs.folders, least: 1 }));
          }),
      },
      addFolder: {
        parameters: nothing,
        handle: async () => {
          const folder = await pickFolder();
          if (folder !== undefined) runs.add(await findRuns([folder]));
        },
      },
      remove: {
        parameters: aRun,
        handle: ({ folder }) => {
          runs.remove(folder);
        },
      },
      star: {
        parameters: z.strictObject({ folder: z.string(), starred: z.boolean() }),
        handle: ({ folder, starred: wanted }) => starred.set(folder, wanted),
      },
      keepCrop: {
        parameters: z.strictObject({ folders: someRuns, crop: keptCropSchema }),
        handle: async ({ folders, crop }) => {
          for (const folder of folders) await keepCrop(folder, crop);
        },
      },
      removeCrop: {
        parameters: z.strictObject({
          folders: someRuns,
          ...keptCropSchema.pick({ image: true, name: true }).shape,
        }),
        handle: async ({ folders, ...crop }) => {
          for (const folder of folders) await removeCrop(folder, crop);
        },
      },
      openRun: { parameters: aRun, handle: ({ folder }) => openPage('run', folder) },
      openConfiguration: { parameters: aRun, handle: ({ folder }) => openAsText('run', folder) },
      saveText: {
        parameters: z.strictObject({ name: fileName, text: z.string() }),
        handle: ({ name, text }) => saved(name, Buffer.from(text, 'utf8')),
      },
      savePicture: {
        parameters: z.strictObject({ name: fileName, base64: z.base64() }),
        handle: ({ name, base64 }) => saved(name, Buffer.from(base64, 'base64')),
      },
    };
  }
}

/** `Compare first, second` or `Compare 7 runs`; names of folders, as the runs need not have been read. */
function titleOf(folders: readonly string[]): string {
  const names = folders.map((folder) => basename(folder));
  return names.length > 0 && names.length <= 2
    ? `Compare ${names.join(', ')}`
    : `Compare ${countOf(names.length, 'run')}`;
}

/** Files that come of a comparison lie beside its first run, unless the person says otherwise. */
function saveFolder(folders: readonly string[]): string {
  const [first] = folders;
  return first === undefined ? (vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '') : dirname(first);
}

async function pickFolder(): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: 'Add All Runs of a Folder',
      openLabel: 'Add Runs',
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return folder?.fsPath;
}

async function unlessCancelled(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
}
