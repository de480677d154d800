/**
 * Tells a visible preview of its picture: the file's address at once, what is in it as it is read, and all of it again
 * whenever the file changes. What is computed is computed by the processes of `PictureServer`.
 */
import { mkdir, rm, stat } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import { hasCode, LabError, messageOf } from '../../folders/lab-error';
import type { Enlarger, PreviewAnswer, Region } from '../../protocol/preview';
import type { PreviewPageContract } from '../../protocol/preview-page';
import type { LabIndex } from '../lab/lab-index';
import type { PictureServer } from './picture-server';
import { enlargerChoices } from './preview-choices';
import type { EventSink, Session } from './webview-host';

export interface PreviewSessionParts {
  readonly path: string;
  /** Folder for what the page shows and the file does not hold; the page may read from it. */
  readonly scratch: string;
  readonly index: LabIndex;
  readonly webview: vscode.Webview;
  readonly host: EventSink<PreviewPageContract>;
  /** Looks into pictures, for all previews. */
  readonly reader: PictureServer;
  /** Enlarges, for this preview. */
  readonly enlarger: PictureServer;
}

/** A network drive tells nobody of a change, so the file is looked at. */
const LOOK_MS = 1000;
/** Names of what a browser shows; what is in the file decides once it is read. */
const browserNames = ['.png', '.jpg', '.jpeg', '.jpe', '.jfif', '.webp', '.avif', '.gif', '.bmp', '.dib'];

export class PreviewSession implements Session {
  private readonly subscriptions: { dispose(): void }[];
  private readonly changed: () => void;
  private version = 0;
  /** The enlargement that the page shows. */
  private turn = 0;
  private choices = '';
  private disposed = false;

  constructor(private readonly parts: PreviewSessionParts) {
    const { path, index, reader, enlarger } = parts;
    this.changed = () => {
      this.reload();
    };
    watchFile(path, { interval: LOOK_MS, persistent: false }, this.changed);
    this.subscriptions = [
      reader.use(),
      enlarger.use(),
      index.onDidChange(() => {
        this.tellChoices();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.choices = '';
        this.tellChoices();
        this.reload();
      }),
    ];
    // A session may post from its next turn on.
    queueMicrotask(() => {
      this.tellChoices();
      this.reload();
    });
  }

  dispose(): void {
    this.disposed = true;
    unwatchFile(this.parts.path, this.changed);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Looks at the file again, and shows what is in it now. */
  reload(): void {
    if (this.disposed) return;
    this.stop();
    const version = ++this.version;
    this.read(version).catch((error: unknown) => {
      if (this.isCurrent(version)) this.post('broken', { message: messageOf(error) });
    });
  }

  /** Enlarges the picture in place of what is under way. */
  async enlarge(enlarger: Enlarger, view: Region): Promise<void> {
    const { enlarger: server, path, scratch } = this.parts;
    const turn = ++this.turn;
    const folder = join(scratch, `enlarged-${turn}`);
    await mkdir(folder, { recursive: true });
    server.enlarge(
      { do: 'enlarge', path, enlarger, view, folder },
      (answer) => {
        if (turn === this.turn) this.tellEnlargement(turn, folder, answer);
      },
      (error) => {
        if (turn === this.turn) this.post('failed', { message: error.message });
      },
    );
    await rm(join(scratch, `enlarged-${turn - 1}`), { recursive: true, force: true });
  }

  look(view: Region): void {
    this.parts.enlarger.tell({ do: 'look', view });
  }

  stop(): void {
    this.parts.enlarger.tell({ do: 'stop' });
  }

  private tellChoices(): void {
    const trusted = vscode.workspace.isTrusted;
    const choices = trusted ? enlargerChoices(this.parts.index) : [];
    const key = JSON.stringify(choices);
    // The index changes with every step of a run; the page need not hear of it.
    if (key === this.choices) return;
    this.choices = key;
    this.post('choices', { choices, trusted });
  }

  private async read(version: number): Promise<void> {
    const { path, reader } = this.parts;
    await this.checkThere();
    if (!this.isCurrent(version)) return;
    const shownByBrowser = browserNames.includes(extname(path).toLowerCase());
    if (!vscode.workspace.isTrusted && !shownByBrowser) {
      throw new LabError(
        `${path} is decoded by a process of the lab, and this workspace is in Restricted Mode. Trust the workspace to see it.`,
      );
    }
    this.post('file', {
      name: basename(path),
      folder: dirname(path),
      uri: shownByBrowser ? this.uriOf(path, version) : null,
      version,
    });
    if (!vscode.workspace.isTrusted) return;
    const facts = await reader.ask({ do: 'describe', path }, (answer) =>
      'facts' in answer ? answer.facts : undefined,
    );
    if (facts === null || !this.isCurrent(version)) return;
    this.post('facts', { version, facts });
    if (facts.rendered !== null) {
      const out = join(this.parts.scratch, `picture-${version}.png`);
      const rendered = await reader.ask({ do: 'render', path, out }, (answer) =>
        'rendered' in answer ? answer.rendered : undefined,
      );
      if (rendered === null || !this.isCurrent(version)) return;
      this.post('picture', { version, uri: this.uriOf(rendered, version) });
    } else if (!shownByBrowser) {
      // A JPEG named .tif, say: a browser goes by what is in it.
      this.post('picture', { version, uri: this.uriOf(path, version) });
    }
    const histogram = await reader.ask({ do: 'count', path }, (answer) =>
      'histogram' in answer ? answer.histogram : undefined,
    );
    if (histogram !== null && this.isCurrent(version)) this.post('histogram', { version, histogram });
  }

  private async checkThere(): Promise<void> {
    const { path } = this.parts;
    try {
      await stat(path);
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      throw new LabError(
        `${path} is gone: it was deleted, moved or renamed. It is shown again as soon as it is back.`,
      );
    }
  }

  private tellEnlargement(version: number, folder: string, answer: PreviewAnswer): void {
    if ('enlargement' in answer) {
      this.post('enlargement', { version, enlargement: answer.enlargement });
    } else if ('part' in answer) {
      const { part, done, secondsLeft } = answer;
      const uri = (name: string): string => this.uriOf(join(folder, name), version);
      const { result, bicubic } = part;
      this.post('part', {
        version,
        part: { ...part, result: uri(result), bicubic: bicubic === null ? null : uri(bicubic) },
        done,
        secondsLeft,
      });
    } else if ('ended' in answer) {
      this.post('ended', { version, how: answer.ended });
    }
  }

  /** An address that changes with the version, so that no cache shows what was there before. */
  private uriOf(path: string, version: number): string {
    return `${this.parts.webview.asWebviewUri(vscode.Uri.file(path)).toString()}?v=${version}`;
  }

  private isCurrent(version: number): boolean {
    return !this.disposed && version === this.version;
  }

  private post<N extends keyof PreviewPageContract['events']>(
    name: N,
    payload: PreviewPageContract['events'][N],
  ): void {
    if (!this.disposed) this.parts.host.post(name, payload);
  }
}
