/** The runs that one compare page shows, in their order: what its buttons change and its session follows. */
import * as vscode from 'vscode';

export class ComparedRuns implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private list: readonly string[];

  constructor(folders: readonly string[]) {
    this.list = [...new Set(folders)];
  }

  /** Absolute paths, each once. */
  get folders(): readonly string[] {
    return this.list;
  }

  has(folder: string): boolean {
    return this.list.includes(folder);
  }

  add(folders: readonly string[]): void {
    this.replace([...new Set([...this.list, ...folders])]);
  }

  remove(folder: string): void {
    this.replace(this.list.filter((each) => each !== folder));
  }

  /** Whether these are the same runs, in whatever order. */
  equals(folders: readonly string[]): boolean {
    return new Set(folders).size === this.list.length && folders.every((folder) => this.has(folder));
  }

  dispose(): void {
    this.changed.dispose();
  }

  private replace(list: readonly string[]): void {
    if (list.length === this.list.length) return;
    this.list = list;
    this.changed.fire();
  }
}
