/** The runs that a person has starred in this workspace. They are kept by VS Code, not in the run: a star is an opinion. */
import * as vscode from 'vscode';
import { z } from 'zod';

const KEY = 'srganLab.starredRuns';

export class StarredRuns implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private starred: ReadonlySet<string>;

  constructor(private readonly memory: vscode.Memento) {
    const kept = z.array(z.string()).safeParse(memory.get(KEY));
    this.starred = new Set(kept.data);
  }

  /** Their folders, absolute. */
  get folders(): string[] {
    return [...this.starred];
  }

  async set(folder: string, starred: boolean): Promise<void> {
    if (this.starred.has(folder) === starred) return;
    const next = new Set(this.starred);
    if (starred) next.add(folder);
    else next.delete(folder);
    this.starred = next;
    this.changed.fire();
    await this.memory.update(KEY, [...next]);
  }

  dispose(): void {
    this.changed.dispose();
  }
}
