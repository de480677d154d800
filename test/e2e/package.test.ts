/** The package as users get it: built, installed into a clean VS Code, and trained from. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { makePackage } from '../../scripts/package';
import { readModelCard } from '../../src/folders/marker-files';
import { DatasetPage } from '../support/dataset-page';
import { RunPage } from '../support/run-page';
import { makeSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace';
import { openVscode, type VscodeSession } from '../support/vscode-session';
import { Workbench } from '../support/workbench';

const tenSteps = {
  stages: [{ name: 'pixel', steps: 10, learningRate: { schedule: 'constant', initial: 1e-3 } }],
  'validation.crop': 96,
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
    await session.page.keyboard.press('Control+Alt+D');
    await new DatasetPage(workbench).image('tulips').waitFor({ timeout: 60_000 });
  });

  it('trains ten steps and leaves a model', async () => {
    await session.page.keyboard.press('Control+Alt+T');
    const page = new RunPage(workbench);
    await page.waitForState('Finished', 120_000);
    assert.equal(await page.step(), 10);
    const card = await readModelCard(join(workspace.folder, 'runs', 'ten-steps', 'model'));
    assert.equal(card.steps, 10);
  });

  it('logged no error and no warning', () => {
    session.log.assertQuiet();
  });
});
