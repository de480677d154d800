/** A chart without a mouse: cursor, zoom, and a stretch that is marked and zoomed to, for all charts of a page. */
import assert from 'node:assert/strict';
import { signal } from '@preact/signals';
import { chartGroup, type ChartGroupState } from '../../../src/webviews/chart/chart-group';
import { chartKey } from '../../../src/webviews/chart/keys';

const steps = Array.from({ length: 100 }, (_, index) => index + 1);
const all = { min: 1, max: 100 };

function keyboard() {
  const state = signal<ChartGroupState>({
    xAxis: 'step',
    zoom: null,
    smoothing: 0,
    hidden: [],
    logarithmic: {},
  });
  const cell = {
    get value() {
      return state.value;
    },
    set: (value: ChartGroupState) => {
      state.value = value;
    },
  };
  const group = chartGroup(cell, signal({ step: all, time: all }));
  const press = (key: string, shiftKey = false) =>
    chartKey({ key, shiftKey }, group, steps, state.value.zoom ?? all);
  return { group, state, press };
}

describe('keys of a chart', () => {
  it('move the cursor by rows and by pages, and say whether they meant something', () => {
    const { group, press } = keyboard();
    assert.ok(press('End'));
    assert.equal(group.cursor.value, 100);
    press('PageUp');
    assert.equal(group.cursor.value, 90);
    press('ArrowLeft');
    assert.equal(group.cursor.value, 89);
    press('Home');
    assert.equal(group.cursor.value, 1);
    assert.equal(press('x'), false);
  });

  it('mark a stretch with Shift, in both directions, which Enter zooms to', () => {
    const { group, state, press } = keyboard();
    press('End');
    press('PageUp');
    for (let times = 0; times < 3; times++) press('PageUp', true);
    assert.deepEqual(group.selection.value, { anchor: 90, end: 60 });
    assert.ok(press('Enter'));
    assert.deepEqual(state.value.zoom, { min: 60, max: 90 });
    assert.equal(group.selection.value, null);
    press('0');
    assert.equal(state.value.zoom, null);
  });

  it('forget the stretch at a move without Shift and at Escape', () => {
    const { group, state, press } = keyboard();
    press('Home');
    press('ArrowRight', true);
    press('ArrowRight');
    assert.equal(group.selection.value, null);
    assert.equal(press('Enter'), false);
    press('ArrowRight', true);
    press('Escape');
    assert.deepEqual([group.selection.value, group.cursor.value, state.value.zoom], [null, null, null]);
  });
});
