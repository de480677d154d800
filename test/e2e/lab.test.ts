/**
 * The whole path as a person walks it, in a browser: from the palette to a data set, a training run that is watched,
 * stopped, resumed and found again after a reload, and the final comparison. Pictures of each stage, in the light and the
 * dark theme, are kept in .lab/screenshots.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { readJsonLines } from '../../src/folders/json-lines';
import { readLease } from '../../src/folders/lease-file';
import { readDataset } from '../../src/folders/dataset-folder';
import { readRunConfiguration } from '../../src/folders/marker-files';
import { readRunStatus } from '../../src/folders/run-reader';
import { METRICS_FILE, metricsLineSchema, type MetricsLine } from '../../src/protocol/metrics';
import { DatasetPage } from '../support/dataset-page';
import { RunPage } from '../support/run-page';
import { makeSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace';
import { openVscode, type VscodeSession } from '../support/vscode-session';
import { Workbench } from '../support/workbench';

async function readMetrics(folder: string): Promise<MetricsLine[]> {
  return (await readJsonLines(join(folder, METRICS_FILE), metricsLineSchema)).lines;
}

/** The quick preset in a minute: the same networks and stages, fewer steps. */
const shortRun = {
  'stages.0.steps': 120,
  'stages.0.learningRate.warmup': 5,
  'stages.1.steps': 10,
  'validation.every': 30,
  'validation.crop': 192,
  'checkpoints.every': 30,
};

describe('The lab in VS Code', function () {
  this.bail(true);
  let workspace: SampleWorkspace;
  let session: VscodeSession;
  let workbench: Workbench;
  let dataset: string;
  let run: string;

  before(async function () {
    this.timeout(300_000);
    workspace = await makeSampleWorkspace();
    await writeFile(join(workspace.photographs, 'not a picture.png'), 'This is text.');
    dataset = join(workspace.folder, 'datasets', 'garden');
    run = join(workspace.folder, 'runs', 'short');
    session = await openVscode({
      workspace: workspace.folder,
      extension: 'checkout',
      keybindings: [
        {
          key: 'ctrl+alt+t',
          command: 'srganLab.startTraining',
          args: { dataset, preset: 'quick', engine: 'embedded', name: 'short', overrides: shortRun },
        },
      ],
    });
    workbench = new Workbench(session);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('failed');
  });

  after(async () => {
    await session.close();
    await workspace.remove();
  });

  it('says what to do when there is nothing yet', async () => {
    await session.page.locator('.activitybar a[aria-label^="SRGAN Lab"]').click();
    await session.page.locator('.pane-header', { hasText: 'Data sets' }).waitFor();
    await session.page.locator('.welcome-view .monaco-button', { hasText: 'Create Dataset' }).waitFor();
    await workbench.screenshots('1-empty');
  });

  it('makes a data set from the palette and opens its page', async () => {
    await workbench.runCommand('SRGAN Lab: Create Dataset…');
    await workbench.pickFolder(workspace.photographs, 'Use These Images');
    await workbench.expectQuestion('Scale');
    await workbench.choose('×4');
    await workbench.expectQuestion('Degradation');
    await workbench.choose('Bicubic');
    await workbench.expectQuestion('Validation split');
    await workbench.choose('20 %');
    await workbench.expectQuestion('Name of the data set');
    await workbench.answer('garden');
    const page = new DatasetPage(workbench);
    await page.image('tulips').waitFor({ timeout: 60_000 });
    await page.frame.getByText('not a picture.png').waitFor();
    const file = await readDataset(dataset);
    assert.equal(file.images.length, 5);
    assert.deepEqual(
      file.omitted.map(({ source }) => source),
      ['not a picture.png'],
    );
    await workbench.screenshots('2-dataset');
  });

  it('starts training from the palette and shows it live', async () => {
    await workbench.runCommand('SRGAN Lab: Start Training…');
    await workbench.expectQuestion('Preset');
    await workbench.choose('quick');
    await workbench.expectQuestion('Engine');
    await workbench.choose('Embedded');
    await workbench.expectQuestion('Name of the run');
    await workbench.answer('from-the-palette');
    const page = new RunPage(workbench);
    await page.waitForState('Training', 120_000);
    await page.waitForStep(20, 120_000);
    await workbench.statusBarItem('from-the-palette').waitFor();
    await workbench.screenshots('3-training');
  });

  it('finds page and run again after the window is reloaded', async () => {
    const folder = join(workspace.folder, 'runs', 'from-the-palette');
    const lease = await readLease(folder);
    await workbench.untilKept('runs/from-the-palette/run.srgan.json');
    await workbench.reload();
    const page = new RunPage(workbench);
    await page.waitForState(/Training|Validating|Saving/);
    await page.superResolutionLabel.waitFor();
    assert.equal((await readLease(folder))?.pid, lease?.pid, 'the same trainer goes on');
    await workbench.screenshots('4-after-reload');
  });

  it('stops a run, and the trainer is gone', async () => {
    await new RunPage(workbench).stop();
    const folder = join(workspace.folder, 'runs', 'from-the-palette');
    assert.equal((await readRunStatus(folder)).state, 'stopped');
    await workbench.screenshots('5-stopped');
  });

  it('starts a run with settings of its own, stops it and resumes where it was', async () => {
    await workbench.press('Control+Alt+T');
    const page = new RunPage(workbench);
    await page.waitForState('Training', 120_000);
    assert.equal((await readRunConfiguration(run)).stages[0]?.steps, 120);
    await page.waitForStep(5);
    await page.stop();
    const { step } = await readRunStatus(run);
    await page.resume();
    await page.waitForStep(step + 1);
    const kinds = (await readMetrics(run)).flatMap((line) => (line.kind === 'event' ? line.event : []));
    assert.deepEqual(
      kinds.filter((kind) => ['started', 'stopped', 'resumed'].includes(kind)),
      ['started', 'stopped', 'resumed'],
    );
    await workbench.screenshots('6-resumed');
  });

  it('ends with both stages scored and pictures to compare', async () => {
    const page = new RunPage(workbench);
    await page.waitForState('Finished', 240_000);
    assert.equal(await page.step(), 130);
    await page.quality.waitFor();
    for (const mode of ['Columns', 'Slider', 'Difference']) {
      await page.compare(mode);
      await workbench.screenshots(`7-finished-${mode.toLowerCase()}`);
    }
    await page.frame.locator('.scores').scrollIntoViewIfNeeded();
    await workbench.screenshots('8-curves-and-scores');
  });

  it('logged no error and no warning', () => {
    session.log.assertQuiet();
  });
});
