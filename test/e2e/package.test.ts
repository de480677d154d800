/** The package as users get it: built, installed into a clean VS Code, trained from, and cut off from its window. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import { makePackage } from '../../scripts/package';
import { readLease } from '../../src/folders/lease-file';
import { readModelCard } from '../../src/folders/marker-files';
import { readRunStatus } from '../../src/folders/run-reader';
import { DatasetPage } from '../support/dataset-page';
import { RunPage } from '../support/run-page';
import { makeSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace';
import { openVscode, type VscodeSession } from '../support/vscode-session';
import { Workbench } from '../support/workbench';

const tenSteps = {
  stages: [{ name: 'pixel', steps: 10, learningRate: { schedule: 'constant', initial: 1e-3 } }],
  'validation.crop': 96,
};

const endless = {
  stages: [{ name: 'pixel', steps: 1_000_000, learningRate: { schedule: 'constant', initial: 1e-3 } }],
  'validation.every': 100_000,
  'engineSettings.embedded.threads': 1,
};

describe('The package', function () {
  this.bail(true);
  let workspace: SampleWorkspace;
  let session: VscodeSession;
  let workbench: Workbench;
  let folder: string;

  before(async function () {
    this.timeout(300_000);
    workspace = await makeSampleWorkspace();
    folder = await mkdtemp(join(tmpdir(), 'srgan-lab-package-'));
    const { file } = await makePackage(join(folder, 'srgan-lab.vsix'));
    const dataset = join(workspace.folder, 'datasets', 'photographs-x4');
    session = await openVscode({
      workspace: workspace.folder,
      extension: { vsix: file },
      keybindings: [
        {
          key: 'ctrl+alt+d',
          command: 'srganLab.createDataset',
          args: { from: [workspace.photographs], validation: 0.2 },
        },
        {
          key: 'ctrl+alt+t',
          command: 'srganLab.startTraining',
          args: { dataset, name: 'ten-steps', overrides: tenSteps },
        },
        {
          key: 'ctrl+alt+e',
          command: 'srganLab.startTraining',
          args: { dataset, name: 'endless', overrides: endless },
        },
      ],
    });
    workbench = new Workbench(session);
  });

  after(async () => {
    await session.close();
    await workspace.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('makes a data set', async () => {
    await workbench.press('Control+Alt+D');
    await new DatasetPage(workbench).image('tulips').waitFor({ timeout: 60_000 });
  });

  it('trains ten steps and leaves a model', async () => {
    await workbench.press('Control+Alt+T');
    const page = new RunPage(workbench);
    await page.waitForState('Finished', 120_000);
    assert.equal(await page.step(), 10);
    const card = await readModelCard(join(workspace.folder, 'runs', 'ten-steps', 'model'));
    assert.equal(card.steps, 10);
  });

  it('logged no error and no warning', () => {
    session.log.assertQuiet();
  });

  // An extension under development is not connected again, so this is tested on the installed one.
  it('trains on while the connection to VS Code is lost, and shows it when that is back', async () => {
    await workbench.press('Control+Alt+E');
    const page = new RunPage(workbench);
    const run = join(workspace.folder, 'runs', 'endless');
    await page.waitForState('Training');
    await page.waitForStep(2);
    const { pid } = (await readLease(run))!;
    const { step } = await readRunStatus(run);

    session.log.pause();
    session.network.lose();
    while ((await readRunStatus(run)).step < step + 20) await delay(100);
    session.network.restore();

    await page.waitForStep((await readRunStatus(run)).step + 1, 180_000);
    await page.waitForState('Training');
    assert.equal((await readLease(run))!.pid, pid);
    await page.stop();
  });
});
