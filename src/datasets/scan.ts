/**
 * Finds the images under the source folders: every file once, in an order that does not depend on the file system.
 * Symbolic links are followed; a folder or file that was met before, through a link or another root, is left out, so a
 * loop ends. Hidden files are skipped, other files are counted, and folders made by the lab are not sources. Globs narrow
 * down what is taken (source-filter.ts); a folder without wanted files is not read.
 */
import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { explainFileError, hasCode, LabError, messageOf } from '../folders/lab-error';
import { DATASET_FILE, type Omission } from '../protocol/dataset-file';
import { RUN_FILE } from '../protocol/run-configuration';
import { kindOfFile, readableFormatsInWords } from './image-files';
import { compileFilter, type SourceFilter, type SourcePatterns } from './source-filter';

/** A file that has the name of an image. */
export interface Candidate {
  /** Index of its root. */
  root: number;
  /** Path relative to the root, with `/` between the parts. */
  source: string;
  /** Path to open. */
  path: string;
}

/** A folder that was read; all its files share what is said of it. */
interface ScannedFolder {
  root: number;
  rootPath: string;
  /** Relative to the root; empty for the root itself. */
  folder: string;
  /** Real path. */
  real: string;
}

/** Keeps little more than its own name: there may be a million of them. */
class FoundFile implements Candidate {
  constructor(
    private readonly folder: ScannedFolder,
    private readonly name: string,
  ) {}

  get root(): number {
    return this.folder.root;
  }

  get source(): string {
    const { folder } = this.folder;
    return folder === '' ? this.name : `${folder}/${this.name}`;
  }

  get path(): string {
    return join(this.folder.rootPath, this.source);
  }
}

export interface ScanResult {
  /** In natural order (`2.png` before `10.png`), root by root. */
  candidates: Candidate[];
  /** Images and folders that cannot be read, with the reason. */
  omitted: Omission[];
  /** How many files have no name of an image. */
  otherFiles: number;
  /** How many images the patterns leave out; those in folders that were not read are not counted. */
  unwantedImages: number;
}

/** Made when it is first needed: the first of a process takes milliseconds, and most commands sort nothing. */
let collator: Intl.Collator | undefined;

/** Natural order, the same on every machine. */
export function compareNaturally(a: string, b: string): number {
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * Walks `roots`, absolute paths of folders. Throws a `LabError` for a root that is not a readable folder or a pattern that
 * means nothing, and the signal's reason if it aborts.
 */
export async function scanFolders(
  roots: readonly string[],
  patterns: SourcePatterns = {},
  signal?: AbortSignal,
): Promise<ScanResult> {
  const scan = new Scan(compileFilter(patterns), signal);
  for (const [index, root] of roots.entries()) {
    await checkRoot(root);
    await scan.walk(index, root, '');
  }
  return scan.result;
}

async function checkRoot(root: string): Promise<void> {
  let entries: string[];
  try {
    if (!(await stat(root)).isDirectory())
      throw new LabError(`${root} is not a folder. Give the folder that holds the images.`);
    entries = await readdir(root);
  } catch (error) {
    if (hasCode(error, 'ENOENT'))
      throw new LabError(`The folder ${root} does not exist. Check its name.`, { cause: error });
    if (hasCode(error, 'EACCES', 'EPERM'))
      throw new LabError(`You may not read the folder ${root}. Change its permissions.`, { cause: error });
    throw explainFileError('read', root, error);
  }
  if (entries.includes(DATASET_FILE)) {
    throw new LabError(`${root} is itself a data set. To use its HR images again, give ${join(root, 'hr')}.`);
  }
}

class Scan {
  readonly result: ScanResult = { candidates: [], omitted: [], otherFiles: 0, unwantedImages: 0 };
  /** Real path of a folder → where it was met first, for people. */
  private readonly met = new Map<string, string>();
  /** Real path of a folder → the files in it that were taken, by their names. */
  private readonly taken = new Map<string, Map<string, Candidate>>();

  constructor(
    private readonly filter: SourceFilter,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Takes the folder `root`/`folder`; `folder` is relative, and empty for the root itself. */
  async walk(root: number, rootPath: string, folder: string): Promise<void> {
    this.signal?.throwIfAborted();
    const path = join(rootPath, folder);
    const omit = (source: string, reason: string): void => {
      this.result.omitted.push({ kind: 'omitted', root, source: source === '' ? '.' : source, reason });
    };

    let entries: Dirent[];
    let real: string;
    try {
      real = await realpath(path);
      const before = this.met.get(real);
      if (before !== undefined) {
        omit(
          folder,
          `This folder was read before, as ${before}: a symbolic link or another source leads to it.`,
        );
        return;
      }
      this.met.set(real, path);
      entries = await readdir(path, { withFileTypes: true });
    } catch (error) {
      omit(folder, inaccessible('folder', error));
      return;
    }
    if (folder !== '' && entries.some(({ name }) => name === DATASET_FILE || name === RUN_FILE)) {
      omit(folder, 'This folder was made by the lab: a data set or a run is not taken as a source.');
      return;
    }

    const scanned: ScannedFolder = { root, rootPath, folder, real };
    entries.sort((a, b) => compareNaturally(a.name, b.name));
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const source = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const file = new FoundFile(scanned, entry.name);
      const linked = entry.isSymbolicLink();
      let target: Dirent | Stats = entry;
      try {
        if (linked) target = await stat(file.path);
      } catch (error) {
        const wanted = kindOfFile(source) !== 'other' && this.filter.takesFile(source);
        if (wanted) omit(source, inaccessible('symbolic link', error));
        continue;
      }
      if (target.isDirectory()) {
        if (this.filter.entersFolder(source)) await this.walk(root, rootPath, source);
      } else if (target.isFile()) {
        if (kindOfFile(source) === 'other') this.result.otherFiles++;
        else if (!this.filter.takesFile(source)) this.result.unwantedImages++;
        else this.takeImage(file, linked ? await realpath(file.path) : join(real, entry.name), omit);
      }
    }
  }

  private takeImage(file: Candidate, real: string, omit: (source: string, reason: string) => void): void {
    const folder = dirname(real);
    const name = basename(real);
    const before = this.taken.get(folder)?.get(name);
    if (kindOfFile(file.source) === 'unreadable') {
      omit(file.source, `This format is not read. Convert the file to ${readableFormatsInWords}.`);
    } else if (before !== undefined) {
      omit(
        file.source,
        `This is the same file as ${before.path}, through a symbolic link or another source.`,
      );
    } else {
      const taken = this.taken.get(folder) ?? new Map<string, Candidate>();
      this.taken.set(folder, taken.set(name, file));
      this.result.candidates.push(file);
    }
  }
}

function inaccessible(what: string, error: unknown): string {
  if (hasCode(error, 'EACCES', 'EPERM')) return `You may not read this ${what}. Change its permissions.`;
  if (hasCode(error, 'ELOOP')) return `This ${what} leads back to itself. Remove it.`;
  if (hasCode(error, 'ENOENT')) return `This ${what} leads nowhere: its target is gone.`;
  return `This ${what} cannot be read: ${messageOf(error)}.`;
}
