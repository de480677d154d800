/**
 * The discriminator at work as a person puts it there: a probe from the palette, its page with pictures, by keyboard and after
 * a reload, figures that are saved, and its networks exported for every framework.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { FrameLocator, Locator } from 'playwright-core';
import { EXPORT_CARD_FILE } from '../../src/protocol/exported-model';
import { makeMicroDataset, makeMicroRun } from '../support/micro-run';
import { makeSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace';
import { trainHere } from '../support/train-here';
import { openVscode, type VscodeSession } from '../support/vscode-session';
import { Workbench } from '../support/workbench';

/** The choice in the list, the folder that it makes, what lies in it, and which file shows how it is used. */
const formats = [
  { label: 'TensorFlow.js', name: 'tfjs', files: ['model.json', 'weights.bin'], usage: 'use.html' },
  { label: 'Keras', name: 'keras', files: ['model.h5'], usage: 'use.py' },
  { label: 'ONNX', name: 'onnx', files: ['model.onnx'], usage: 'use.py' },
  { label: 'PyTorch', name: 'safetensors', files: ['model.safetensors', 'model.py'], usage: 'use.py' },
];

describe('The discriminator in VS Code', function () {
  this.bail(true);
  let workspace: SampleWorkspace;
  let session: VscodeSession;
  let workbench: Workbench;
  let frame: FrameLocator;
  let run: string;

  before(async function () {
    this.timeout(300_000);
    workspace = await makeSampleWorkspace();
    const dataset = await makeMicroDataset(workspace.folder);
    await makeMicroRun(workspace.folder, dataset);
    run = join(workspace.folder, 'run');
    await trainHere(run);
    session = await openVscode({ workspace: workspace.folder, extension: 'checkout' });
    workbench = new Workbench(session);
    frame = workbench.webview();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('transfer-failed');
  });

  after(async () => {
    await session.close();
    await workspace.remove();
  });

  it('is put to work from the palette, and the page shows what came of it', async function () {
    this.timeout(300_000);
    await workbench.runCommand('SRGAN Lab: Put Discriminator to Work…');
    await workbench.expectQuestion('Run whose discriminator is put to work');
    await workbench.accept();
    await workbench.expectQuestion('What to measure');
    await workbench.choose('Linear probe');
    await workbench.expectQuestion('On which task');
    await workbench.choose('Recognise degradations…');
    await workbench.pickFolder(workspace.photographs, 'Measure');
    await workbench.tab('transfer.srgan.json').waitFor();
    await frame.getByRole('heading', { name: 'probe-degradation' }).waitFor();
    await frame
      .getByRole('status')
      .getByText(/^Best on validation: /)
      .waitFor({ timeout: 240_000 });
    const table = frame.getByRole('region', { name: 'Accuracy by stage' }).getByRole('table');
    assert.deepEqual(await table.getByRole('rowheader').allInnerTexts().then(stagesOf), [
      'conv1',
      'conv2',
      'all stages',
    ]);
    await frame.getByRole('region', { name: 'Confusion matrix' }).getByRole('table').waitFor();
    await frame.getByRole('region', { name: 'Worst mistakes' }).getByRole('img').first().waitFor();
    await workbench.screenshots('12-transfer');
  });

  it('shows the images of the map by keyboard, and the same page after a reload', async () => {
    const map = frame.getByRole('region', { name: 'Map of features' });
    await map.getByRole('application').focus();
    const shown = map.getByRole('status');
    await shown.getByRole('img').waitFor();
    const first = await shown.innerText();
    await map.getByRole('application').press('End');
    await shown.filter({ hasNotText: first }).waitFor();
    await workbench.untilKept('transfer/probe-degradation');
    await workbench.reload();
    await frame
      .getByRole('status')
      .getByText(/^Best on validation: /)
      .waitFor();
  });

  it('saves its table where it is told', async () => {
    await frame.getByRole('button', { name: 'Accuracy by stage: more actions' }).click();
    await frame.getByRole('menuitem', { name: 'Save table (Markdown)…' }).click();
    await workbench.accept();
    const file = join(run, 'transfer', 'probe-degradation', 'probe.md');
    while (!existsSync(file)) await session.page.waitForTimeout(200);
    assert.match(await readFile(file, 'utf8'), /^\| Stage +\| Pooling/);
  });

  it('asks on when something else takes the focus, until the question is left', async () => {
    await workbench.runCommand('SRGAN Lab: Export Model…');
    await workbench.expectQuestion('Model to export');
    await session.page.locator('.explorer-folders-view').click();
    await session.page.locator('.explorer-folders-view .monaco-list:focus-within').waitFor();
    await workbench.expectQuestion('Model to export');
    await workbench.leaveQuestion();
  });

  for (const { label, name, files, usage } of formats) {
    it(`is exported for ${label}, its model card opens, and then its usage`, async () => {
      await exportDiscriminator(label);
      const folder = join(workspace.folder, 'exports', `run-discriminator-${name}`);
      for (const file of [...files, usage, 'README.md', EXPORT_CARD_FILE])
        assert.ok(existsSync(join(folder, file)), file);
      const told = await workbench.notification(
        `Exported the discriminator for ${label} to exports/run-discriminator-${name}.`,
      );
      await told.getByRole('button', { name: `Open ${usage}` }).click();
      await editor(usage).waitFor();
    });
  }

  it('is exported anew over its earlier export, and the explorer shows the folder', async () => {
    await exportDiscriminator('ONNX');
    const told = await workbench.notification('Exported the discriminator for ONNX');
    await told.getByRole('button', { name: 'Reveal Folder' }).click();
    await session.page
      .locator('.explorer-folders-view')
      .getByRole('treeitem', { name: 'README.md', selected: true })
      .waitFor();
  });

  it('leaves the logs quiet', () => {
    session.log.assertQuiet();
  });

  /** Until its model card is in front. */
  async function exportDiscriminator(format: string): Promise<void> {
    await workbench.runCommand('SRGAN Lab: Export Model…');
    await workbench.expectQuestion('Model to export');
    await workbench.accept();
    await workbench.expectQuestion('What to export');
    await workbench.choose('Discriminator');
    await workbench.expectQuestion('For which framework');
    await workbench.choose(format);
    await editor('README.md').waitFor();
  }

  function editor(file: string): Locator {
    return session.page.getByRole('tab', { name: file, selected: true });
  }
});

/** Each stage once: its two poolings have a row each, and the best one says so. */
function stagesOf(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.replace(/ \(.*/, '').trim()))];
}
