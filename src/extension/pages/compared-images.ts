/** The pictures that one page compares, in their order: what its buttons change and its session follows. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { MOST_IMAGES, type ComparedImage, type ListedImage } from '../../protocol/compare-images-page';

export class ComparedImages implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  /** Folder for what the page shows and no file of the person holds; it goes with the page. */
  readonly scratch = mkdtempSync(join(tmpdir(), 'srgan-lab-compare-'));
  private list: readonly ComparedImage[];
  private versions = 0;

  constructor(images: readonly ComparedImage[]) {
    this.list = distinct(images);
  }

  get images(): readonly ComparedImage[] {
    return this.list;
  }

  /** The same with names that tell them apart: of files, and with their folders where that is not enough. */
  get listed(): ListedImage[] {
    const names = this.list.map(({ path }) => basename(path));
    const paths = new Map(this.list.map(({ path }) => [path, basename(path)]));
    return this.list.map((image, index) => {
      const name = names[index]!;
      const shared = [...paths.values()].filter((each) => each === name).length > 1;
      const told = shared ? `${basename(dirname(image.path))}/${name}` : name;
      return {
        id: idOf(image),
        name: image.revision === 'HEAD' ? `${told} (HEAD)` : told,
        place: vscode.workspace.asRelativePath(image.path),
        image,
      };
    });
  }

  /** A number that no version of a picture of this page has had. */
  nextVersion(): number {
    this.versions += 1;
    return this.versions;
  }

  has(id: string): boolean {
    return this.list.some((image) => idOf(image) === id);
  }

  add(images: readonly ComparedImage[]): void {
    this.replace(distinct([...this.list, ...images]));
  }

  remove(id: string): void {
    this.replace(this.list.filter((image) => idOf(image) !== id));
  }

  /** Whether these are the same pictures, in whatever order. */
  equals(images: readonly ComparedImage[]): boolean {
    const others = distinct(images);
    return others.length === this.list.length && others.every((image) => this.has(idOf(image)));
  }

  dispose(): void {
    this.changed.dispose();
    void rm(this.scratch, { recursive: true, force: true });
  }

  private replace(list: readonly ComparedImage[]): void {
    if (list.length === this.list.length) return;
    this.list = list;
    this.changed.fire();
  }
}

export function idOf({ path, revision }: ComparedImage): string {
  return `${revision}:${path}`;
}

function distinct(images: readonly ComparedImage[]): ComparedImage[] {
  return [...new Map(images.map((image) => [idOf(image), image])).values()].slice(0, MOST_IMAGES);
}
