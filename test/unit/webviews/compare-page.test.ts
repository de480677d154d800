/** The compare page without a screen: names, colours, table, filter, order, curves and pictures of several runs. */
import assert from 'node:assert/strict';
import type { ComparedRunContent, ComparedSample } from '../../../src/protocol/compare-page';
import type { RunStatus } from '../../../src/protocol/pages';
import type { RunConfiguration } from '../../../src/protocol/run-configuration';
import { curvesOf as curvesOfSteps, withFewerSpectra } from '../../../src/extension/pages/compare-reader';
import { StepDigest } from '../../../src/protocol/record/step-digest';
import { bestOf, bestValues, shortPaths, sorted, tableOf } from '../../../src/webviews/compare/columns';
import { distinctNames, type ReadRun } from '../../../src/webviews/compare/compared-run';
import {
  baselinesOf,
  curvesOf,
  extentOf,
  marksOf,
  seriesOf,
  unionTable,
} from '../../../src/webviews/compare/curves';
import { quantities } from '../../../src/webviews/compare/quantities';
import { filterOf, parseTerms } from '../../../src/webviews/compare/filter';
import { cropsOf, sampleAt, scenePage, scenesOf, stepsOf } from '../../../src/webviews/compare/scenes';
import { assignSlots, lookOf } from '../../../src/webviews/compare/slots';
import { viewAsCsv, viewAsMarkdown, viewOf } from '../../../src/webviews/compare/view';
import { goneThrough, incomparable, scoreWords } from '../../../src/webviews/compare/words';
import { runConfiguration, stepLine, validationLine } from '../../support/run-folders';

interface RunOptions {
  weight?: number;
  seed?: number;
  /** Gain over bicubic of each validation, at steps 10, 20 …; none by default. */
  gains?: number[];
  /** Gain of the last validation on whole images. */
  final?: number;
  steps?: number;
  state?: RunStatus['state'];
  change?: Partial<RunConfiguration>;
  samples?: ComparedSample[];
}

const START = 1_700_000_000_000;

function makeRun(name: string, slot: number, options: RunOptions = {}): ReadRun {
  const { weight = 0.001, seed = 1, gains = [], final, steps = 3, state = 'finished', change = {} } = options;
  const base = runConfiguration(name, '/lab/photos');
  const digest = new StepDigest();
  for (let step = 1; step <= steps; step += 1) digest.append(stepLine(step));
  const validations = gains.map((gain, index) => ({
    ...validationLine(10 * (index + 1), gain),
    sampled: true,
  }));
  if (final !== undefined)
    validations.push({ ...validationLine(99, final), extent: 'whole', sampled: false });
  const content: ComparedRunContent = {
    configuration: { ...base, seed, lossWeights: { ...base.lossWeights, adversarial: weight }, ...change },
    datasetName: 'photos',
    status: {
      state,
      message: 'Done.',
      phase: state,
      engine: 'embedded',
      device: '',
      step: steps,
      totalSteps: 8300,
      secondsPerStep: 0.2,
      secondsLeft: null,
    },
    curves: curvesOfSteps(digest, START + 1000),
    validations,
    started: START + 1000,
    samples: options.samples ?? [],
    crops: [],
    making: null,
  };
  return { folder: `/lab/runs/${name}`, slot, name, content, problem: null };
}

const first = makeRun('first', 0, { weight: 0.001, gains: [0.1, 0.4, 0.3], final: 0.35 });
const second = makeRun('second', 1, { weight: 0.01, gains: [0.2], state: 'running' });
const third = makeRun('third', 2, { weight: 0.01, seed: 2, state: 'stopped' });
const all = [first, second, third];
const nothing: ReadonlySet<string> = new Set();
const state = { filter: '', onlyStarred: false, sort: null, columns: {} };
const namesOf = (rows: readonly { run: { name: string } }[]) => rows.map(({ run }) => run.name);

describe('compare page: runs', () => {
  it('keeps the colours of those that stay, and gives the free ones to those that come', () => {
    const slots = assignSlots({}, ['a', 'b', 'c']);
    assert.deepEqual(slots, { a: 0, b: 1, c: 2 });
    assert.deepEqual(assignSlots(slots, ['c', 'd', 'a', 'e']), { c: 2, d: 1, a: 0, e: 3 });
    assert.deepEqual(assignSlots(slots, []), {});
  });

  it('tells twenty runs apart by colour and dash', () => {
    const looks = Array.from({ length: 20 }, (_, slot) => JSON.stringify(lookOf(slot)));
    assert.equal(new Set(looks).size, 20);
    assert.deepEqual(lookOf(20), lookOf(0));
  });

  it('tells runs of one name apart by their folders, as far as needed', () => {
    const named = (folder: string, name = 'quick') => ({ folder, name });
    assert.deepEqual(distinctNames([named('/lab/a/run'), named('/lab/b/run'), named('/lab/other', 'slow')]), [
      'quick (a/run)',
      'quick (b/run)',
      'slow',
    ]);
    assert.deepEqual(distinctNames([named('C:\\lab\\one'), named('C:\\lab\\two')]), [
      'quick (one)',
      'quick (two)',
    ]);
  });
});

describe('compare page: table', () => {
  const { rows, columns } = tableOf(all, new Set([second.folder]));

  it('has a column for each setting that differs, and no other setting', () => {
    assert.deepEqual(
      columns.filter(({ id }) => id.startsWith('setting:')).map(({ id, title }) => [id, title]),
      [
        ['setting:seed', 'seed'],
        ['setting:lossWeights.adversarial', 'lossWeights.adversarial'],
      ],
    );
    assert.deepEqual(
      shortPaths(['stages.0.learningRate.initial', 'stages.1.learningRate.initial', 'a.b.c']),
      ['stages.0.learningRate.initial', 'stages.1.learningRate.initial', 'b.c'],
    );
  });

  it('has the best on crops, the last on whole images, and dashes where there is none', () => {
    const texts = (id: string) => rows.map((row) => columns.find((column) => column.id === id)!.text(row));
    assert.deepEqual(texts('best'), ['27.40', '27.20', '–']);
    assert.deepEqual(texts('bestStep'), ['20', '10', '–']);
    assert.deepEqual(texts('psnr'), ['27.35', '–', '–']);
    assert.deepEqual(texts('gain'), ['+0.35 dB', '–', '–']);
    assert.deepEqual(texts('step'), ['3 / 8,300', '3 / 8,300', '3 / 8,300']);
  });

  it('knows the best run, and no best before anything was scored', () => {
    assert.equal(bestOf(rows)?.run.name, 'first');
    assert.equal(bestOf(tableOf([third], nothing).rows), null);
    assert.equal(bestValues(rows, columns).get('best'), 27.4);
    assert.equal(bestValues(rows, columns).has('psnr'), false, 'one score is no comparison');
  });

  it('has a column for NIQE where a run has one, the lowest being the best', () => {
    assert.ok(columns.every(({ id }) => id !== 'niqe'));
    const scored = all.slice(0, 2).map((run, index) => {
      const validations = run.content.validations.map((line) => ({
        ...line,
        niqe: { model: 5 + index, bicubic: 8, hr: 4 },
      }));
      return { ...run, content: { ...run.content, validations } };
    });
    const table = tableOf(scored, nothing);
    assert.deepEqual(
      table.rows.map((row) => table.columns.find(({ id }) => id === 'niqe')?.text(row)),
      ['5.00', '6.00'],
    );
    assert.equal(bestValues(table.rows, table.columns).get('niqe'), 5);
    const [baseline] = baselinesOf(
      scored,
      quantities.find(({ id }) => id === 'niqe')!,
    );
    assert.equal(baseline?.label, 'bicubic 8.00');
  });

  it('sorts by any column, rows without a value last either way', () => {
    const by = (column: string, descending: boolean) =>
      namesOf(sorted(rows, columns, { column, descending }));
    assert.deepEqual(by('best', true), ['first', 'second', 'third']);
    assert.deepEqual(by('best', false), ['second', 'first', 'third']);
    assert.deepEqual(by('setting:seed', true), ['third', 'first', 'second']);
    assert.deepEqual(by('star', true), ['second', 'first', 'third']);
    assert.deepEqual(by('name', true), ['third', 'second', 'first']);
    assert.deepEqual(by('no such column', true), ['first', 'second', 'third']);
  });

  it('is written as shown in Markdown, and exactly in CSV', () => {
    const view = viewOf(all, nothing, {
      ...state,
      filter: 'second',
      columns: { state: false, step: false, ssim: false, gain: false, psnr: false },
    });
    assert.equal(
      viewAsCsv(view),
      'run,seed,lossWeights.adversarial,"Best PSNR, crops"\nsecond,1,0.01,27.2\n',
    );
    assert.match(
      viewAsMarkdown(view),
      /^\| Run {4}\| seed \| lossWeights\.adversarial \| Best PSNR, crops \|\n/,
    );
    assert.match(viewAsMarkdown(view), /\| second \| 1 {4}\| 0\.01 {20}\| 27\.20 {12}\|\n$/);
  });
});

describe('compare page: filter', () => {
  const { rows, columns } = tableOf(all, nothing);
  const found = (query: string) => namesOf(rows.filter(filterOf(query, columns).accepts));

  it('takes words that must and must not occur, and quoted ones', () => {
    assert.deepEqual(found('finished'), ['first']);
    assert.deepEqual(found('-finished'), ['second', 'third']);
    assert.deepEqual(found('TH ir'), ['third']);
    assert.deepEqual(found('"3 / 8,300"'), ['first', 'second', 'third']);
    assert.deepEqual(found('nowhere'), []);
    assert.deepEqual(parseTerms('  '), []);
    assert.deepEqual(parseTerms('-'), [{ kind: 'word', word: '-', wanted: true }]);
  });

  it('takes conditions on settings and scores', () => {
    assert.deepEqual(found('lossWeights.adversarial=0.01'), ['second', 'third']);
    assert.deepEqual(found('adversarial>0.001 seed<2'), ['second']);
    assert.deepEqual(found('adversarial<=0.001'), ['first']);
    assert.deepEqual(found('psnr>=27.35'), ['first']);
    assert.deepEqual(found('psnr=27.35'), ['first']);
    assert.deepEqual(found('state!=finished'), ['second', 'third']);
    assert.deepEqual(found('bestpsnr>27.3'), ['first'], 'a column may be named by the start of its title');
  });

  it('leaves runs without a value out of a condition, but for “is not”', () => {
    assert.deepEqual(found('psnr<100'), ['first']);
    assert.deepEqual(found('psnr!=100'), ['first', 'second', 'third']);
  });

  it('says which names no column has', () => {
    const { unknown, accepts } = filterOf('sead=1 first', columns);
    assert.deepEqual(unknown, ['sead']);
    assert.equal(rows.some(accepts), false);
  });

  it('goes together with stars', () => {
    const view = viewOf(all, new Set([third.folder]), { ...state, onlyStarred: true });
    assert.deepEqual(namesOf(view.rows), ['third']);
    assert.deepEqual(namesOf(view.all), ['first', 'second', 'third']);
  });

  it('keeps runs that cannot be read in sight', () => {
    const gone = { folder: '/lab/gone', slot: 3, name: 'gone', content: null, problem: 'It is gone.' };
    const view = viewOf([...all, gone], nothing, { ...state, filter: 'first' });
    assert.deepEqual(view.unread, [gone]);
  });
});

describe('compare page: words', () => {
  it('says how good a run is, and on what', () => {
    const { rows } = tableOf(all, nothing);
    assert.deepEqual(rows.map(scoreWords), [
      '27.35 dB, +0.35 dB over bicubic, on whole images',
      '27.20 dB, +0.20 dB over bicubic, on crops at step 10',
      'not validated yet',
    ]);
  });

  it('warns where scores do not compare, and only there', () => {
    assert.equal(incomparable(all), null);
    const other = makeRun('other', 3, { change: { scale: 2, dataset: '/lab/other' } });
    assert.match(incomparable([first, other]) ?? '', /^Scores of .* differ in data set and scale\./);
    const { validation } = first.content.configuration;
    const cropped = makeRun('cropped', 3, { change: { validation: { ...validation, crop: 100 } } });
    assert.match(incomparable([first, cropped]) ?? '', /^Scores on crops .* size of the validation crops\./);
  });

  it('says of which runs only the newest part is known, and how far the rest has come', () => {
    const making = (run: ReadRun, done: number): ReadRun => ({
      ...run,
      content: { ...run.content, making: { done, total: 400 } },
    });
    assert.equal(goneThrough(all), null);
    assert.equal(
      goneThrough([making(first, 100), second]),
      'The long record of first (25 %) is being gone through. Until that is done, only its newest part is in table and curves.',
    );
    assert.match(
      goneThrough([making(first, 100), making(second, 0)]) ?? '',
      /^The long records of first \(25.%\) and second \(0\.0.%\) are being/,
    );
  });
});

describe('compare page: curves', () => {
  const quantity = (id: string) => quantities.find((each) => each.id === id)!;

  it('puts curves of different steps over one axis, with gaps where a run has none', () => {
    const table = unionTable([
      { id: 'a', x: [1, 3, 5], y: [10, 30, 50] },
      { id: 'b', x: [2, 3], y: [200, 300] },
      { id: 'c', x: [], y: [] },
    ]);
    assert.deepEqual(table.steps, [1, 2, 3, 5]);
    assert.deepEqual(table.column('a'), [10, Number.NaN, 30, 50]);
    assert.deepEqual(table.column('b'), [Number.NaN, 200, 300, Number.NaN]);
    assert.ok(table.column('c').every(Number.isNaN));
    assert.equal(unionTable([]).length, 0);
  });

  it('measures time from each run’s own start', () => {
    const pixel = seriesOf(first, quantity('pixel'), 'time');
    assert.deepEqual(pixel.x, [0, 1, 2]);
    assert.deepEqual(pixel.y, [1, 0.5, 1 / 3]);
    assert.deepEqual(seriesOf(first, quantity('psnr'), 'time').x, [9.5, 19.5, 29.5]);
    assert.deepEqual(seriesOf(first, quantity('gain'), 'step'), {
      id: 'run0',
      x: [10, 20, 30],
      y: [0.1, 0.4, 0.3].map((gain) => 27 + gain - 27),
    });
  });

  it('draws each run in its own colour, and leaves out whole images', () => {
    assert.deepEqual(
      curvesOf(all, quantity('psnr')).map(({ id, label, colour }) => [id, label, colour]),
      [
        ['run0', 'first', 'run1'],
        ['run1', 'second', 'run2'],
        ['run2', 'third', 'run3'],
      ],
    );
    assert.deepEqual(extentOf(all, 'step'), { min: 1, max: 99 });
    assert.deepEqual(extentOf([], 'time'), { min: 0, max: 1 });
  });

  it('has a baseline where bicubic is the same for all', () => {
    assert.deepEqual(baselinesOf(all, quantity('psnr')), [
      { label: 'bicubic 27.00 dB', value: 27, colour: 'lr' },
    ]);
    const better = structuredClone(second);
    for (const line of better.content.validations) line.bicubic.psnr = 30;
    assert.deepEqual(baselinesOf([first, better], quantity('psnr')), []);
    assert.deepEqual(baselinesOf([third], quantity('ssim')), []);
    assert.deepEqual(baselinesOf(all, quantity('gain')), [
      { label: 'bicubic ±0.00 dB', value: 0, colour: 'lr' },
    ]);
    assert.deepEqual(baselinesOf(all, quantity('niqe')), [], 'these runs have no NIQE');
  });

  it('marks where adversarial stages have begun, once for all that begin there', () => {
    const stages = first.content.configuration.stages.map((stage) => ({ ...stage, steps: 2 }));
    const [a, b] = [makeRun('a', 0, { change: { stages } }), makeRun('b', 1, { change: { stages } })];
    assert.deepEqual(
      marksOf([a, b, third], 'step').map(({ step, elapsed, text }) => [step, elapsed, text]),
      [[3, 2, 'Adversarial stage of a, b']],
    );
  });
});

describe('compare page: pictures', () => {
  const sample = (run: string, steps: number[], change: Partial<ComparedSample> = {}): ComparedSample => ({
    name: 'cliff',
    bicubic: { uri: `${run}/bicubic`, key: 'lr' },
    hr: { uri: `${run}/hr`, key: 'hr' },
    sr: steps.map((step) => ({ step, uri: `${run}/${step}` })),
    ...change,
  });
  const a = makeRun('a', 0, { gains: [0.1, 0.2], samples: [sample('a', [10, 20])] });
  const b = makeRun('b', 1, { gains: [0.1], samples: [sample('b', [15])] });
  const early = makeRun('early', 2, { samples: [sample('early', [])] });

  it('brings the same crop of all runs together, with every step that one of them has', () => {
    const [scene, ...others] = scenesOf([a, b, early]);
    assert.equal(others.length, 0);
    assert.equal(scene!.label, 'cliff');
    assert.deepEqual(stepsOf(scene!), [10, 15, 20]);
  });

  it('shows each run at the step asked for, or the one before, and says so', () => {
    const [scene] = scenesOf([a, b, early]);
    const at = (step: number | null) =>
      scenePage(scene!, step, 0, 6).pictures.map(({ uri, detail }) => [uri, detail]);
    assert.deepEqual(at(15), [
      ['a/bicubic', '27.00 dB'],
      ['a/10', '27.10 dB, step 10'],
      ['b/15', undefined],
      ['a/hr', undefined],
    ]);
    assert.deepEqual(at(null).slice(1, 3), [
      ['a/20', '27.20 dB'],
      ['b/15', 'step 15'],
    ]);
    assert.deepEqual(at(1)[2], ['b/15', 'step 15'], 'its first, where it has none so early');
    assert.deepEqual(namesOf(scenePage(scene!, null, 0, 6).without.map((run) => ({ run }))), ['early']);
    assert.equal(sampleAt([], null), undefined);
  });

  it('never lays crops over each other that are not the same', () => {
    const other = makeRun('other', 3, {
      samples: [sample('other', [10], { hr: { uri: 'other/hr', key: 'another crop' } })],
    });
    assert.deepEqual(
      scenesOf([other, a, b]).map(({ label, samples }) => [label, samples.length]),
      [
        ['cliff (2 runs)', 2],
        ['cliff (other)', 1],
      ],
    );
  });

  it('offers the crops that any of its runs has kept, each name once', () => {
    const crop = { image: 'cliff', left: 0, top: 0, width: 8, height: 8 };
    const withCrops = (run: ReadRun, names: string[]): ReadRun => ({
      ...run,
      content: { ...run.content, crops: names.map((name) => ({ ...crop, name })) },
    });
    const elsewhere = { ...crop, image: 'other', name: 'elsewhere' };
    const first = withCrops(a, ['roof', 'wall']);
    first.content.crops.push(elsewhere);
    const [scene] = scenesOf([first, withCrops(b, ['door', 'roof'])]);
    assert.deepEqual(
      cropsOf(scene!).map(({ name }) => name),
      ['roof', 'wall', 'door'],
    );
  });

  it('shows each bicubic that there is, named by scale', () => {
    const double = makeRun('double', 3, {
      change: { scale: 2 },
      samples: [sample('double', [10], { bicubic: { uri: 'double/bicubic', key: 'lr2' } })],
    });
    const [scene] = scenesOf([a, double]);
    assert.deepEqual(
      scenePage(scene!, null, 0, 6).pictures.map(({ id, label }) => [id, label]),
      [
        ['bicubic', 'LR ×4, bicubic'],
        ['bicubic1', 'LR ×2, bicubic'],
        ['run0', 'a'],
        ['run3', 'double'],
        ['hr', 'HR'],
      ],
    );
  });

  it('turns pages of runs, with bicubic and HR on each', () => {
    const many = Array.from({ length: 9 }, (_, slot) =>
      makeRun(`run ${slot}`, slot, { samples: [sample(`run ${slot}`, [10])] }),
    );
    const [scene] = scenesOf(many);
    const ids = (page: number) => scenePage(scene!, null, page, 6).pictures.map(({ id }) => id);
    assert.equal(scenePage(scene!, null, 0, 6).pages, 3);
    assert.deepEqual(ids(0), ['bicubic', 'run0', 'run1', 'run2', 'run3', 'hr']);
    assert.deepEqual(ids(2), ['bicubic', 'run8', 'hr']);
    assert.deepEqual(ids(99), ids(2), 'a page that has gone is the last one');
    assert.equal(scenePage(scene!, null, 0, 12).pages, 1);
  });
});

describe('what a compare page is told', () => {
  it('is not more spectra than it can draw, the newest among them', () => {
    const spectrum = {
      frequencies: [0.25],
      model: [1],
      bicubic: [1],
      hr: [1],
      fineDetail: { model: 1, bicubic: 1 },
    };
    const lines = Array.from({ length: 450 }, (_, index) => ({ ...validationLine(index + 1, 0), spectrum }));
    const told = withFewerSpectra(lines);
    assert.equal(told.length, 450);
    const withSpectra = told.filter((line) => line.spectrum !== undefined);
    assert.equal(withSpectra.length, 150);
    assert.equal(withSpectra.at(-1)?.step, 450);
    assert.deepEqual(withFewerSpectra(lines.slice(0, 200)), lines.slice(0, 200));
    const without = [validationLine(1, 0)];
    assert.deepEqual(withFewerSpectra(without), without);
  });
});
