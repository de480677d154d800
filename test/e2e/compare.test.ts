/**
 * Comparing runs as a person does it: two real runs of different loss weights, selected in the tree, side by side in a
 * table, in pictures and in curves; starred, filtered, sorted, found again after a reload; and a third that trains meanwhile.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { launchTrainer } from '../../src/training/run/launcher';
import { ComparePage } from '../support/compare-page';
import { RunPage } from '../support/run-page';
import { trainHere } from '../support/train-here';
import { makeTrainingWorkspace, type TrainingWorkspace } from '../support/trained-workspace';
import { openVscode, type VscodeSession } from '../support/vscode-session';
import { Workbench } from '../support/workbench';

const stages = [
  '{"name":"pixel","steps":40,"learningRate":{"schedule":"constant","initial":0.001}}',
  '{"name":"adversarial","steps":20,"learningRate":{"schedule":"constant","initial":0.0005}}',
];
const settings = [`stages=[${stages.join(',')}]`, 'validation={"every":10,"images":2,"crop":192}'];
const longRun = ['stages.0.steps=1000000', 'engineSettings.embedded.threads=1'];

describe('Comparing runs in VS Code', function () {
  this.bail(true);
  let workspace: TrainingWorkspace;
  let session: VscodeSession;
  let workbench: Workbench;
  let page: ComparePage;

  before(async function () {
    this.timeout(300_000);
    workspace = await makeTrainingWorkspace();
    const make = (name: string, ...overrides: string[]): Promise<string> =>
      workspace.makeRun(name, [...settings, ...overrides]);
    await trainHere(await make('gentle', 'lossWeights.adversarial=0.001'));
    await trainHere(await make('harsh', 'lossWeights.adversarial=0.5'));
    await make('long', ...longRun);
    session = await openVscode({ workspace: workspace.folder, extension: 'checkout' });
    workbench = new Workbench(session);
    page = new ComparePage(workbench);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('compare-failed');
  });

  after(async () => {
    await session.close();
    await workspace.remove();
  });

  it('opens on the runs that are selected in the tree', async () => {
    await session.page.locator('.activitybar a[aria-label^="SRGAN Lab"]').click();
    const runs = session.page
      .locator('.pane')
      .filter({ has: session.page.locator('.pane-header', { hasText: 'Runs' }) });
    const inTree = (name: string) => runs.getByRole('treeitem', { name: new RegExp(`^${name} `) });
    await inTree('gentle').click();
    // The click opens the run's page, which takes the focus, and a menu that were open then would close.
    await new RunPage(workbench).waitForState('Finished');
    await inTree('harsh').click({ modifiers: ['ControlOrMeta'] });
    await inTree('harsh').click({ button: 'right' });
    await workbench.chooseInMenu('Compare Runs…');
    await page.row('gentle').waitFor();
    await page.row('harsh').waitFor();
    assert.equal(await page.heading.innerText(), 'Compare 2 runs');
  });

  it('shows the one setting that differs, and the scores of both', async () => {
    const titles = await page.titles();
    assert.deepEqual(titles.slice(2, 5), ['lossWeights.adversarial', 'State', 'Step']);
    assert.equal(await page.cell('gentle', 'lossWeights.adversarial'), '0.001');
    assert.equal(await page.cell('harsh', 'lossWeights.adversarial'), '0.5');
    for (const name of ['gentle', 'harsh']) {
      assert.equal(await page.cell(name, 'State'), 'Finished');
      assert.match(await page.cell(name, 'PSNR'), /^\d\d\.\d\d/);
    }
  });

  it('shows the pictures of both beside bicubic and HR, and their difference', async () => {
    for (const name of ['LR, bicubic', 'gentle', 'harsh', 'HR']) await page.pictureOf(name).waitFor();
    await workbench.screenshots('10-compare');
    await page.pictures.getByRole('button', { name: 'Difference' }).click();
    await page.pictures.locator('.pane-label', { hasText: '|harsh − HR| × 4' }).waitFor();
    await workbench.screenshot('10-compare-difference');
    await page.pictures.getByRole('button', { name: 'Columns' }).click();
  });

  it('goes through the steps of both together', async () => {
    await page.pictures.getByRole('application').press('[');
    await page.pictures.getByText('step 50').first().waitFor();
    await page.pictures.getByRole('application').press(']');
    await page.pictures.getByText('step 60').first().waitFor();
  });

  it('lays their curves over each other, a colour a run', async () => {
    const chart = page.chart('D(fake)');
    await chart.scrollIntoViewIfNeeded();
    for (const name of ['gentle', 'harsh']) await chart.getByRole('button', { name }).waitFor();
    await chart.locator('canvas').waitFor();
    await workbench.screenshots('10-compare-curves');
  });

  it('keeps stars, order, filter and hidden runs over a reload', async () => {
    await page.row('harsh').getByRole('button', { name: 'Star harsh' }).click();
    await page.row('harsh').getByRole('button', { name: 'Star harsh', pressed: true }).waitFor();
    await page.sortBy('lossWeights.adversarial');
    assert.deepEqual(await page.names(), ['harsh', 'gentle']);
    await page.row('gentle').getByRole('button', { name: 'Show gentle in curves and pictures' }).click();
    await page.pictureOf('gentle').waitFor({ state: 'detached' });
    await page.frame.getByRole('textbox').fill('adversarial>0');
    await workbench.untilKept('adversarial>0');
    await workbench.reload();
    await page.row('harsh').getByRole('button', { name: 'Star harsh', pressed: true }).waitFor();
    assert.deepEqual(await page.names(), ['harsh', 'gentle']);
    await page.pictureOf('harsh').waitFor();
    assert.equal(await page.pictureOf('gentle').count(), 0);
    await page.waitForFilter('adversarial>0');
    await page.row('gentle').getByRole('button', { name: 'Show gentle in curves and pictures' }).click();
    await page.pictureOf('gentle').waitFor();
  });

  it('finds runs by a condition', async () => {
    await page.frame.getByRole('textbox').fill('adversarial>0.1');
    await page.row('gentle').waitFor({ state: 'detached' });
    assert.deepEqual(await page.names(), ['harsh']);
    await page.frame.getByRole('textbox').fill('');
    await page.row('gentle').waitFor();
  });

  it('takes in another run, and follows it while it trains', async () => {
    await page.button('Add runs…').click();
    await workbench.expectQuestion('Runs to put side by side');
    await session.page.locator('.quick-input-list .monaco-list-row', { hasText: 'long' }).click();
    await session.page.locator('.quick-input-widget .monaco-button', { hasText: 'OK' }).click();
    await page.row('long').waitFor();
    assert.equal(await page.heading.innerText(), 'Compare 3 runs');
    assert.equal(await page.cell('long', 'State'), 'Not started');
    await launchTrainer(join(workspace.folder, 'runs', 'long'));
    await page.row('long').getByText('Training').waitFor();
    const stepOf = async (): Promise<number> =>
      Number((await page.cell('long', 'Step')).split(' /')[0]!.replaceAll(',', ''));
    const before = await stepOf();
    while ((await stepOf()) < before + 20) await session.page.waitForTimeout(200);
    await page.pictureOf('long').waitFor();
    await workbench.screenshots('10-compare-training');
  });

  it('is worked by keyboard: from row to row, out of the comparison, and to a run’s page', async () => {
    await page
      .row('gentle')
      .getByRole('button', { name: /^Remove gentle/ })
      .focus();
    await session.page.keyboard.press('ArrowUp');
    const focused = page.frame.locator('button:focus');
    const [first] = await page.names();
    assert.equal(await focused.getAttribute('aria-label'), `Remove ${first!} from this comparison`);
    await page
      .row('long')
      .getByRole('button', { name: /^Remove long/ })
      .press('Enter');
    await page.row('long').waitFor({ state: 'detached' });
    await page.row('harsh').getByRole('button', { name: 'harsh', exact: true }).press('Enter');
    await workbench.tab('harsh · run').waitFor();
  });

  it('leads on to the checkpoints of a run, scored and drawn on its page', async () => {
    await workbench.runCommand('SRGAN Lab: Evaluate Checkpoints…');
    await workbench.expectQuestion('Pictures to evaluate the checkpoints on');
    await workbench.accept();
    await workbench.expectQuestion('Protocol');
    await workbench.accept();
    const section = workbench.webview().getByRole('region', { name: 'Checkpoints' });
    await section.getByText(/^Means over 2 validation images of data: PSNR and SSIM/).waitFor();
    await section.getByRole('button', { name: 'Update' }).waitFor();
    await section
      .getByText(/^best, step \d+/)
      .first()
      .scrollIntoViewIfNeeded();
    await workbench.screenshots('10-run-checkpoints');
  });

  it('logged no error and no warning', () => {
    session.log.assertQuiet();
  });
});
