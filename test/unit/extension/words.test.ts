/** Words and names that people read: in views, notifications and proposals for new folders. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import {
  nameFrom,
  problemWithName,
  problemWithNewFolder,
  uniqueName,
} from '../../../src/extension/prompts/folder-names';
import { DatasetEntry, RunEntry } from '../../../src/extension/lab/entries';
import { describeDataset, describeRun, describeState } from '../../../src/extension/views/descriptions';
import { timeHint } from '../../../src/extension/commands/time-hint';
import { countOf, formatDuration, formatGain } from '../../../src/protocol/quantities';
import type { RunStatus } from '../../../src/protocol/pages';
import { presets } from '../../../src/protocol/presets';
import type { StageName } from '../../../src/protocol/stage-names';
import { datasetFile, runConfiguration } from '../../support/run-folders';
import { temporaryFolders } from '../../support/temporary-folder';

const status: RunStatus = {
  state: 'stopped',
  message: 'Stopped.',
  phase: 'stopped',
  engine: 'embedded',
  device: '2 threads',
  step: 1200,
  totalSteps: 1350,
  secondsPerStep: 0.2,
  secondsLeft: null,
};

function run(
  changes: Partial<RunStatus>,
  decibels?: number,
  paces: readonly [StageName, number][] = [],
): RunEntry {
  const gains = decibels === undefined ? [] : [{ stage: 'pixel' as const, step: 1200, decibels }];
  const common = { paces: new Map(paces) };
  const ok = {
    configuration: runConfiguration('first'),
    status: { ...status, ...changes },
    gains,
    ...common,
  };
  return new RunEntry('/w/runs/first', { ok });
}

describe('Words', () => {
  it('count, measure and sign', () => {
    assert.equal(countOf(1, 'image'), '1 image');
    assert.equal(countOf(1350, 'step'), '1,350 steps');
    assert.deepEqual([8, 95, 7500, 400_000].map(formatDuration), ['8 s', '2 min', '2 h 5 min', '4 d 15 h']);
    assert.deepEqual([0.314, -0.02, -0.001].map(formatGain), ['+0.31 dB', '−0.02 dB', '+0.00 dB']);
  });

  it('describe a run', () => {
    assert.equal(describeRun(run({}, 0.31)), 'stopped at step 1,200 · +0.31 dB');
    assert.equal(describeRun(run({ state: 'new' })), 'not started');
    assert.equal(
      describeState({ ...status, state: 'running', phase: 'training', secondsLeft: 180 }),
      'step 1,200 of 1,350 · 3 min left',
    );
    assert.equal(describeRun(new RunEntry('/w/runs/x', { problem: 'no' })), 'cannot be read');
  });

  it('describe a data set', () => {
    const file = datasetFile('photos', '/photos');
    assert.equal(describeDataset(new DatasetEntry('/w/d', { ok: file })), '×4 · 0 images');
    const contents = { ...file.contents!, train: 10, validation: 1, omitted: 1 };
    assert.equal(
      describeDataset(new DatasetEntry('/w/d', { ok: { ...file, contents } })),
      '×4 · 11 images · 1 left out',
    );
    const { contents: _, ...incomplete } = file;
    assert.equal(describeDataset(new DatasetEntry('/w/d', { ok: incomplete })), '×4 · incomplete');
  });

  it('hint at a duration only where one was measured', () => {
    const [pixel, adversarial] = presets.quick.stages;
    assert.ok(pixel && adversarial);
    const steps = countOf(pixel.steps + adversarial.steps, 'step');
    assert.equal(timeHint('quick', []), steps);
    assert.equal(timeHint('quick', [run({}, undefined, [['pixel', 0.1]])]), steps);
    const measured = run({}, undefined, [
      ['pixel', 60 / pixel.steps],
      ['adversarial', 240 / adversarial.steps],
    ]);
    assert.equal(timeHint('quick', [measured]), `${steps} · about 5 min, going by the run first`);
    assert.equal(timeHint('paper', [measured]), '1,200,000 steps');
  });
});

describe('Folder names', () => {
  const makeFolder = temporaryFolders();

  it('are refused where some system would', () => {
    for (const name of [
      '',
      ' a',
      'a/b',
      'a\\b',
      'what?',
      'CON',
      'com1.txt',
      '.hidden',
      'dot.',
      'a\nb',
      'x'.repeat(101),
    ])
      assert.notEqual(problemWithName(name), undefined, JSON.stringify(name));
    for (const name of ['photos-x4', 'Fotos aus Köln', '鳥 #1', 'a.b'])
      assert.equal(problemWithName(name), undefined, name);
  });

  it('are made of any text', () => {
    assert.equal(nameFrom('a/b:c'), 'a-b-c');
    assert.equal(nameFrom('..'), 'unnamed');
    for (const text of ['NUL', ' x ', '.', '\u0007', 'y'.repeat(500)])
      assert.equal(problemWithName(nameFrom(text)), undefined, text);
  });

  it('are unique', () => {
    const folder = makeFolder();
    assert.equal(uniqueName(folder, 'run'), 'run');
    mkdirSync(join(folder, 'run'));
    mkdirSync(join(folder, 'run-2'));
    assert.equal(uniqueName(folder, 'run'), 'run-3');
    assert.match(problemWithNewFolder(folder, 'run') ?? '', /exists already/);
    assert.equal(problemWithNewFolder(folder, 'other'), undefined);
  });
});
