/** A workspace with a collection of 100,000 photographs in it: nothing in the extension host waits for looking through it. */
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { LabIndex } from '../../src/extension/lab/lab-index';
import { findFolders } from '../../src/folders/find-folders';
import { RUN_FILE } from '../../src/protocol/run-configuration';
import { runConfiguration } from '../support/run-folders';
import { assertNobodyWaits } from './support/event-loop';
import { freshFolder, workspaceFolder } from './support/lab';

const COUNT = 100_000;

/** One folder with half of the files, and many with the other half; a run among them. */
async function plantCollection(folder: string): Promise<void> {
  const plant = async (parent: string, count: number): Promise<void> => {
    await mkdir(parent, { recursive: true });
    for (let first = 0; first < count; first += 500) {
      const files = Array.from({ length: Math.min(500, count - first) }, (_, index) =>
        writeFile(join(parent, `photograph ${first + index}.jpg`), ''),
      );
      await Promise.all(files);
    }
  };
  await plant(join(folder, 'all in one'), COUNT / 2);
  for (let album = 0; album < 100; album++)
    await plant(join(folder, 'albums', `album ${album}`), COUNT / 200);
  const run = join(folder, 'albums', 'run');
  await mkdir(run);
  await writeFile(join(run, RUN_FILE), JSON.stringify(runConfiguration('among photographs')));
}

describe('A workspace with 100,000 photographs', function () {
  this.timeout(300_000);
  let [outside, tree] = ['', ''];
  before(async function () {
    // Trust changes nothing in what is read.
    if (!vscode.workspace.isTrusted) this.skip();
    // Beside the workspace: VS Code's watcher shall not tell of each file as it is made.
    outside = mkdtempSync(join(dirname(workspaceFolder()), 'srgan-lab-collection-'));
    tree = join(outside, 'collection');
    await plantCollection(tree);
  });
  after(() => {
    rmSync(outside, { recursive: true, force: true });
  });

  it('is looked through for what the lab has made', async () => {
    await assertNobodyWaits('folders among 100,000 files', async () => {
      assert.deepEqual((await findFolders(tree)).runs, [join(tree, 'albums', 'run')]);
    });
  });

  it('is listed', async () => {
    const inside = join(freshFolder('large '), 'collection');
    renameSync(tree, inside);
    const index = new LabIndex({ info: () => undefined, warn: (message) => assert.fail(message) });
    try {
      await assertNobodyWaits('the list of a workspace with 100,000 files', async () => {
        await index.refresh();
        assert.ok(index.runs.some(({ folder }) => folder === join(inside, 'albums', 'run')));
      });
    } finally {
      index.dispose();
      renameSync(inside, tree);
    }
  });
});
