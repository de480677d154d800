/** What the page of a data set is told while it is being made. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { openJournal } from '../../../src/datasets/build/journal';
import { createDataset, updateDataset } from '../../../src/datasets/create';
import { readMade, readPageHeader } from '../../../src/extension/pages/dataset-reader';
import {
  readDataset,
  readDatasetFile,
  withoutContents,
  writeDatasetFile,
} from '../../../src/folders/dataset-folder';
import { START } from '../../../src/folders/json-lines';
import type { DatasetImage } from '../../../src/protocol/dataset-file';
import { png } from '../../support/image-files';
import { temporaryFolders } from '../../support/temporary-folder';
import { plant } from '../../support/trees';

describe('A data set that is being made', () => {
  const temporary = temporaryFolders();

  it('tells the images that are there already, once each, with their sources', async () => {
    const [from, folder] = [join(temporary(), 'photos'), join(temporary(), 'data')];
    const files = ['a', 'b', 'c'].map((name, seed) => [`${name}.png`, png(128, 96, seed)] as const);
    await plant(from, Object.fromEntries(files));
    await createDataset({ folder, from: [from], scale: 4, workers: 1 });
    const { images } = await readDataset(folder);
    await writeDatasetFile(folder, withoutContents(await readDatasetFile(folder)));
    const journal = await openJournal(folder, true);
    const make = ({ kind: _, root, source, split: __, ...image }: DatasetImage): Promise<void> =>
      journal.add({ kind: 'made', key: '', images: [image], from: { root, source } });
    await make(images[0]!);
    await make(images[1]!);
    assert.equal((await readPageHeader(folder, (kind) => kind)).contents, null);

    const first = await readMade(folder, START);
    assert.deepEqual(
      first.lines.map(({ name, source, width }) => [name, source, width]),
      [
        ['a', 'a.png', 128],
        ['b', 'b.png', 128],
      ],
    );
    await make(images[2]!);
    await journal.close();
    const second = await readMade(folder, first.position);
    assert.deepEqual([second.lines.map(({ name }) => name), second.restarted], [['c'], false]);

    await updateDataset(folder);
    const after = await readMade(folder, second.position);
    assert.deepEqual([after.lines, after.restarted], [[], true]);
  });
});
