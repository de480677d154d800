/** What a data set's folder comes down to: all its bytes, but for the time when it was begun. */
import assert from 'node:assert/strict';
import { createDataset, type CreateDatasetOptions, type DatasetResult } from '../../src/datasets/create';
import { readDataset } from '../../src/folders/dataset-folder';
import { DATASET_FILE, type Dataset } from '../../src/protocol/dataset-file';
import { readTree } from './trees';

/** Path → content; the header without `created`, and nothing of the training cache. */
export function datasetTree(folder: string): Map<string, string> {
  const tree = readTree(folder);
  const header = Buffer.from(tree.get(DATASET_FILE)!, 'base64').toString('utf8');
  tree.set(DATASET_FILE, header.replace(/"created": "[^"]+"/, ''));
  return new Map([...tree].filter(([path]) => !path.startsWith('cache')));
}

/** What making, changing or updating a data set gives, with all its images as its list tells them. */
export async function whole<Result extends DatasetResult>(
  work: Promise<Result>,
): Promise<Result & { file: Dataset }> {
  const result = await work;
  const file = await readDataset(result.folder);
  const { images: _, ...rest } = file;
  assert.deepEqual(result.file, rest);
  return { ...result, file };
}

/** The data set is what making it anew from the same sources gives, byte by byte. */
export async function assertAsNew(
  folder: string,
  options: Omit<CreateDatasetOptions, 'folder'>,
): Promise<void> {
  const { folder: anew } = await createDataset({ name: 'out', ...options, folder: `${folder}-anew` });
  assertSameTree(folder, anew);
}

export function assertSameTree(folder: string, expected: string): void {
  const [actual, wanted] = [datasetTree(folder), datasetTree(expected)];
  assert.deepEqual([...actual.keys()], [...wanted.keys()]);
  for (const [path, content] of wanted) {
    if (path.endsWith('.png')) assert.equal(actual.get(path), content, path);
    else assert.equal(textOf(path, actual), textOf(path, wanted));
  }
}

function textOf(path: string, tree: Map<string, string>): string {
  const content = tree.get(path)!;
  return path === DATASET_FILE ? content : Buffer.from(content, 'base64').toString('utf8');
}
