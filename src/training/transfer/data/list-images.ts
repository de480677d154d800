/**
 * Which images a labelled data set has, before any of them is opened: from a folder of class folders, or from a table of
 * paths and labels. What does not fit is listed, not guessed.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { compareNaturally, scanFolders } from '../../../datasets/scan';
import { explainFileError, hasCode, LabError } from '../../../folders/lab-error';
import { partNames, type DataProblem, type PartName } from '../../../protocol/transfer';
import { parseCsv } from './csv';

export interface ListedImage {
  /** As it is shown: relative to the folder, or as the table has it. */
  readonly file: string;
  readonly path: string;
  readonly label: string;
  /** The part that the table puts it in. */
  readonly part?: PartName;
}

export interface ImageList {
  readonly images: readonly ListedImage[];
  readonly problems: readonly DataProblem[];
}

/** Lists a folder of class folders or, if `source` is a file, a table. Throws a `LabError` if it is neither. */
export async function listLabelledImages(source: string, signal?: AbortSignal): Promise<ImageList> {
  try {
    return (await stat(source)).isDirectory()
      ? await listFolder(source, signal)
      : await listTable(source, signal);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      throw new LabError(`${source} does not exist. Name a folder of class folders, or a CSV file.`, {
        cause: error,
      });
    }
    throw explainFileError('read', source, error);
  }
}

async function listFolder(folder: string, signal?: AbortSignal): Promise<ImageList> {
  const { candidates, omitted } = await scanFolders([resolve(folder)], {}, signal);
  const problems: DataProblem[] = omitted.map(({ source, reason }) => ({ file: source, reason }));
  const images: ListedImage[] = [];
  for (const { source, path } of candidates) {
    const slash = source.indexOf('/');
    if (slash < 0) {
      const reason = 'It has no label: it lies beside the class folders, not in one. Move it into its class.';
      problems.push({ file: source, reason });
    } else images.push({ file: source, path, label: source.slice(0, slash) });
  }
  const labels = new Set(images.map(({ label }) => label));
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.') || labels.has(entry.name)) continue;
    const reason = 'This class folder holds no image that can be read. Put images into it, or remove it.';
    problems.push({ file: entry.name, reason });
  }
  return { images, problems };
}

const HEADER =
  'The first line must name the columns: path, label and, if wanted, split. Or name a folder with a folder of images for ' +
  'each class.';

async function listTable(file: string, signal?: AbortSignal): Promise<ImageList> {
  const [header, ...rows] = parseCsv(await readFile(file, 'utf8'), file);
  const columns = header?.map((name) => name.toLowerCase()) ?? [];
  const [path, label, split] = ['path', 'label', 'split'].map((name) => columns.indexOf(name)) as [
    number,
    number,
    number,
  ];
  if (path < 0 || label < 0) throw new LabError(`${file} has no columns “path” and “label”. ${HEADER}`);
  const root = dirname(resolve(file));
  const problems: DataProblem[] = [];
  const images: ListedImage[] = [];
  const met = new Set<string>();
  for (const row of rows) {
    const [name = '', own = ''] = [row[path], row[label]];
    const part = split < 0 ? '' : (row[split] ?? '').toLowerCase();
    const target = resolve(root, name);
    const reason = problemOf(name, own, part, target, met);
    met.add(target);
    if (reason !== undefined) problems.push({ file: name === '' ? `(label “${own}”)` : name, reason });
    else images.push({ file: name, path: target, label: own, ...partOf(part) });
  }
  problems.push(...(await unlabelledImages(root, met, signal)));
  return { images, problems };
}

/** Other words that tables use for the three parts. */
const partWords: Readonly<Record<string, PartName>> = {
  ...Object.fromEntries(partNames.map((name) => [name, name])),
  training: 'train',
  val: 'validation',
  valid: 'validation',
  testing: 'test',
};

function partOf(word: string): { part?: PartName } {
  const part = partWords[word];
  return part === undefined ? {} : { part };
}

function problemOf(
  name: string,
  label: string,
  part: string,
  path: string,
  met: ReadonlySet<string>,
): string | undefined {
  if (name === '') return 'A line of the table has a label but no path.';
  if (label === '') return 'A line of the table has a path but no label.';
  if (part !== '' && partOf(part).part === undefined) {
    return `Its split is “${part}”, which is none of ${partNames.join(', ')}.`;
  }
  if (met.has(path)) return 'The table names this file twice; its first line counts.';
  if (!existsSync(path)) return 'The table has a label for it, but the file does not exist.';
  return undefined;
}

/** Images below the table's folder that it does not name. */
async function unlabelledImages(
  root: string,
  named: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<DataProblem[]> {
  const { candidates } = await scanFolders([root], {}, signal);
  return candidates
    .filter(({ source }) => !named.has(resolve(join(root, source))))
    .sort((a, b) => compareNaturally(a.source, b.source))
    .map(({ source }) => ({ file: source, reason: 'It has no label: the table does not name it.' }));
}
