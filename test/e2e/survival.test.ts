/**
 * A run survives what happens to the window: it is shown wherever its folder is open, by whomever it was started, and goes
 * on when the extension host or the whole VS Code server is killed.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { createDataset } from '../../src/datasets/create';
import { readLease, tenancyOf } from '../../src/folders/lease-file';
import { readRunStatus } from '../../src/folders/run-reader';
import { createRun } from '../../src/training/run/create-run';
import { launchTrainer } from '../../src/training/run/launcher';
import { BARE_TEXT, OPEN_BARE_PAGE, writeBareExtension } from '../support/bare-extension';
import { RunPage } from '../support/run-page';
import { makeSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace';
import { openVscode, pressInWorkbench, type VscodeSession } from '../support/vscode-session';
import { Workbench } from '../support/workbench';

/** Processes below `root`, as /proc tells it, whose command line has this text. */
function descendants(root: number, text: string): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has just ended.
    }
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isBelow(parents.get(pid)));
  return [...parents.keys()].filter(
    (pid) => pid !== root && isBelow(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text),
  );
}

/** For a window that is about to load: remembers when the status bar first had each of the texts in it. */
const rememberItems = `((texts) => {
  window.firstSeen = {};
  new MutationObserver(() => {
    const items = [...document.querySelectorAll('.statusbar-item')].map((item) => item.textContent);
    for (const text of texts) {
      if (items.some((item) => item.includes(text))) window.firstSeen[text] ??= performance.now();
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
})`;

const inSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

describe('A run and what happens to VS Code', function () {
  this.bail(true);
  let workspace: SampleWorkspace;
  let session: VscodeSession;
  let workbench: Workbench;
  /** A second window. */
  let other: Page;
  let run: string;
  let queued: string;
  let bare: string;
  let trainer = 0;

  const open = async (): Promise<void> => {
    session = await openVscode({
      workspace: workspace.folder,
      extension: 'checkout',
      installBeside: writeBareExtension,
      keybindings: [
        { key: 'ctrl+alt+b', command: OPEN_BARE_PAGE, args: bare },
        { key: 'ctrl+alt+o', command: 'srganLab.openRun', args: { folder: run } },
        { key: 'ctrl+alt+q', command: 'srganLab.openRun', args: { folder: queued } },
        { key: 'ctrl+alt+r', command: 'srganLab.runs.focus', args: null },
      ],
    });
    workbench = new Workbench(session);
  };
  const showRun = async (page: Page): Promise<RunPage> => {
    await pressInWorkbench(page, 'Control+Alt+O');
    return new RunPage(new Workbench({ ...session, page }));
  };
  const assertSameTrainer = async (): Promise<void> => {
    const lease = await readLease(run);
    assert.equal(tenancyOf(lease), 'here');
    assert.equal(lease!.pid, trainer);
  };

  before(async function () {
    this.timeout(300_000);
    if (process.platform !== 'linux') this.skip();
    workspace = await makeSampleWorkspace();
    const dataset = join(workspace.folder, 'data');
    run = join(workspace.folder, 'runs', 'long');
    bare = join(workspace.folder, 'empty.bare');
    await writeFile(bare, '');
    await createDataset({ folder: dataset, from: [workspace.photographs], scale: 4 });
    queued = join(workspace.folder, 'runs', 'next');
    for (const folder of [run, queued]) {
      await createRun({
        folder,
        dataset,
        preset: 'quick',
        engine: 'embedded',
        overrides: ['stages.0.steps=1000000', 'validation.every=100000', 'engineSettings.embedded.threads=1'],
      });
    }
    await open();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot('failed');
  });

  after(async () => {
    await session.close();
    await workspace.remove();
  });

  it('shows a run that was started elsewhere', async function () {
    const page = await showRun(session.page);
    await page.waitForState('Not started');
    ({ pid: trainer } = await launchTrainer(run));
    const started = performance.now();
    await page.waitForState('Training');
    this.test!.title += ` (${((performance.now() - started) / 1000).toFixed(1)} s after it trained)`;
    await page.waitForStep(3);
  });

  it('is in the status bar of every window that opens the folder', async function () {
    const name = basename(run);
    other = await session.openWindow(async (page) => {
      await page.addInitScript(`${rememberItems}(${JSON.stringify([name, BARE_TEXT])})`);
    });
    const bar = new Workbench({ ...session, page: other });
    for (const text of [name, BARE_TEXT]) await bar.statusBarItem(text).waitFor();
    const seen = await other.evaluate<Record<string, number>>('window.firstSeen');
    this.test!.title += ` (${inSeconds(seen[name]! - seen[BARE_TEXT]!)} after the item of an extension that does nothing else)`;
  });

  it('shows it in two windows at the same time', async function () {
    const [first, second] = [new RunPage(workbench), new RunPage(new Workbench({ ...session, page: other }))];
    const again = new Workbench({ ...session, page: other });
    const taken = async (shown: () => Promise<unknown>): Promise<number> => {
      const asked = performance.now();
      await shown();
      return performance.now() - asked;
    };
    const attached = (): Promise<number> =>
      taken(async () => {
        await showRun(other);
        await second.waitForState('Training');
      });
    const fresh = await attached();
    await again.runCommand('View: Close Editor');
    await second.state.waitFor({ state: 'detached' });
    const empty = again.webview().getByText(BARE_TEXT);
    const least = await taken(async () => {
      await again.press('Control+Alt+B');
      await empty.waitFor();
    });
    await again.runCommand('View: Close Editor');
    await empty.waitFor({ state: 'detached' });
    const warm = await attached();
    this.test!.title +=
      ` (page asked for and training: ${inSeconds(fresh)} in a window just opened, ${inSeconds(warm)} in one that is there,` +
      ` where an empty page takes ${inSeconds(least)})`;
    const step = Math.max(await first.step(), await second.step());
    await first.waitForStep(step + 3);
    await second.waitForStep(step + 3);
    session.log.assertQuiet();
    session.log.pause();
    await other.close();
    session.log.resume();
  });

  it('shows a run that waits, and starts it before its turn', async () => {
    const lease = await launchTrainer(queued, { queued: true });
    assert.equal(lease.phase, 'waiting');
    await workbench.press('Control+Alt+Q');
    const page = new RunPage(workbench);
    await page.waitForState(/Waiting, \d+\w\w in line/);
    await page.frame.getByText(/^Waits for .* to end, \d+\w\w in line\.$/).waitFor();
    await workbench.statusBarItem('1 run training, 1 waiting').waitFor();
    await workbench.screenshots('20-run-waiting');
    await page.button('Start now').click();
    await page.waitForState('Training');
    await page.stop();
    await workbench.statusBarItem(/^\s*long /).waitFor();
    await workbench.runCommand('View: Close Editor');
  });

  it('is found in the tree by keyboard, with its pictures', async () => {
    const { keyboard } = session.page;
    const row = (name: string): ReturnType<Page['locator']> =>
      session.page.locator('.pane-body .monaco-list-row', { hasText: name });
    const focus = session.page.locator('.pane-body .monaco-list:focus');
    const isFocused = (): Promise<boolean> =>
      focus.waitFor({ timeout: 5000 }).then(
        () => true,
        () => false,
      );
    // The page of the run takes the focus when it has loaded, maybe after this.
    do await workbench.press('Control+Alt+R');
    while (!(await isFocused()));
    await row('long').first().waitFor();
    await keyboard.press('End');
    await keyboard.press('ArrowRight');
    await row('Pictures').waitFor();
    const [picture = ''] = readdirSync(join(queued, 'samples', 'step-000000'));
    const name = basename(picture, '.png');
    for (const below of ['Step 0', name]) {
      await keyboard.press('ArrowDown');
      await keyboard.press('ArrowRight');
      await row(below).first().waitFor();
    }
    await workbench.screenshot('21-run-tree');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await workbench.tab(picture).waitFor();
    await workbench.runCommand('View: Close Editor');
  });

  it('has a header that does not jump while facts in it come and go', async () => {
    const page = await showRun(session.page);
    const wide = await page.factsHeight({ style: 'flex: none; width: 2000px' });
    const narrow = await page.factsHeight({ style: 'flex: none; width: 300px' });
    assert.ok(narrow > wide, `${narrow} and ${wide} px`);
    assert.equal(await page.factsHeight({ style: 'flex: none; width: 300px', engine: false }), narrow);
    assert.equal(await page.factsHeight({ style: 'flex: none; width: 2000px' }), wide);
    await page.factsHeight({ style: '' });
  });

  it('is opened again after a reload exactly as it was', async function () {
    // The header has one row, whichever facts are there: with a second row, what is in sight stays where it is.
    await session.page.setViewportSize({ width: 2400, height: 900 });
    const before = await showRun(session.page);
    await before.waitForState('Training');
    await before.compare('Slider');
    const scroller = before.frame.locator('html');
    await scroller.evaluate((root: { scrollTop: number }) => {
      root.scrollTop = 243;
    });
    // The number is in nothing else that is kept.
    await workbench.untilKept('":243');
    const { step } = await readRunStatus(run);
    await workbench.reload();
    const page = new RunPage(workbench);
    const shown = performance.now();
    await page.waitForState('Training');
    this.test!.title += ` (${((performance.now() - shown) / 1000).toFixed(1)} s until it showed the run)`;
    await page.gallery.getByRole('button', { name: 'Slider', pressed: true }).waitFor();
    await page.waitForStep(step);
    const top = await page.frame.locator('html').evaluate((root: { scrollTop: number }) => root.scrollTop);
    assert.ok(Math.abs(top - 243) < 2, `It is scrolled to ${top}.`);
  });

  it('takes no memory in the window while its page is hidden', async () => {
    const { page } = session;
    assert.equal(await page.locator('iframe.webview').count(), 1);
    await workbench.runCommand('File: New Untitled Text File');
    await workbench.tab('Untitled-1').waitFor();
    await page.locator('iframe.webview').waitFor({ state: 'detached' });
    await workbench.runCommand('View: Close Editor');
    await new RunPage(workbench).waitForState('Training');
  });

  it('goes on when the extension host is killed, and is shown again by the next one', async () => {
    const hosts = descendants(session.serverPid, '--type=extensionHost');
    assert.ok(hosts.length > 0);
    session.log.pause();
    for (const host of hosts) process.kill(host, 'SIGKILL');
    const { step } = await readRunStatus(run);
    await workbench.reload();
    const page = await showRun(session.page);
    await page.waitForState('Training');
    await page.waitForStep(step + 3);
    await assertSameTrainer();
  });

  it('goes on when the whole server is killed, and is stopped from the next one', async function () {
    session.log.pause();
    for (const pid of [session.serverPid, ...descendants(session.serverPid, '')]) {
      if (pid !== trainer) process.kill(pid, 'SIGKILL');
    }
    await session.close();
    const { step } = await readRunStatus(run);
    await open();
    const page = await showRun(session.page);
    await page.waitForState('Training');
    await page.waitForStep(step + 3);
    await assertSameTrainer();

    const asked = performance.now();
    await page.stop();
    this.test!.title += ` (${((performance.now() - asked) / 1000).toFixed(1)} s until it had stopped)`;
    while (tenancyOf(await readLease(run)) === 'here') await delay(20);
    assert.equal((await readRunStatus(run)).state, 'stopped');
    session.log.assertQuiet();
  });
});
