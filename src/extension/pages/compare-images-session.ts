/**
 * Tells a visible page of its pictures, and answers what it asks of them. What is measured is measured by a process that ends
 * when the page is left.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { LabError } from '../../folders/lab-error';
import type { ComparisonChoice, Measurement } from '../../protocol/compare-images';
import type { CompareImagesPageContract } from '../../protocol/compare-images-page';
import { idOf, type ComparedImages } from './compared-images';
import { FollowedImage } from './followed-image';
import type { ComparedPair, ImageComparison } from './image-comparison';
import type { PictureServer } from './picture-server';
import type { EventSink, Session } from './webview-host';

export interface CompareImagesSessionParts {
  readonly images: ComparedImages;
  readonly webview: vscode.Webview;
  readonly host: EventSink<CompareImagesPageContract>;
  /** Looks into pictures, for all pages. */
  readonly reader: PictureServer;
  readonly comparison: ImageComparison;
}

export class CompareImagesSession implements Session {
  private readonly followed = new Map<string, FollowedImage>();
  private readonly subscriptions: { dispose(): void }[];
  /** The newest map of each picture. */
  private readonly maps = new Map<string, string>();
  private disposed = false;

  constructor(private readonly parts: CompareImagesSessionParts) {
    const { images, reader, comparison } = parts;
    this.subscriptions = [
      reader.use(),
      comparison.use(),
      images.onDidChange(() => {
        this.follow();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.follow();
        for (const image of this.followed.values()) image.reload();
      }),
    ];
    // A session may post from its next turn on.
    queueMicrotask(() => {
      this.follow();
    });
  }

  dispose(): void {
    this.disposed = true;
    for (const image of this.followed.values()) image.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  reload(id: string): void {
    this.followed.get(id)?.reload();
  }

  /** Null if the wish was dropped. Throws a `LabError` that says why there are no figures. */
  measure(reference: string, id: string, choice: ComparisonChoice): Promise<Measurement | null> {
    return this.parts.comparison.measure(this.pair(reference, id), choice);
  }

  /** Address of a map of local SSIM. Null and errors likewise. */
  async map(reference: string, id: string, choice: ComparisonChoice): Promise<string | null> {
    const { images, comparison } = this.parts;
    const version = images.nextVersion();
    const file = await comparison.map(
      this.pair(reference, id),
      choice,
      join(images.scratch, `map-${version}.png`),
    );
    if (file === null) return null;
    const before = this.maps.get(id);
    this.maps.set(id, file);
    // The page asks for another one only when it no longer shows this one.
    if (before !== undefined) await rm(before, { force: true });
    return this.uriOf(file, version);
  }

  /** Address of the picture enlarged. Null and errors likewise. */
  async enlarge(id: string, scale: number): Promise<string | null> {
    const { images, comparison } = this.parts;
    const version = images.nextVersion();
    const out = join(images.scratch, `enlarged-${version}.png`);
    const file = await comparison.enlarge(this.sourceOf(id), scale, out);
    return file === null ? null : this.uriOf(file, version);
  }

  drop(): void {
    this.parts.comparison.drop();
  }

  /** Lists the pictures, and follows those of the list. */
  private follow(): void {
    if (this.disposed) return;
    const { images, host, reader } = this.parts;
    host.post('images', { images: images.listed, trusted: vscode.workspace.isTrusted });
    for (const [id, followed] of this.followed) {
      if (images.has(id)) continue;
      followed.dispose();
      this.followed.delete(id);
    }
    for (const image of images.images) {
      const id = idOf(image);
      if (this.followed.has(id)) continue;
      const followed = new FollowedImage({
        image,
        scratch: images.scratch,
        reader,
        nextVersion: () => images.nextVersion(),
        shown: (path, version, size) => {
          host.post('picture', { id, version, uri: this.uriOf(path, version), size });
        },
        broken: (message) => {
          host.post('broken', { id, message });
        },
      });
      this.followed.set(id, followed);
    }
  }

  private pair(reference: string, id: string): ComparedPair {
    return { reference: this.sourceOf(reference), image: this.sourceOf(id) };
  }

  private sourceOf(id: string): string {
    const source = this.followed.get(id)?.source;
    if (source === undefined) throw new LabError('The picture has not been read, so it cannot be measured.');
    return source;
  }

  /** An address that changes with the version, so that no cache shows what was there before. */
  private uriOf(path: string, version: number): string {
    return `${this.parts.webview.asWebviewUri(vscode.Uri.file(path)).toString()}?v=${version}`;
  }
}
