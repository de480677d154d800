/** The image stage without a screen: where pictures lie, which are shown, what keys do, what a difference is. */
import assert from 'node:assert/strict';
import { difference } from '../../../src/webviews/stage/difference';
import { pairOf, panesOf, type StagePicture } from '../../../src/webviews/stage/panes';
import { initialStageState, stageCommand } from '../../../src/webviews/stage/stage-state';
import * as viewport from '../../../src/webviews/stage/viewport';

const scene = { width: 384, height: 256 };
const pane = { width: 600, height: 500 };

describe('viewport', () => {
  it('fits large scenes exactly and small ones by whole numbers', () => {
    assert.equal(viewport.fitScale({ width: 1200, height: 400 }, pane), 0.5);
    assert.equal(viewport.fitScale(scene, pane), 1);
    assert.equal(viewport.fitScale({ width: 100, height: 100 }, pane), 5);
  });

  it('centres what is smaller than the pane, on whole pixels', () => {
    assert.deepEqual(viewport.place(null, scene, { width: 601, height: 500 }), {
      scale: 1,
      left: 109,
      top: 122,
    });
  });

  it('leaves no gap beside what is larger', () => {
    const view = { scale: 4, x: 0, y: 256 };
    const { left, top } = viewport.place(view, scene, pane);
    assert.deepEqual([left, top], [0, pane.height - 256 * 4]);
  });

  it('zooms at the pointer: the pixel under it stays', () => {
    const point = { x: 280, y: 246 };
    let view: viewport.View | null = null;
    const before = viewport.toScene(viewport.place(view, scene, pane), point);
    for (let click = 0; click < 5; click += 1) view = viewport.zoomAt(view, scene, pane, point, 2);
    const after = viewport.toScene(viewport.place(view, scene, pane), point);
    assert.equal(viewport.place(view, scene, pane).scale, 32);
    assert.ok(Math.abs(after.x - before.x) < 0.1 && Math.abs(after.y - before.y) < 0.1);
  });

  it('adds up small turns of the wheel, though scales are whole numbers', () => {
    let view: viewport.View | null = null;
    for (let turn = 0; turn < 10; turn += 1)
      view = viewport.zoomAt(view, scene, pane, { x: 300, y: 250 }, 1.08);
    assert.equal(viewport.place(view, scene, pane).scale, 2);
  });

  it('stays between all of the scene and the largest scale', () => {
    const large = { width: 6000, height: 4000 };
    const out = viewport.zoomAt(null, large, pane, { x: 0, y: 0 }, 0.01);
    assert.equal(viewport.place(out, large, pane).scale, 0.1);
    const into = viewport.zoomAt(null, large, pane, { x: 0, y: 0 }, 1e9);
    assert.equal(viewport.place(into, large, pane).scale, viewport.MAX_SCALE);
  });

  it('pans like a hand and stops at the edge, from which the way back is open at once', () => {
    const start = { scale: 4, x: 192, y: 128 };
    const first = viewport.place(start, scene, pane);
    const moved = viewport.panBy(start, scene, pane, 20, -10);
    const second = viewport.place(moved, scene, pane);
    assert.deepEqual([second.left - first.left, second.top - first.top], [20, -10]);
    const far = viewport.panBy(start, scene, pane, 1e6, 0);
    assert.equal(viewport.place(far, scene, pane).left, 0);
    assert.equal(viewport.place(viewport.panBy(far, scene, pane, -8, 0), scene, pane).left, -8);
  });

  it('toggles between fit and 1:1', () => {
    const large = { width: 3000, height: 2000 };
    const actual = viewport.toggleFit(null, large, pane, { x: 10, y: 10 });
    assert.equal(viewport.place(actual, large, pane).scale, 1);
    assert.equal(viewport.toggleFit(actual, large, pane, { x: 10, y: 10 }), null);
  });

  it('tells the pixel under the pointer, and none outside', () => {
    const placement = { scale: 8, left: 16, top: 0 };
    assert.deepEqual(viewport.scenePixel(placement, scene, { x: 16, y: 7.9 }), { x: 0, y: 0 });
    assert.deepEqual(viewport.scenePixel(placement, scene, { x: 32, y: 8 }), { x: 2, y: 1 });
    assert.equal(viewport.scenePixel(placement, scene, { x: 15.9, y: 0 }), null);
  });

  it('arranges panes so that pictures are largest', () => {
    assert.deepEqual(viewport.arrange(3, { width: 1400, height: 500 }, scene), { columns: 3, rows: 1 });
    assert.deepEqual(viewport.arrange(3, { width: 460, height: 900 }, scene), { columns: 1, rows: 3 });
    assert.deepEqual(viewport.arrange(4, { width: 800, height: 600 }, scene), { columns: 2, rows: 2 });
    const [, second] = viewport.paneRectangles(2, { columns: 2, rows: 1 }, { width: 101, height: 50 }, 2);
    assert.deepEqual(second, { left: 51, top: 0, width: 49, height: 50 });
  });
});

const picture = (id: string, role: StagePicture['role']): StagePicture => ({ id, label: id, role, uri: id });
const pictures = [picture('bicubic', 'lr'), picture('sr', 'sr'), picture('hr', 'hr')];

describe('panes', () => {
  it('compares SR with bicubic unless told otherwise', () => {
    assert.deepEqual(
      pairOf(pictures, { left: null, right: null })?.map(({ id }) => id),
      ['bicubic', 'sr'],
    );
    assert.deepEqual(
      pairOf(pictures, { left: 'sr', right: 'hr' })?.map(({ id }) => id),
      ['sr', 'hr'],
    );
    assert.deepEqual(
      pairOf(pictures, { left: 'gone', right: 'bicubic' })?.map(({ id }) => id),
      ['sr', 'bicubic'],
    );
    assert.equal(pairOf(pictures.slice(0, 1), { left: null, right: null }), null);
  });

  it('shows the difference of each picture to HR', () => {
    const panes = panesOf(pictures, { ...initialStageState, mode: 'difference' }, false);
    assert.deepEqual(
      panes.map((pane) => pane.kind === 'difference' && [pane.picture.id, pane.reference.id]),
      [
        ['bicubic', 'hr'],
        ['sr', 'hr'],
      ],
    );
  });

  it('takes differences from another picture where one is chosen, and from HR where that has gone', () => {
    const pairs = (reference: string) =>
      panesOf(pictures, { ...initialStageState, mode: 'difference', reference }, false).map(
        (pane) => pane.kind === 'difference' && [pane.picture.id, pane.reference.id],
      );
    assert.deepEqual(pairs('bicubic'), [
      ['sr', 'bicubic'],
      ['hr', 'bicubic'],
    ]);
    assert.deepEqual(pairs('gone'), pairs('hr'));
  });

  it('blinks between two and shows one alone', () => {
    const shown = (solo: string | null, swapped: boolean) =>
      panesOf(pictures, { ...initialStageState, mode: 'blink', solo }, swapped).map(
        (pane) => pane.kind === 'picture' && pane.picture.id,
      );
    assert.deepEqual(shown(null, false), ['bicubic']);
    assert.deepEqual(shown(null, true), ['sr']);
    assert.deepEqual(shown('hr', true), ['hr']);
  });
});

describe('keys of the stage', () => {
  const ids = ['bicubic', 'sr', 'hr'];
  const command = (key: string, change = {}) => stageCommand(key, { ...initialStageState, ...change }, ids);
  it('numbers show one picture and again all', () => {
    assert.deepEqual(command('2'), { do: 'state', change: { solo: 'sr' } });
    assert.deepEqual(command('2', { solo: 'sr' }), { do: 'state', change: { solo: null } });
    assert.equal(command('4'), null);
  });
  it('B blinks, and then swaps', () => {
    assert.deepEqual(command('b'), { do: 'state', change: { mode: 'blink', solo: null } });
    assert.deepEqual(command('B', { mode: 'blink' }), { do: 'swap' });
  });
  it('brackets step, signs zoom, other keys are left alone', () => {
    assert.deepEqual(command(']'), { do: 'step', by: 1 });
    assert.deepEqual(command('-'), { do: 'zoom', factor: 0.5 });
    for (const key of ['Tab', 'Enter', 'x', 'Escape']) assert.equal(command(key), null);
  });
});

describe('difference of pictures', () => {
  const pixels = (width: number, height: number, values: number[]) => ({
    width,
    height,
    data: Uint8ClampedArray.from(values.flatMap((value) => [value, 0, 255, 255])),
  });
  it('is the absolute difference times the gain, saturated and opaque', () => {
    const { data } = difference(pixels(2, 1, [10, 200]), pixels(2, 1, [14, 20]), 4);
    assert.deepEqual([...data], [16, 0, 0, 255, 255, 0, 0, 255]);
  });
  it('enlarges the smaller picture to its nearest pixels', () => {
    const { width, height, data } = difference(
      pixels(1, 1, [100]),
      pixels(4, 2, [100, 101, 102, 103, 104, 105, 106, 107]),
      1,
    );
    assert.deepEqual([width, height], [4, 2]);
    assert.deepEqual(
      [...data].filter((_, index) => index % 4 === 0),
      [0, 1, 2, 3, 4, 5, 6, 7],
    );
  });
});
