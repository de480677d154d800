/**
 * One compared picture while its page is visible: found, shown, and shown anew when its file changes, vanishes or comes back,
 * or when git's HEAD moves. What is wrong with it is said in its place; the others know nothing of it.
 */
import { unwatchFile, watchFile } from 'node:fs';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../../folders/lab-error';
import type { ComparedImage } from '../../protocol/compare-images-page';
import type { PictureSize } from '../../protocol/picture-alignment';
import { requireTrust } from '../errors';
import { findHeadVersion, writeHeadVersion } from '../git/head-version';
import { checkMayBeShown, checkThere, LOOK_MS } from './picture-file';
import { describePicture, renderPicture, type PictureServer } from './picture-server';

export interface FollowedImageParts {
  readonly image: ComparedImage;
  readonly scratch: string;
  readonly reader: PictureServer;
  readonly nextVersion: () => number;
  /** Called with the file that a browser can show, and the size of the picture where it is known. */
  readonly shown: (path: string, version: number, size: PictureSize | null) => void;
  readonly broken: (message: string) => void;
}

export class FollowedImage implements vscode.Disposable {
  /** The file that is measured; undefined while there is none. */
  source: string | undefined;
  private readonly watched: string[] = [];
  private readonly changed: () => void;
  private version = 0;
  private disposed = false;

  constructor(private readonly parts: FollowedImageParts) {
    this.changed = () => {
      this.reload();
    };
    if (parts.image.revision === 'file') this.watch(parts.image.path);
    this.reload();
  }

  dispose(): void {
    this.disposed = true;
    for (const path of this.watched) unwatchFile(path, this.changed);
  }

  /** Looks at its file again, and shows what is in it now. */
  reload(): void {
    if (this.disposed) return;
    const version = this.parts.nextVersion();
    this.version = version;
    this.read(version).catch((error: unknown) => {
      if (!this.isCurrent(version)) return;
      const { image } = this.parts;
      const place = this.source;
      this.source = undefined;
      const message = messageOf(error);
      const own = image.revision === 'HEAD' && place !== undefined;
      this.parts.broken(own ? message.replaceAll(place, `${image.path} in HEAD`) : message);
    });
  }

  private async read(version: number): Promise<void> {
    const { reader, scratch, shown } = this.parts;
    const before = this.source;
    const source = await this.find();
    if (!this.isCurrent(version)) return;
    // HEAD has moved, and the picture is the same.
    if (this.parts.image.revision === 'HEAD' && source === before) return;
    this.source = source;
    if (!vscode.workspace.isTrusted) {
      shown(source, version, null);
      return;
    }
    const facts = await describePicture(reader, source);
    if (facts === null || !this.isCurrent(version)) return;
    const { width, height } = facts;
    if (facts.rendered === null) {
      shown(source, version, { width, height });
      return;
    }
    const out = join(scratch, `${basename(source)}-${version}.png`);
    const rendered = await renderPicture(reader, source, out);
    if (rendered !== null && this.isCurrent(version)) shown(rendered, version, { width, height });
  }

  /** The file that holds the picture. Throws a `LabError` that says why there is none. */
  private async find(): Promise<string> {
    const { image, scratch } = this.parts;
    if (image.revision === 'HEAD') {
      requireTrust('Comparing with git’s HEAD');
      const head = await findHeadVersion(image.path);
      this.watch(head.follow);
      return writeHeadVersion(image.path, head, scratch);
    }
    await checkThere(image.path);
    checkMayBeShown(image.path);
    return image.path;
  }

  private watch(path: string): void {
    if (this.disposed || this.watched.includes(path)) return;
    this.watched.push(path);
    watchFile(path, { interval: LOOK_MS, persistent: false }, this.changed);
  }

  private isCurrent(version: number): boolean {
    return !this.disposed && version === this.version;
  }
}
