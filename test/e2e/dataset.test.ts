/**
 * The data set page as a person uses it: found, sorted and filtered by keyboard, analysed, an image taken out and put back,
 * and the degradation edited with a preview that follows. Pictures of it are kept in .lab/screenshots.
 */
import assert from 'node:assert/strict';
import { copyFile, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import {
  readDataset,
  readDatasetFile,
  withoutContents,
  writeDatasetFile,
} from '../../src/folders/dataset-folder';
import { DatasetPage } from '../support/dataset-page';
import { makeSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace';
import { openVscode, type VscodeSession } from '../support/vscode-session';
import { Workbench } from '../support/workbench';

/** As an interruption between the last two steps of making it leaves a data set: all is there but the summary. */
async function leaveUnfinished(folder: string): Promise<void> {
  await writeDatasetFile(folder, withoutContents(await readDatasetFile(folder)));
}

describe('The data set page in VS Code', function () {
  this.bail(true);
  this.timeout(180_000);
  let workspace: SampleWorkspace;
  let session: VscodeSession;
  let workbench: Workbench;
  let page: DatasetPage;
  let dataset: string;

  before(async () => {
    workspace = await makeSampleWorkspace();
    // A copy, for the analysis to find.
    await copyFile(join(workspace.photographs, 'fig.jpg'), join(workspace.photographs, 'fig again.jpg'));
    dataset = join(workspace.folder, 'datasets', 'garden');
    session = await openVscode({
      workspace: workspace.folder,
      extension: 'checkout',
      settings: { 'workbench.activityBar.location': 'default' },
      keybindings: [
        {
          key: 'ctrl+alt+d',
          command: 'srganLab.createDataset',
          args: { from: [workspace.photographs], scale: 4, validation: 0.2, name: 'garden' },
        },
      ],
    });
    workbench = new Workbench(session);
    page = new DatasetPage(workbench);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('dataset-failed');
  });

  after(async () => {
    await session.close();
    await workspace.remove();
  });

  const press = (key: string): Promise<void> => session.page.keyboard.press(key);

  it('shows what was made, each control with a name', async () => {
    await press('Control+Alt+D');
    await page.image('tulips').waitFor({ timeout: 120_000 });
    await page.waitForCount('6 images');
    assert.deepEqual(await page.nameless(), []);
    await workbench.screenshot('10-dataset-grid');
  });

  it('is sorted and filtered, and walked through by keyboard', async () => {
    await page.choose('Order', 'By name');
    assert.deepEqual(await page.shown(), [
      'blossom',
      'dandelions',
      'fig',
      'fig-again',
      'mountain-path',
      'tulips',
    ]);
    await page.images.focus();
    await press('Home');
    await press('ArrowRight');
    assert.equal(await page.selected(), 'dandelions');
    await press('End');
    assert.equal(await page.selected(), 'tulips');
    await press('/');
    await session.page.keyboard.type('fig');
    await page.waitForCount('2 of 6 images');
    assert.deepEqual(await page.shown(), ['fig', 'fig-again']);
    await press('ArrowDown');
    await page.frame.locator('.image-scroller:focus').waitFor();
    await press('/');
    await press('Escape');
    await page.waitForCount('6 images');
    await page.choose('Split', 'Validation');
    const held = (await readDataset(dataset)).images.filter(({ split }) => split === 'validation');
    assert.deepEqual((await page.shown()).toSorted(), held.map(({ name }) => name).toSorted());
    await page.frame.getByRole('button', { name: 'Show all', exact: true }).click();
    await page.waitForCount('6 images');
    await page.images.focus();
    await press('Enter');
    await page.frame.locator('.dataset-pictures .stage-area:focus').waitFor();
  });

  it('finds the copy when it analyses', async () => {
    await page.section('Problems').locator('vscode-button', { hasText: 'Analyse' }).click();
    const duplicates = page.section('Duplicates');
    await duplicates.getByText('fig-again').waitFor({ timeout: 120_000 });
    await page.section('Radial spectrum').waitFor();
    await page.choose('Problems', 'Duplicates');
    await page.waitForCount('2 of 6 images');
    await page.frame.getByRole('button', { name: 'Show all', exact: true }).click();
    await page.section('Problems').scrollIntoViewIfNeeded();
    await workbench.screenshots('11-dataset-problems');
    await page.section('Distribution').scrollIntoViewIfNeeded();
    await workbench.screenshots('12-dataset-distribution');
  });

  it('filters by a histogram, by keyboard too', async () => {
    const sizes = page.frame.getByRole('group', { name: /^Size\./ });
    await sizes.focus();
    await press('ArrowRight');
    await page.frame.locator('.chip', { hasText: 'Size' }).waitFor();
    assert.ok((await page.shown()).length < 6);
    await press('Escape');
    await page.waitForCount('6 images');
  });

  it('takes an image out and puts it back', async () => {
    await page.image('fig-again').click();
    await page.images.focus();
    await press('Delete');
    await page.frame.getByText('1 image left out.').waitFor();
    await page.waitForCount('5 images');
    assert.deepEqual(
      (await readDatasetFile(dataset)).leftOut.map(({ source }) => source),
      ['fig again.jpg'],
    );
    await page.section('Left out by hand').getByText('fig again.jpg').waitFor();
    await page.frame.getByRole('button', { name: 'Undo' }).click();
    await page.waitForCount('6 images');
    const { leftOut, contents } = await readDatasetFile(dataset);
    assert.deepEqual(leftOut, []);
    assert.equal((contents?.train ?? 0) + (contents?.validation ?? 0), 6);
  });

  it('says that all files are in order', async () => {
    await page.button('Check files').click();
    await page.frame.getByText('are as they were written').waitFor();
  });

  it('finds a damaged file and repairs it', async () => {
    const lr = join(dataset, 'lr', 'tulips.png');
    const whole = await readFile(lr);
    await truncate(lr, 100);
    await page.button('Check files').click();
    await page.frame.getByText('1 file is not as written.').waitFor();
    await workbench.screenshot('13-dataset-repair');
    await page.button('Repair').click();
    await page.frame.getByText('are as they were written').waitFor();
    assert.ok((await readFile(lr)).equals(whole));
  });

  it('shows what is there of one that is not complete, and goes on with it', async () => {
    const { contents } = await readDatasetFile(dataset);
    await leaveUnfinished(dataset);
    await page.frame.getByText('This data set is not complete').waitFor();
    assert.equal((await page.shown()).length, 6);
    await workbench.screenshot('13-dataset-incomplete');
    await page.button('Continue').click();
    await page.frame.getByText('This data set is not complete').waitFor({ state: 'detached' });
    await page.frame.locator('.dataset-work').waitFor({ state: 'detached' });
    await page.waitForCount('6 images');
    assert.deepEqual((await readDatasetFile(dataset)).contents, contents);
  });

  it('shows what another degradation does, live', async () => {
    await page.image('blossom').click();
    await page.button('Edit with preview').click();
    await page.preview.locator('canvas').waitFor({ timeout: 60_000 });
    await page.preview.getByText('Nothing before the last resizing.').waitFor();
    await page.editor.getByTitle('Add a stage').click();
    await page.frame.getByRole('menuitem', { name: 'JPEG' }).click();
    await page.preview.getByText(/^JPEG: quality \d+$/).waitFor();
    const quality = page.editor.getByLabel('Quality, largest');
    await page.editor.getByLabel('Quality, smallest').fill('10');
    await quality.fill('10');
    await page.preview.getByText('JPEG: quality 10', { exact: true }).waitFor();
    await page.preview.getByText('LR now', { exact: true }).waitFor();
    await quality.fill('5');
    await page.editor.getByRole('alert').waitFor();
    await quality.fill('12');
    await page.editor.getByTitle('Add a stage').click();
    await page.frame.getByRole('menuitem', { name: 'Blur' }).click();
    await page.editor.getByRole('group', { name: /^Stage 2 of 2: Blur/ }).focus();
    await press('Alt+ArrowUp');
    await page.preview.locator('ol li').first().getByText(/^blur/).waitFor();
    const words = await page.preview.locator('.preview-words p').innerText();
    console.log(`      from a change to its preview: ${/\((.*)\)/.exec(words)?.[1] ?? '?'}`);
    assert.deepEqual(await page.nameless(), []);
    await page.section('Degradation').scrollIntoViewIfNeeded();
    await workbench.screenshots('13-dataset-editor');
  });

  it('makes a new data set by it', async () => {
    await page.button('Apply…').click();
    const dialog = session.page.locator('.monaco-dialog-box');
    await dialog.locator('.monaco-button', { hasText: 'New Data Set…' }).click();
    await workbench.expectQuestion('Name of the data set');
    await workbench.answer('garden-jpeg');
    await workbench.tab(/garden-jpeg/).waitFor({ timeout: 120_000 });
    await page.frame
      .getByText(/blur, JPEG, then MATLAB’s bicubic/)
      .first()
      .waitFor();
    const made = await readDataset(join(dataset, '..', 'garden-jpeg'));
    assert.deepEqual(
      made.degradation.stages?.map(({ type }) => type),
      ['blur', 'jpeg'],
    );
    assert.equal((await readDataset(dataset)).degradation.stages, undefined);
    await workbench.runCommand('View: Close Editor');
    await page.button('Apply…').waitFor();
  });

  it('makes LR anew by it after asking', async () => {
    const before = (await readDataset(dataset)).images.map(({ lrSha256 }) => lrSha256);
    await page.button('Apply…').click();
    const dialog = session.page.locator('.monaco-dialog-box');
    await dialog.getByText('6 LR images will be written anew').waitFor();
    await workbench.screenshot('14-dataset-apply');
    await dialog.locator('.monaco-button', { hasText: 'Make LR Anew' }).click();
    await page.frame.getByText(/^LR now: blur, JPEG, then MATLAB’s bicubic/).waitFor({ timeout: 120_000 });
    await page.frame.locator('.dataset-work').waitFor({ state: 'detached' });
    const { images, degradation } = await readDataset(dataset);
    assert.deepEqual(
      degradation.stages?.map(({ type }) => type),
      ['blur', 'jpeg'],
    );
    assert.ok(images.every(({ lrSha256 }) => !before.includes(lrSha256)));
  });

  it('fits into a narrow window', async () => {
    await session.page.setViewportSize({ width: 800, height: 900 });
    await workbench.screenshots('15-dataset-narrow');
    await session.page.setViewportSize({ width: 1440, height: 900 });
  });

  it('logged no error and no warning', () => {
    session.log.assertQuiet();
  });
});
