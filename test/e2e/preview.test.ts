/**
 * Pictures in the editor as a person opens them: from the explorer, a TIFF of 16 bits that VS Code itself cannot show,
 * enlarged by a kernel and by a model that was trained here, by keys alone, and files that change, vanish and are none,
 * also while they are enlarged; and models measured on a folder, in the features of a VGG19, too.
 */
import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import sharp from 'sharp';
import { readPicture } from '../../src/datasets/picture';
import type { RgbImage } from '../../src/imaging/image';
import { imresize } from '../../src/imaging/imresize';
import { writeDrawnVgg } from '../support/drawn-vgg';
import { loadImage } from '../support/pictures';
import { claimedPng } from '../support/png-files';
import { PreviewPage } from '../support/preview-page';
import { trainHere } from '../support/train-here';
import { makeTrainingWorkspace, type TrainingWorkspace } from '../support/trained-workspace';
import { openVscode, type VscodeSession } from '../support/vscode-session';
import { Workbench } from '../support/workbench';

const stages = 'stages=[{"name":"pixel","steps":20,"learningRate":{"schedule":"constant","initial":0.001}}]';

describe('Pictures in the editor', function () {
  this.bail(true);
  this.timeout(180_000);
  let workspace: TrainingWorkspace;
  let session: VscodeSession;
  let workbench: Workbench;
  let page: PreviewPage;
  const inWorkspace = (name: string): string => join(workspace.folder, name);

  before(async function () {
    this.timeout(300_000);
    workspace = await makeTrainingWorkspace();
    const photo = join(workspace.photographs, 'fig.jpg');
    const small = await sharp(photo).resize(120, 90).toBuffer();
    await writeFile(inWorkspace('fig.jpg'), small);
    const wide = sharp(small).toColourspace('rgb16').tiff({ compression: 'deflate' });
    await writeFile(inWorkspace('scan.tif'), await wide.toBuffer());
    const large = await sharp(small).resize(2800, 2100).jpeg().toBuffer();
    await writeFile(inWorkspace('large.jpg'), large);
    await writeFile(inWorkspace('bomb.png'), claimedPng(65_535, 65_535));
    await mkdir(inWorkspace('hr'));
    await copyFile(inWorkspace('fig.jpg'), join(inWorkspace('hr'), 'fig.jpg'));
    await writeDrawnVgg(inWorkspace('drawn'));
    await trainHere(await workspace.makeRun('first', [stages]));
    session = await openVscode({ workspace: workspace.folder, extension: 'checkout' });
    await session.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    workbench = new Workbench(session);
    page = new PreviewPage(workbench);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('preview-failed');
  });

  after(async () => {
    await session.close();
    await workspace.remove();
  });

  /** From the explorer, by its context menu. */
  async function open(name: string): Promise<void> {
    const entry = session.page.locator('.explorer-folders-view').getByRole('treeitem', { name, exact: true });
    await entry.click({ button: 'right' });
    await workbench.chooseInMenu('Open in SRGAN Lab Preview');
    await session.page.getByRole('tab', { name: new RegExp(`^${name}`), selected: true }).waitFor();
  }

  it('opens a photograph from the explorer, and tells what is in it', async () => {
    await open('fig.jpg');
    await page.pictureOf('Original').waitFor();
    assert.equal(await page.heading.innerText(), 'fig.jpg');
    assert.match(await page.fact('Size').innerText(), /^120×90/);
    assert.equal(await page.fact('Format').innerText(), 'JPEG');
    await page.details.getByRole('img', { name: /Clipped/ }).waitFor();
    await workbench.screenshots('11-preview');
  });

  it('enlarges it by a kernel: beside the original, by slider, blink and difference', async () => {
    await page.enlargeWith('lanczos3 ×4');
    await page.pictureOf('lanczos3, ×4').waitFor();
    await page.frame.getByText('enlarged', { exact: true }).waitFor();
    await page.stage.focus();
    await page.stage.press('d');
    await page.stage.getByText('|Original − lanczos3, ×4| × 4').waitFor();
    await page.stage.press('c');
    await page.pictureOf('Original').waitFor();
  });

  /** What Copy puts on the clipboard. */
  async function copied(name: string): Promise<RgbImage> {
    const target = inWorkspace('copied.png');
    await writeFile(target, await page.copy(name));
    return loadImage(target);
  }

  it('copies what is in sight: the picture alone in its pixels, and its enlargement in those', async () => {
    const { image } = await readPicture(inWorkspace('fig.jpg'));
    const enlarged = imresize(image, 4, { kernel: 'lanczos3' });
    assert.deepEqual(await copied('lanczos3, ×4'), enlarged);
    await page.stage.press('1');
    await page.frame.getByRole('button', { name: 'Show all' }).waitFor();
    assert.deepEqual(await copied('Original'), image);
    await page.stage.press('1');
  });

  it('saves the whole enlargement where it is told to, and opens it', async () => {
    const { image } = await readPicture(inWorkspace('fig.jpg'));
    await page.frame.getByRole('button', { name: 'Save As…' }).click();
    await workbench.saveAs(inWorkspace('enlarged.png'));
    await workbench.tab(/^enlarged\.png/).waitFor();
    assert.deepEqual(
      await loadImage(inWorkspace('enlarged.png')),
      imresize(image, 4, { kernel: 'lanczos3' }),
    );
    await workbench.tab('fig.jpg').click();
    await page.pictureOf('lanczos3, ×4').first().waitFor();
  });

  it('enlarges it by a model of this workspace', async () => {
    await page.enlargeWith('first');
    await page.pictureOf('the model first, ×4').waitFor();
    await page.pictureOf('Original, bicubic ×4').waitFor();
    await page.frame.getByText('enlarged', { exact: true }).waitFor();
    await page.details.getByText('480×360').waitFor();
    await workbench.screenshots('11-preview-enlarged');
  });

  it('is worked by keyboard alone: every control has a name, is reached, and is seen to have the focus', async () => {
    const { keyboard } = session.page;
    await page.choice.focus();
    await keyboard.press('Home');
    await page.frame.getByText('enlarged', { exact: true }).waitFor({ state: 'detached' });
    await keyboard.press('ArrowDown');
    await page.pictureOf('the model first, ×4').waitFor();
    await page.frame.getByText('enlarged', { exact: true }).waitFor();
    const reached = await page.tabThrough(keyboard);
    const says = reached.map((each) => each.says).join('\n');
    for (const name of [
      'Copy what is in sight',
      'into a file',
      'Details',
      '(C)',
      '(S)',
      'Zoom in',
      'Fit',
      '1:1',
    ])
      assert.ok(says.includes(name), `${name} among\n${says}`);
    const lacking = reached.filter(({ says, ringed }) => says === '' || !ringed);
    assert.deepEqual(lacking, [], 'without a name or a focus ring');
    await page.stage.focus();
    await keyboard.press('0');
    await page.frame.locator('.stage-scale', { hasText: /^1×$/ }).waitFor();
    await keyboard.press('+');
    await page.frame.locator('.stage-scale', { hasText: /^2×$/ }).waitFor();
    await keyboard.press('ArrowRight');
    await keyboard.press('f');
    await page.details.waitFor();
    await page.frame.getByRole('button', { name: 'Details' }).focus();
    await keyboard.press('Enter');
    await page.details.waitFor({ state: 'detached' });
    await keyboard.press('Enter');
    await page.details.waitFor();
  });

  it('is as it was after a reload, and enlarges again', async () => {
    await workbench.untilKept('runs/first/model');
    await workbench.reload();
    await page.pictureOf('the model first, ×4').waitFor();
    await page.frame.getByText('enlarged', { exact: true }).waitFor();
  });

  it('shows a TIFF of 16 bits, up to its values', async () => {
    await open('scan.tif');
    await page.pictureOf('Original').waitFor();
    assert.match(await page.fact('Samples').innerText(), /16 bits/);
    await page.stage.hover();
    await page.stage.getByText(/R +\d+ G +\d+ B +\d+ +Y +[\d.]+ +#[0-9a-f]{6}/).waitFor();
  });

  it('says that a file is gone, and shows it again when it is back', async () => {
    await rm(inWorkspace('scan.tif'));
    await page.frame.getByText(/scan\.tif is gone/).waitFor();
    await workbench.screenshot('11-preview-gone');
    await copyFile(inWorkspace('fig.jpg'), inWorkspace('scan.tif'));
    await page.pictureOf('Original').waitFor();
    assert.equal(await page.fact('Format').innerText(), 'JPEG');
  });

  it('says so when a file is cut short, or goes, while it is enlarged, and enlarges what comes in its place', async () => {
    const enlarging = page.frame.getByText(/\d+ of \d+ parts/);
    const enlarged = page.frame.getByText('enlarged', { exact: true });
    const large = await readFile(inWorkspace('large.jpg'));
    await open('large.jpg');
    await page.pictureOf('Original').waitFor();
    await page.enlargeWith('first');
    await enlarging.waitFor();
    await truncate(inWorkspace('large.jpg'), large.length / 3);
    await page.frame.getByText(/large\.jpg: The image is damaged or cut short/).waitFor();
    await workbench.screenshot('11-preview-cut-short');
    await writeFile(inWorkspace('large.jpg'), large);
    await enlarging.waitFor();
    await rm(inWorkspace('large.jpg'));
    await page.frame.getByText(/large\.jpg is gone/).waitFor();
    await copyFile(inWorkspace('fig.jpg'), inWorkspace('large.jpg'));
    await page.pictureOf('the model first, ×4').waitFor();
    await enlarged.waitFor();
    assert.equal(await page.fact('Size').first().innerText(), '120×90');
  });

  it('says why a decompression bomb is not shown, and lives on', async () => {
    await open('bomb.png');
    await page.frame.getByText(/bomb\.png: It has 65535×65535 pixels/).waitFor();
    await open('fig.jpg');
    await page.pictureOf('Original').first().waitFor();
  });

  it('measures models on a folder, in the features of a VGG19, too, where one was imported', async () => {
    await workbench.runCommand('SRGAN Lab: Evaluate Models…');
    await workbench.expectQuestion('Models to evaluate');
    await session.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'first' }).first().click();
    await workbench.accept();
    await workbench.pickFolder(inWorkspace('hr'), 'Evaluate');
    await workbench.expectQuestion('Protocol');
    await workbench.accept();
    await workbench.expectQuestion('What to measure');
    await workbench.choose('VGG distance by drawn, too');
    const table = workbench.webview().getByRole('table').first();
    await table.getByRole('columnheader', { name: 'VGG distance' }).first().waitFor();
    await table.getByRole('columnheader', { name: 'runs/first: PSNR', exact: true }).waitFor();
    await table.getByRole('row', { name: /^fig/ }).waitFor();
    await workbench
      .webview()
      .getByText(/no figure of LPIPS/)
      .waitFor();
    await workbench.screenshot('11-evaluated');
  });

  it('logged no error and no warning', () => {
    session.log.assertQuiet();
  });
});
