/**
 * Tells a visible preview of its picture: the file's address at once or, where that would take long to load, a thumbnail
 * first; what is in it as it is read; and all of it again whenever the file changes. What is computed is computed by the processes of `PictureServer`.
 */
import { mkdir, rm } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../../folders/lab-error';
import type { Enlarger, PreviewAnswer, Region } from '../../protocol/preview';
import type { PreviewPageContract } from '../../protocol/preview-page';
import type { LabIndex } from '../lab/lab-index';
import { lookInto, type FirstLook } from './first-look';
import { checkMayBeShown, checkThere, isShownByBrowser, LOOK_MS } from './picture-file';
import { renderPicture, type PictureServer } from './picture-server';
import { enlargerChoices } from './preview-choices';
import type { EventSink, Session } from './webview-host';

/** A page loads files of fewer bytes before a process could say what is in them. */
const LOADED_AT_ONCE = 500_000;

export interface PreviewSessionParts {
  readonly path: string;
  /** Folder for what the page shows and the file does not hold; the page may read from it. */
  readonly scratch: string;
  readonly index: LabIndex;
  readonly webview: vscode.Webview;
  readonly host: EventSink<PreviewPageContract>;
  /** Looks into pictures, for all previews. */
  readonly reader: PictureServer;
  /** What was asked for when the editor was opened. */
  readonly firstLook: FirstLook | undefined;
  /** What enlarges, for this preview; called once, when something is to be enlarged. */
  readonly openEnlarger: () => Promise<PictureServer>;
}

export class PreviewSession implements Session {
  private readonly subscriptions: { dispose(): void }[];
  private readonly changed: () => void;
  private opening: Promise<PictureServer> | undefined;
  private enlarger: PictureServer | undefined;
  private version = 0;
  /** The enlargement that the page shows. */
  private turn = 0;
  private choices = '';
  private disposed = false;

  constructor(private readonly parts: PreviewSessionParts) {
    const { path, index, reader } = parts;
    this.changed = () => {
      this.reload();
    };
    watchFile(path, { interval: LOOK_MS, persistent: false }, this.changed);
    this.subscriptions = [
      reader.use(),
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
    const { path, scratch } = this.parts;
    const turn = ++this.turn;
    const folder = join(scratch, `enlarged-${turn}`);
    await mkdir(folder, { recursive: true });
    const server = await (this.opening ??= this.open());
    if (this.disposed || turn !== this.turn) return;
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
    this.enlarger?.tell({ do: 'look', view });
  }

  stop(): void {
    this.enlarger?.tell({ do: 'stop' });
  }

  private async open(): Promise<PictureServer> {
    try {
      const enlarger = await this.parts.openEnlarger();
      if (!this.disposed) this.subscriptions.push(enlarger.use());
      this.enlarger = enlarger;
      return enlarger;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
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
    const { path, reader, firstLook } = this.parts;
    const stats = await checkThere(path);
    if (!this.isCurrent(version)) return;
    checkMayBeShown(path);
    const trusted = vscode.workspace.isTrusted;
    const loadedAtOnce = isShownByBrowser(path) && (!trusted || stats.size < LOADED_AT_ONCE);
    this.post('file', {
      name: basename(path),
      folder: dirname(path),
      uri: loadedAtOnce ? this.uriOf(path, version) : null,
      version,
    });
    if (!trusted) return;
    const look = (await firstLook?.take(stats)) ?? lookInto(reader, path);
    const facts = await look.facts;
    if (facts === null || !this.isCurrent(version)) return;
    this.post('facts', { version, facts });
    const { width, height } = facts;
    const thumbnail = await look.thumbnail;
    if (!this.isCurrent(version)) return;
    if (thumbnail !== null) this.post('thumbnail', { version, thumbnail, width, height });
    if (facts.rendered !== null) {
      const out = join(this.parts.scratch, `picture-${version}.png`);
      const rendered = await renderPicture(reader, path, out);
      if (rendered === null || !this.isCurrent(version)) return;
      this.post('picture', { version, uri: this.uriOf(rendered, version) });
    } else if (!loadedAtOnce) {
      // Whatever its name: a browser goes by what is in it.
      this.post('picture', { version, uri: this.uriOf(path, version) });
    }
    const histogram = await reader.ask({ do: 'count', path }, (answer) =>
      'histogram' in answer ? answer.histogram : undefined,
    );
    if (histogram !== null && this.isCurrent(version)) this.post('histogram', { version, histogram });
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
