/**
 * Comparing images as a person does it: two files selected in the explorer, all ways to look, figures under a protocol, LR
 * enlarged, a reload, a file that changes and one that goes, and git's HEAD against the working file.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import sharp from 'sharp';
import { CompareImagesPage } from '../support/compare-images-page';
import { makeSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace';
import { openVscode, type VscodeSession } from '../support/vscode-session';
import { Workbench } from '../support/workbench';

describe('Comparing images in VS Code', function () {
  this.bail(true);
  let workspace: SampleWorkspace;
  let session: VscodeSession;
  let workbench: Workbench;
  let page: CompareImagesPage;
  const inWorkspace = (name: string): string => join(workspace.folder, name);
  const inExplorer = (name: string) =>
    session.page.locator('.explorer-folders-view').getByRole('treeitem', { name, exact: true });

  before(async function () {
    this.timeout(300_000);
    workspace = await makeSampleWorkspace();
    const original = await sharp(join(workspace.photographs, 'fig.jpg')).resize(320, 240).png().toBuffer();
    await writeFile(inWorkspace('original.png'), original);
    await writeFile(inWorkspace('strong.jpg'), await sharp(original).jpeg({ quality: 10 }).toBuffer());
    await writeFile(inWorkspace('small.png'), await sharp(original).resize(80, 60).png().toBuffer());
    const git = (...args: string[]): void => {
      const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
      execFileSync('git', ['-C', workspace.folder, ...identity, ...args], { stdio: 'pipe' });
    };
    git('init', '-q');
    git('add', 'strong.jpg');
    git('commit', '-q', '-m', 'strong');
    session = await openVscode({ workspace: workspace.folder, extension: 'checkout' });
    workbench = new Workbench(session);
    page = new CompareImagesPage(workbench);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('compare-images-failed');
  });

  after(async () => {
    await session.close();
    await workspace.remove();
  });

  it('opens from the explorer on the two files that are selected', async () => {
    await inExplorer('original.png').click();
    await session.page.getByRole('tab', { name: /^original\.png/, selected: true }).waitFor();
    await inExplorer('strong.jpg').click({ modifiers: ['ControlOrMeta'] });
    await inExplorer('strong.jpg').click({ button: 'right' });
    await workbench.chooseInMenu('Compare Images…');
    await page.pictureOf('original.png').waitFor();
    await page.pictureOf('strong.jpg').waitFor();
    assert.equal(await page.heading.innerText(), 'Compare 2 images');
  });

  it('measures under a protocol that is named', async () => {
    await page.psnrOf('strong.jpg').waitFor();
    await page.figures.getByText(/on Y of \[16, 235\], unrounded; border of 0 pixels/).waitFor();
    await page.frame.getByRole('spinbutton', { name: /left out/ }).fill('4');
    await page.figures.getByText(/border of 4 pixels/).waitFor();
    await workbench.screenshots('13-compare-images');
  });

  it('shows difference, blink, columns and the map of SSIM', async () => {
    await page.view('Difference').click();
    await page.stage.getByText('|strong.jpg − original.png| × 4').waitFor();
    await page.view('SSIM map').click();
    await page.stage.getByText('SSIM of strong.jpg to original.png').waitFor();
    await page.stage.hover();
    await page.stage.locator('.pane-value', { hasText: /^−?[01]\.\d{3}$/ }).waitFor();
    await workbench.screenshots('13-compare-images-map');
    await page.stage.press('b');
    await page.pictureOf('original.png').waitFor();
    await page.stage.press('c');
    await page.pictureOf('strong.jpg').waitFor();
  });

  it('takes in LR, shown as squares, or enlarged and measured', async () => {
    await page.frame.getByRole('button', { name: 'Add images…' }).click();
    await workbench.expectQuestion('Pictures of the same scene, 4 at most');
    await session.page.locator('.quick-input-list .monaco-list-row', { hasText: 'small.png' }).click();
    await session.page.locator('.quick-input-widget .monaco-button', { hasText: 'OK' }).click();
    await page.row('small.png').getByText('not measured').waitFor();
    await page.frame.getByText(/small\.png is 4 times smaller than original\.png.*not measured/).waitFor();
    await page.frame.getByRole('button', { name: 'Bicubic' }).click();
    await page.frame.getByText(/enlarged ×4 by bicubic/).waitFor();
    await page.psnrOf('small.png').waitFor();
  });

  it('sorts by a figure, and by another reference', async () => {
    await page.figures.getByRole('button', { name: 'Picture', exact: true }).click();
    assert.deepEqual(await page.names(), ['original.png', 'small.png', 'strong.jpg']);
    await page.row('strong.jpg').getByTitle('Make strong.jpg the reference').click();
    await page.row('strong.jpg').getByText('reference', { exact: true }).waitFor();
    await page.psnrOf('original.png').waitFor();
    await page.row('original.png').getByTitle('Make original.png the reference').click();
    await page.row('original.png').getByText('reference', { exact: true }).waitFor();
  });

  it('is as it was after a reload', async () => {
    await workbench.untilKept('"border":4');
    await workbench.untilKept('"sort":{');
    await workbench.reload();
    await page.psnrOf('small.png').waitFor();
    await page.figures.getByText(/border of 4 pixels/).waitFor();
    assert.equal(await page.heading.innerText(), 'Compare 3 images');
    assert.deepEqual(await page.names(), ['original.png', 'small.png', 'strong.jpg']);
  });

  it('shows a file anew that changes, and says of one that it is gone', async () => {
    await copyFile(inWorkspace('original.png'), inWorkspace('small.png'));
    await page.row('small.png').getByText('equal').waitFor();
    await rm(inWorkspace('small.png'));
    await page
      .row('small.png')
      .getByText(/small\.png is gone/)
      .waitFor();
    await page.pictureOf('strong.jpg').waitFor();
    await workbench.screenshot('13-compare-images-gone');
  });

  it('compares a file with git’s HEAD', async () => {
    const changed = await sharp(inWorkspace('original.png')).jpeg({ quality: 60 }).toBuffer();
    await writeFile(inWorkspace('strong.jpg'), changed);
    await inExplorer('strong.jpg').click();
    await session.page.getByRole('tab', { name: /^strong\.jpg/, selected: true }).waitFor();
    await workbench.runCommand('SRGAN Lab: Compare with HEAD');
    await page.pictureOf('strong.jpg (HEAD)').waitFor();
    await page.psnrOf('strong.jpg').waitFor();
    await workbench.screenshots('13-compare-images-head');
  });

  it('leaves the logs quiet', () => {
    session.log.assertQuiet();
  });
});
