/** The Engine Doctor as a person meets it: opened from the palette, read, measured again by keyboard, found after a reload. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { EnginesPage } from '../support/engines-page';
import { makeSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace';
import { openVscode, type VscodeSession } from '../support/vscode-session';
import { Workbench } from '../support/workbench';

/** Trying and measuring every engine, on a machine that has other work. */
const EXAMINATION_MS = 240_000;

describe('The Engine Doctor in VS Code', function () {
  this.bail(true);
  this.timeout(2 * EXAMINATION_MS);
  let workspace: SampleWorkspace;
  let session: VscodeSession;
  let workbench: Workbench;
  let page: EnginesPage;

  before(async () => {
    workspace = await makeSampleWorkspace();
    session = await openVscode({ workspace: workspace.folder, extension: 'checkout' });
    workbench = new Workbench(session);
    page = new EnginesPage(workbench);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('engines-failed');
  });

  after(async () => {
    await session.close();
    await workspace.remove();
  });

  it('opens from the palette and says what it does', async () => {
    await workbench.runCommand('SRGAN Lab: Engine Doctor');
    await page.frame.getByRole('heading', { name: 'Engine Doctor' }).waitFor();
    await page.button('Stop').waitFor();
    await workbench.screenshot('9-engines-measuring');
  });

  it('answers what auto takes, whether a GPU is used, and how fast each engine is', async () => {
    await page.waitForReport(EXAMINATION_MS);
    const embedded = page.engine('Embedded engine, usable');
    await embedded.getByText('GFLOP/s').first().waitFor();
    await embedded.getByRole('columnheader', { name: 'paper' }).waitFor();
    await page.frame.getByText('Is my GPU used?').waitFor();
    await page.frame.getByText(/^(Yes|No): /).waitFor();
    await page.frame.getByText(/^The (embedded|native) engine\.$/).waitFor();
    await workbench.screenshots('9-engines');
  });

  it('is there again after a reload, without measuring anew', async () => {
    await workbench.reload();
    await page.waitForReport(60_000);
    await page.frame.getByText(/^measured \d{4}-/).waitFor();
  });

  it('is worked by keyboard, and stops when it is told to', async () => {
    await page.button('Measure again').focus();
    await session.page.keyboard.press('Enter');
    await page.button('Stop').waitFor();
    await page.button('Stop').press('Enter');
    await page.waitForReport(60_000);
    assert.equal(await page.frame.getByRole('alert').count(), 0, 'a stop is no error');
  });

  it('logged no error and no warning', () => {
    session.log.assertQuiet();
  });
});
