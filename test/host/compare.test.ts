/** Comparing runs inside VS Code: what the command opens, what the page is told of runs that come, train, break and go. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { StarredRuns } from '../../src/extension/lab/starred-runs';
import { ComparedRuns } from '../../src/extension/pages/compared-runs';
import { CompareSession } from '../../src/extension/pages/compare-session';
import { keepCrop, removeCrop } from '../../src/folders/kept-crops';
import type { ComparePageContract } from '../../src/protocol/compare-page';
import { METRICS_FILE } from '../../src/protocol/metrics';
import { RUN_FILE } from '../../src/protocol/run-configuration';
import { runConfiguration, stepLine, validationLine } from '../support/run-folders';
import { closeAllEditors, eventually, execute, extensionUnderTest, freshFolder, until } from './support/lab';

function makeRun(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, RUN_FILE), JSON.stringify(runConfiguration(name, '../../photos')));
  return folder;
}

function append(folder: string, line: object): void {
  appendFileSync(join(folder, METRICS_FILE), `${JSON.stringify(line)}\n`);
}

/** Titles of the compare pages that are open. */
function comparePages(): string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('srganLab.compare'),
    )
    .map(({ label }) => label);
}

describe('The command Compare Runs', () => {
  let parent = '';
  let runs: string[] = [];
  before(extensionUnderTest);
  beforeEach(() => {
    parent = freshFolder('compared ');
    runs = ['first', 'second', 'third'].map((name) => makeRun(parent, name));
  });
  afterEach(closeAllEditors);

  it('opens a page on all runs of a folder, and the same page again', async () => {
    assert.deepEqual(await execute('srganLab.compareRuns', { folder: parent }), runs);
    await until(() => comparePages().length === 1);
    assert.deepEqual(comparePages(), ['Compare 3 runs']);
    await execute('srganLab.compareRuns', { runs: [...runs].reverse() });
    assert.equal(comparePages().length, 1, 'the same runs in another order are the same comparison');
    await execute('srganLab.compareRuns', { runs: runs.slice(0, 2) });
    await until(() => comparePages().length === 2);
    assert.ok(comparePages().includes('Compare first, second'));
  });

  it('takes what is selected in the explorer: folders, and marker files', async () => {
    const selection = [vscode.Uri.file(runs[0]!), vscode.Uri.file(join(runs[2]!, RUN_FILE))];
    const opened = await vscode.commands.executeCommand('srganLab.compareRuns', selection[0], selection);
    assert.deepEqual(opened, [runs[0], runs[2]]);
  });

  it('says in words that there is no run', async () => {
    const empty = freshFolder('empty ');
    await assert.rejects(
      async () => execute('srganLab.compareRuns', { folder: empty }),
      new RegExp(`There is no run in ${empty}`),
    );
    await assert.rejects(async () => execute('srganLab.compareRuns', { runs: [] }), /cannot be used/);
  });
});

type Events = ComparePageContract['events'];
type Told = { [N in keyof Events]: Events[N][] };

/** Stars in memory: those of the extension are the person's. */
function memento(): vscode.Memento {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: <T>(key: string, fallback?: T) => (kept.has(key) ? (kept.get(key) as T) : fallback),
    update: (key: string, value: unknown) => {
      kept.set(key, value);
      return Promise.resolve();
    },
  };
}

describe('The session of a compare page', () => {
  let parent = '';
  let first = '';
  let second = '';
  let panel: vscode.WebviewPanel;
  let runs: ComparedRuns;
  let starred: StarredRuns;
  let session: CompareSession;
  let told: Told;

  function next<N extends keyof Events>(name: N): Promise<Events[N]> {
    return eventually(() => told[name].shift());
  }

  beforeEach(() => {
    parent = freshFolder('compared ');
    [first, second] = [makeRun(parent, 'first'), makeRun(parent, 'second')];
    append(first, stepLine(1));
    append(first, validationLine(1, 0.2));
    append(second, stepLine(1));
    told = { runs: [], starred: [], run: [], change: [], broken: [] };
    panel = vscode.window.createWebviewPanel('test', 'Test', vscode.ViewColumn.One);
    runs = new ComparedRuns([first, second]);
    starred = new StarredRuns(memento());
    session = new CompareSession({
      runs,
      starred,
      webview: panel.webview,
      host: { post: (name, payload) => told[name].push(payload) },
    });
  });
  afterEach(() => {
    session.dispose();
    runs.dispose();
    starred.dispose();
    panel.dispose();
  });

  it('names the runs at once and then tells each of them', async () => {
    assert.deepEqual(await next('runs'), { folders: [first, second] });
    const { folder, content } = await next('run');
    assert.equal(folder, first);
    assert.equal(content.configuration.dataset, join(dirname(parent), 'photos'), 'absolute, to compare');
    assert.equal(content.datasetName, 'photos');
    assert.deepEqual(content.curves.steps, [1]);
    assert.deepEqual(content.curves.columns.pixel, [1]);
    assert.deepEqual(content.curves.columns.realMean, [null]);
    assert.equal(content.validations.length, 1);
    assert.equal((await next('run')).folder, second);
  });

  it('tells what is new of a run, and nothing of the others', async () => {
    await next('run');
    await next('run');
    append(second, stepLine(2));
    append(second, stepLine(3));
    const { folder, change } = await next('change');
    assert.equal(folder, second);
    assert.deepEqual(change.curves?.steps.slice(0, 2), [1, 2]);
    assert.equal(change.samples, undefined);
    assert.equal(told.run.length, 0);
  });

  it('tells new pictures with keys that agree where the pictures do', async () => {
    await next('run');
    await next('run');
    for (const [folder, hr] of [
      [first, 'the same'],
      [second, 'the same'],
    ] as const) {
      for (const path of ['samples/reference', 'samples/step-000002'])
        mkdirSync(join(folder, path), { recursive: true });
      writeFileSync(join(folder, 'samples/reference/cliff-hr.png'), hr);
      writeFileSync(join(folder, 'samples/reference/cliff-bicubic.png'), `${folder} has another`);
      writeFileSync(join(folder, 'samples/step-000002/cliff.png'), '');
      append(folder, { ...validationLine(2, 0.3), sampled: true });
    }
    const samples = async () => {
      for (;;) {
        const { change } = await next('change');
        if (change.samples !== undefined) return change.samples;
      }
    };
    const [[one], [other]] = [await samples(), await samples()];
    assert.equal(one?.hr.key, other?.hr.key);
    assert.notEqual(one?.bicubic.key, other?.bicubic.key);
    assert.equal(new URL(one?.hr.uri ?? '').protocol, 'https:');
    assert.deepEqual(
      one?.sr.map(({ step }) => step),
      [2],
    );
  });

  it('tells the crops that are kept with a run, and that one is forgotten', async () => {
    await next('run');
    await next('run');
    const crop = { name: 'shutters', image: 'cliff', left: 8, top: 16, width: 64, height: 48 };
    await keepCrop(second, crop);
    const kept = await next('change');
    assert.deepEqual([kept.folder, kept.change.crops], [second, [crop]]);
    await removeCrop(second, crop);
    const left = await next('change');
    assert.deepEqual([left.folder, left.change.crops], [second, []]);
    assert.equal(told.run.length, 0, 'nothing else is told again');
  });

  it('follows runs that are added and removed', async () => {
    await next('runs');
    const third = makeRun(parent, 'third');
    runs.add([third, first]);
    assert.deepEqual(await next('runs'), { folders: [first, second, third] });
    await eventually(() => (told.run.some(({ folder }) => folder === third) ? true : undefined));
    runs.remove(first);
    assert.deepEqual(await next('runs'), { folders: [second, third] });
  });

  it('says what is wrong with one run, shows the others, and tells it whole when it is mended', async () => {
    await next('run');
    await next('run');
    rmSync(second, { recursive: true });
    const { folder, message } = await next('broken');
    assert.equal(folder, second);
    assert.ok(message.includes(second), message);
    makeRun(parent, 'second');
    assert.equal((await next('run')).folder, second);
    assert.equal(told.broken.length, 0, 'a misfortune is told once');
  });

  it('tells stars as they change, and keeps them', async () => {
    assert.deepEqual(await next('starred'), []);
    await starred.set(second, true);
    await starred.set(second, true);
    assert.deepEqual(await next('starred'), [second]);
    await starred.set(second, false);
    assert.deepEqual(await next('starred'), []);
    assert.equal(told.starred.length, 0);
  });
});
