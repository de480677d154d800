/** What a data set page is told by its session, on data sets of any size: nothing else in the extension host may wait for it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { DatasetSession } from '../../src/extension/pages/dataset-session';
import { DatasetWorks } from '../../src/extension/pages/dataset-work';
import { CommandLine } from '../../src/extension/process/command-line';
import { writeDataset, writeDatasetFile } from '../../src/folders/dataset-folder';
import { IMAGES_FILE, type DatasetEntry, type DatasetRecipe } from '../../src/protocol/dataset-file';
import type { DatasetPageContract, DatasetPageImage } from '../../src/protocol/dataset-page';
import { assertNobodyWaits } from './support/event-loop';
import { extensionUnderTest, freshFolder, until } from './support/lab';

type Events = DatasetPageContract['events'];
type Told = { [N in keyof Events]: { name: N; payload: Events[N] } }[keyof Events];

const hash = (number: number): string => number.toString(16).padStart(64, '0');

function recipe(root: string): DatasetRecipe {
  return {
    format: 2,
    name: 'photos',
    created: '2026-01-01T00:00:00.000Z',
    roots: [root],
    include: ['**'],
    exclude: [],
    scale: 4,
    degradation: { kernel: 'bicubic', convention: 'uint8-symmetric', antialias: true },
    validation: { by: 'image', share: 0.1, seed: 0 },
    leftOut: [],
  };
}

function entries(count: number, first = 0): DatasetEntry[] {
  return Array.from({ length: count }, (_, offset) => first + offset).map((index) => ({
    kind: 'image',
    name: `a rather long name of a photograph ${index}`,
    root: 0,
    source: `some/folder/a rather long name of a photograph ${index}.jpg`,
    split: index % 10 === 0 ? 'validation' : 'train',
    width: 1024,
    height: 768,
    sourceWidth: 1024,
    sourceHeight: 768,
    sha256: hash(index),
    hrSha256: hash(index + 1),
    lrSha256: hash(index + 2),
    notes: index % 3 === 0 ? ['16 bits a channel rounded to 8'] : [],
    measures: { sharpness: 0.2, noise: 1.5, blockiness: 0, flatness: 0.1, fingerprint: '0123456789abcdef' },
  }));
}

/** A data set as the command line would write it, made in small steps: what is measured is reading it. */
async function writeLarge(folder: string, count: number): Promise<void> {
  const hasher = createHash('sha256');
  const file = await open(join(folder, IMAGES_FILE), 'w');
  for (let first = 0; first < count; first += 1000) {
    const lines = entries(1000, first)
      .map((entry) => `${JSON.stringify(entry)}\n`)
      .join('');
    hasher.update(lines);
    await file.write(lines);
  }
  await file.close();
  const contents = {
    sha256: hasher.digest('hex'),
    train: 0.9 * count,
    validation: 0.1 * count,
    omitted: 0,
    hrPixels: count * 1024 * 768,
  };
  await writeDatasetFile(folder, { ...recipe(folder), contents });
}

/** A session whose page is what `hear` makes of what it is told. */
async function openSession(folder: string, hear: (event: Told) => void): Promise<DatasetSession> {
  const { extensionPath } = await extensionUnderTest();
  const silent = { info: () => undefined, warn: () => undefined };
  const works = new DatasetWorks(new CommandLine(join(extensionPath, 'dist', 'cli.js'), silent));
  return new DatasetSession({
    folder,
    works,
    webview: { asWebviewUri: (uri) => uri },
    host: {
      post: (name, payload) => {
        hear({ name, payload } as Told);
      },
    },
  });
}

const has =
  (told: Told[], name: Told['name']): (() => boolean) =>
  () =>
    told.some((event) => event.name === name);

/** Images of the reading that was completed last: a late word of the file system may begin another. */
function imagesOf(told: readonly Told[]): DatasetPageImage[] {
  const complete = told.findLast((event) => event.name === 'complete');
  const reading = complete?.name === 'complete' ? complete.payload.reading : -1;
  return told.flatMap((event) =>
    event.name === 'portion' && event.payload.reading === reading ? event.payload.images : [],
  );
}

describe('What a data set page is told', function () {
  this.timeout(120_000);
  const sessions: DatasetSession[] = [];
  after(() => {
    for (const session of sessions) session.dispose();
  });
  const follow = async (folder: string): Promise<Told[]> => {
    const told: Told[] = [];
    sessions.push(await openSession(folder, (event) => told.push(event)));
    return told;
  };

  it('begins with the header, ends with the last portion, and blocks nothing on 100,000 images', async () => {
    const folder = freshFolder('large ');
    await writeLarge(folder, 100_000);
    await assertNobodyWaits('a page of 100,000 images', async () => {
      // Like the real one, this page keeps nothing in the extension host: 100,000 images that stay would be work for its memory.
      const names: Told['name'][] = [];
      let [reading, images, largest] = [-1, 0, 0];
      const session = await openSession(folder, ({ name, payload }) => {
        names.push(name);
        if (name !== 'portion') return;
        // A late word of the file system may have begun another reading.
        if (payload.reading !== reading) [reading, images] = [payload.reading, 0];
        images += payload.images.length;
        largest = Math.max(largest, payload.images.length);
      });
      try {
        await until(() => names.includes('complete'));
      } finally {
        session.dispose();
      }
      assert.equal(names[0], 'header');
      assert.equal(images, 100_000);
      assert.ok(largest <= 1000, 'portions are small');
    });
  });

  it('is told again when the data set changes, and nothing twice', async () => {
    const folder = freshFolder('changing ');
    await writeDataset(folder, recipe(folder), entries(3));
    const told = await follow(folder);
    await until(has(told, 'complete'));
    const before = told.length;
    const file = await writeDataset(folder, { ...recipe(folder), name: 'renamed' }, entries(3));
    await until(() => told.slice(before).some(({ name }) => name === 'header'));
    await until(() => told.slice(before).some(({ name }) => name === 'analysis'));
    assert.ok(!told.slice(before).some(({ name }) => name === 'portion'), 'the same list is not told again');
    await writeDataset(folder, file, entries(2));
    await until(() => told.filter(({ name }) => name === 'complete').length === 2);
    const last = told.findLast((event) => event.name === 'portion');
    assert.equal(last?.name === 'portion' && last.payload.images.length, 2);
  });

  it('says of an incomplete one that it is, and of a broken one why', async () => {
    const incomplete = freshFolder('incomplete ');
    await writeDatasetFile(incomplete, recipe(incomplete));
    const told = await follow(incomplete);
    await until(has(told, 'complete'));
    const header = told.find((event) => event.name === 'header');
    assert.equal(header?.name === 'header' && header.payload.contents, null);
    assert.equal(imagesOf(told).length, 0);
    const empty = freshFolder('empty ');
    const about = await follow(empty);
    await until(has(about, 'broken'));
    const broken = about.find((event) => event.name === 'broken');
    assert.ok(broken?.name === 'broken' && broken.payload.message.includes(empty));
  });
});
