/**
 * Pages of compared images: any number of them, each on pictures of its own, with no file behind it. A page keeps the paths of
 * its pictures in its state, so that VS Code can open it again after a reload.
 */
import { Buffer } from 'node:buffer';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { bundlePath } from '../../folders/installation';
import { LabError } from '../../folders/lab-error';
import { comparisonChoiceSchema } from '../../protocol/compare-images';
import {
  MOST_IMAGES,
  type CompareImagesMemory,
  type CompareImagesPageContract,
  type ComparedImage,
} from '../../protocol/compare-images-page';
import { countOf } from '../../protocol/quantities';
import { requireTrust } from '../errors';
import { Cancelled } from '../process/command-line';
import { pickMoreImages } from '../prompts/pick-more-images';
import { ComparedImages } from './compared-images';
import { CompareImagesSession } from './compare-images-session';
import { ImageComparison } from './image-comparison';
import { pageHtml } from './page-html';
import { allowPictures, PanelPages } from './panel-pages';
import { PictureServer } from './picture-server';
import { fileName, saveBeside } from './save-file';
import { showPreview } from './show-preview';
import { WebviewHost, type RequestHandlers } from './webview-host';

const VIEW_TYPE = 'srganLab.compareImages';

const nothing = z.strictObject({});
const memorySchema: z.ZodType<CompareImagesMemory> = z.object({
  images: z.array(z.object({ path: z.string().min(1), revision: z.enum(['file', 'HEAD']) })).max(MOST_IMAGES),
});

export class CompareImagesPages implements vscode.Disposable {
  private readonly pages: PanelPages<ComparedImages>;
  /** Looks into the pictures of all pages. */
  private readonly reader: PictureServer;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.reader = new PictureServer({ script: bundlePath('cli.js'), log });
    this.pages = new PanelPages({
      viewType: VIEW_TYPE,
      extensionUri,
      restore: (state) => new ComparedImages(memorySchema.safeParse(state).data?.images ?? []),
      fill: (panel, images) => {
        this.fill(panel, images);
      },
    });
  }

  /** Opens a page on these pictures, the first of which is the reference; or brings the one that shows them to the front. */
  show(images: readonly ComparedImage[]): void {
    this.pages.show(
      'Compare',
      (shown) => shown.equals(images),
      () => new ComparedImages(images),
    );
  }

  dispose(): void {
    this.pages.dispose();
  }

  private fill(panel: vscode.WebviewPanel, images: ComparedImages): void {
    const { extensionUri, log, reader } = this;
    const { webview } = panel;
    const webviews = vscode.Uri.joinPath(extensionUri, 'dist', 'webviews');
    const follow = (): void => {
      panel.title = titleOf(images);
      allowPictures(webview, webviews, [images.scratch, ...images.images.map(({ path }) => dirname(path))]);
    };
    follow();
    images.onDidChange(follow);
    let session: CompareImagesSession | undefined;
    new WebviewHost<CompareImagesPageContract>({
      panel,
      handlers: requests(images, () => session),
      log,
      open: (host) => {
        const comparison = new ImageComparison(bundlePath('cli.js'), log);
        const opened = new CompareImagesSession({ images, webview, host, reader, comparison });
        session = opened;
        return {
          dispose: () => {
            opened.dispose();
            if (session === opened) session = undefined;
          },
        };
      },
    });
    webview.html = pageHtml(webview, webviews, 'compare-images', panel.title);
  }
}

/** @param session what tells the page; undefined while it is hidden */
function requests(
  images: ComparedImages,
  session: () => CompareImagesSession | undefined,
): RequestHandlers<CompareImagesPageContract> {
  const id = z.string().refine((each) => images.has(each), 'is none of the compared pictures');
  const pair = z.strictObject({ reference: id, id, choice: comparisonChoiceSchema });
  return {
    add: {
      parameters: nothing,
      handle: async () => {
        if (images.images.length >= MOST_IMAGES) {
          throw new LabError(`${MOST_IMAGES} pictures are the most that are compared. Remove one first.`);
        }
        try {
          images.add(await pickMoreImages(images.images));
        } catch (error) {
          if (!(error instanceof Cancelled)) throw error;
        }
      },
    },
    remove: {
      parameters: z.strictObject({ id }),
      handle: (parameters) => {
        images.remove(parameters.id);
      },
    },
    reload: {
      parameters: z.strictObject({ id }),
      handle: (parameters) => {
        session()?.reload(parameters.id);
      },
    },
    measure: {
      parameters: pair,
      handle: async ({ reference, id: measured, choice }) => {
        requireTrust('Measuring pictures');
        return (await session()?.measure(reference, measured, choice)) ?? null;
      },
    },
    map: {
      parameters: pair,
      handle: async ({ reference, id: mapped, choice }) => {
        requireTrust('Measuring pictures');
        return (await session()?.map(reference, mapped, choice)) ?? null;
      },
    },
    enlarge: {
      parameters: z.strictObject({ id, scale: z.int().min(2) }),
      handle: async ({ id: enlarged, scale }) => {
        requireTrust('Enlarging pictures');
        return (await session()?.enlarge(enlarged, scale)) ?? null;
      },
    },
    drop: {
      parameters: nothing,
      handle: () => {
        session()?.drop();
      },
    },
    openPreview: {
      parameters: z.strictObject({ id }),
      handle: async (parameters) => {
        const listed = images.listed.find((each) => each.id === parameters.id);
        if (listed !== undefined) await showPreview(vscode.Uri.file(listed.image.path));
      },
    },
    saveText: {
      parameters: z.strictObject({ name: fileName, text: z.string() }),
      handle: async ({ name, text }) => {
        const [first] = images.images;
        const folder = first === undefined ? '' : dirname(first.path);
        await saveBeside(folder, name, Buffer.from(text, 'utf8'));
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

/** `fig.png ↔ upscaled.png`, `fig.png ↔ HEAD` or `Compare 3 images`. */
function titleOf({ listed }: ComparedImages): string {
  const [first, second] = listed;
  if (listed.length !== 2 || first === undefined || second === undefined)
    return `Compare ${countOf(listed.length, 'image')}`;
  return first.image.path === second.image.path
    ? `${[first, second].find(({ image }) => image.revision === 'file')?.name ?? first.name} ↔ HEAD`
    : `${first.name} ↔ ${second.name}`;
}
