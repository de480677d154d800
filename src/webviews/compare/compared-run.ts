/** A run as the page knows it: on the list from the start, with its content or a problem once it has been read. Pure. */
import type { ComparedRunContent } from '../../protocol/compare-page';

export interface ComparedRun {
  readonly folder: string;
  readonly slot: number;
  /** Unlike that of any other run on the page. */
  readonly name: string;
  /** Null until it has been read, and when it cannot be. */
  readonly content: ComparedRunContent | null;
  /** Why it cannot be read, in the host's words. */
  readonly problem: string | null;
}

export type ReadRun = ComparedRun & { readonly content: ComparedRunContent };

export function isRead(run: ComparedRun): run is ReadRun {
  return run.content !== null;
}

/** What a run is called by itself: by its configuration, or by its folder before that is read. */
export function ownName(folder: string, content: ComparedRunContent | null): string {
  return content?.configuration.name ?? folderName(folder);
}

/** Names that tell the runs apart: of equal ones, with as many of their folders as that takes. */
export function distinctNames(runs: readonly { folder: string; name: string }[]): string[] {
  return runs.map((run) => {
    const rivals = runs.filter((other) => other !== run && other.name === run.name);
    if (rivals.length === 0) return run.name;
    const parts = partsOf(run.folder);
    for (let length = 1; length <= parts.length; length += 1) {
      const tail = (folder: string) => partsOf(folder).slice(-length).join('/');
      if (rivals.every(({ folder }) => tail(folder) !== tail(run.folder)))
        return `${run.name} (${tail(run.folder)})`;
    }
    return `${run.name} (${run.folder})`;
  });
}

function partsOf(folder: string): string[] {
  return folder.split(/[\\/]/).filter((part) => part !== '');
}

/** The name of a folder, for a path of any system. */
export function folderName(folder: string): string {
  return partsOf(folder).at(-1) ?? folder;
}
