/** A data set's folder as it is read: header and entries, format 1, and everything that may be wrong with it. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import {
  readDataset,
  readDatasetFile,
  readEntries,
  withoutContents,
  writeDataset,
  writeDatasetFile,
} from '../../../src/folders/dataset-folder';
import {
  DATASET_FILE,
  IMAGES_FILE,
  type DatasetEntry,
  type DatasetImage,
  type DatasetRecipe,
} from '../../../src/protocol/dataset-file';
import { datasetFile } from '../../support/run-folders';
import { temporaryFolders } from '../../support/temporary-folder';

const hash = (digit: string): string => digit.repeat(64);

function image(name: string, change: Partial<DatasetImage> = {}): DatasetImage {
  return {
    kind: 'image',
    name,
    root: 0,
    source: `${name}.png`,
    split: 'train',
    width: 120,
    height: 80,
    sourceWidth: 121,
    sourceHeight: 80,
    sha256: hash('a'),
    hrSha256: hash('b'),
    lrSha256: hash('c'),
    notes: ['cut'],
    ...change,
  };
}

const entries: DatasetEntry[] = [
  image('one'),
  image('two', { split: 'validation', width: 200, crop: { left: 4, top: 8 } }),
  { kind: 'omitted', root: 0, source: 'three.png', reason: 'It is no image.' },
];

describe('a data set’s folder', () => {
  const makeFolder = temporaryFolders();
  const recipe: DatasetRecipe = withoutContents(datasetFile('photos', '/photos'));

  async function made(): Promise<string> {
    const folder = makeFolder();
    await writeDataset(folder, recipe, entries);
    return folder;
  }

  it('is read as it was written, header alone or with its entries', async () => {
    const folder = await made();
    const header = await readDatasetFile(folder);
    assert.deepEqual(withoutContents(header), recipe);
    const { sha256: _, ...counts } = header.contents!;
    assert.deepEqual(counts, {
      train: 1,
      validation: 1,
      omitted: 1,
      hrPixels: 120 * 80 + 200 * 80,
      widthRange: [120, 200],
      heightRange: [80, 80],
    });
    const { images, omitted } = await readDataset(folder);
    assert.deepEqual([...images, ...omitted], entries);
  });

  it('spells an entry in one way only', async () => {
    const folder = await made();
    const before = readFileSync(join(folder, IMAGES_FILE), 'utf8');
    const reversed = entries.map(({ kind, ...fields }) => ({ ...fields, kind }) as DatasetEntry);
    await writeDataset(folder, recipe, reversed);
    assert.equal(readFileSync(join(folder, IMAGES_FILE), 'utf8'), before);
  });

  it('is read in pieces, between which others have their turn', async () => {
    const folder = makeFolder();
    const many = Array.from({ length: 5000 }, (_, index) => image(`image-${index}`));
    await writeDataset(folder, recipe, many);
    let turns = 0;
    let reading = true;
    const turn = (): void => {
      turns++;
      if (reading) setImmediate(turn);
    };
    setImmediate(turn);
    const read: DatasetEntry[] = [];
    let chunks = 0;
    for await (const chunk of readEntries(folder)) {
      chunks++;
      read.push(...chunk);
      assert.ok(chunk.length < 500);
    }
    reading = false;
    assert.deepEqual(read, many);
    assert.ok(turns >= chunks, `${turns} turns of the event loop in ${chunks} chunks`);
  });

  it('is read in format 1, as if it had been written in format 2', async () => {
    const folder = makeFolder();
    const { include: _, exclude: __, leftOut: ___, validation: ____, ...rest } = recipe;
    const old = {
      ...rest,
      format: 1,
      validation: { share: 0.5, seed: 3 },
      images: [image('one'), image('two', { split: 'validation' })].map(({ kind: _, ...fields }) => fields),
      omitted: [{ root: 0, source: 'three.png', reason: 'It is no image.' }],
    };
    writeFileSync(join(folder, DATASET_FILE), JSON.stringify(old));
    const converted: DatasetEntry[] = [image('one'), image('two', { split: 'validation' }), entries[2]!];
    const { images, omitted, ...header } = await readDataset(folder);
    assert.deepEqual([...images, ...omitted], converted);
    assert.deepEqual(header.validation, { by: 'image', share: 0.5, seed: 3 });
    assert.deepEqual([header.include, header.exclude, header.leftOut], [['**'], [], []]);

    const target = makeFolder();
    await writeDataset(target, withoutContents(header), converted);
    assert.deepEqual(await readDatasetFile(target), header);
  });

  it('refuses a newer format in words', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, DATASET_FILE), '{ "format": 3, "pictures": [] }');
    await assert.rejects(readDatasetFile(folder), {
      name: 'LabError',
      message: /has format 3, and this version of SRGAN Lab reads format 2.* update this one/,
    });
  });

  it('says that it is not complete, and how to go on', async () => {
    const folder = await made();
    await writeDatasetFile(folder, recipe);
    assert.equal((await readDatasetFile(folder)).contents, undefined);
    const refusal = { name: 'LabError', message: /is not complete: .* `srgan-lab dataset update / };
    await assert.rejects(readDataset(folder), refusal);
    await assert.rejects(readEntries(folder).next(), refusal);
  });

  it('says that its list is missing, cut, changed or no list, and how to mend it', async () => {
    const folder = await made();
    const list = join(folder, IMAGES_FILE);
    const text = readFileSync(list, 'utf8');
    const refusal = async (change: string, message: RegExp): Promise<void> => {
      writeFileSync(list, change);
      await assert.rejects(readDataset(folder), (error: Error) => {
        assert.equal(error.name, 'LabError');
        assert.match(error.message, message);
        assert.match(error.message, /dataset repair/);
        return true;
      });
    };
    await refusal(text.slice(0, -5), /its last line is cut short/);
    await refusal(text.replace('"two"', '"2"'), /not the one that dataset\.srgan\.json sums up/);
    await refusal(text.split('\n').slice(1).join('\n'), /not the one/);
    await refusal(`${text}nonsense\n`, /line 4 is not valid JSON/);
    await refusal(text.replace('"width":120', '"width":0'), /Line 1 is not valid\. width/);
    rmSync(list);
    await assert.rejects(readDataset(folder), { name: 'LabError', message: /it is missing.*dataset repair/ });
  });
});
