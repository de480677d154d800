/** Crops on the image stage: what is marked, and how it is looked at again. */
import assert from 'node:assert/strict';
import {
  cropInView,
  drawnRectangle,
  freshName,
  rectangleBetween,
  rectangleInSight,
  viewOf,
} from '../../../src/webviews/stage/crops';
import { initialStageState, stageCommand } from '../../../src/webviews/stage/stage-state';
import { place } from '../../../src/webviews/stage/viewport';

const scene = { width: 384, height: 256 };
const pane = { width: 400, height: 300 };

describe('crops on the stage', () => {
  it('are what is between two points, whole pixels within the scene, in whatever direction', () => {
    const expected = { left: 10, top: 20, width: 31, height: 6 };
    assert.deepEqual(rectangleBetween({ x: 10.2, y: 20.9 }, { x: 40.5, y: 25.1 }, scene), expected);
    assert.deepEqual(rectangleBetween({ x: 40.5, y: 25.1 }, { x: 10.2, y: 20.9 }, scene), expected);
    assert.deepEqual(rectangleBetween({ x: -50, y: 250 }, { x: 4, y: 900 }, scene), {
      left: 0,
      top: 250,
      width: 4,
      height: 6,
    });
    // A click is a pixel, at the very border too.
    assert.deepEqual(rectangleBetween({ x: 500, y: 500 }, { x: 500, y: 500 }, scene), {
      left: 383,
      top: 255,
      width: 1,
      height: 1,
    });
  });

  it('begin as what is in sight', () => {
    assert.deepEqual(rectangleInSight(place(null, scene, pane), scene, pane), { left: 0, top: 0, ...scene });
    const view = { scale: 4, x: 100, y: 100 };
    assert.deepEqual(rectangleInSight(place(view, scene, pane), scene, pane), {
      left: 50,
      top: 62,
      width: 100,
      height: 76,
    });
  });

  it('fill a pane when they are looked at, and are then the one in view', () => {
    const kept = [
      { name: 'roof', left: 50, top: 62, width: 96, height: 64 },
      { name: 'wall', left: 0, top: 0, width: 384, height: 250 },
    ];
    const view = viewOf(kept[0]!, pane);
    assert.deepEqual(view, { scale: 4, x: 98, y: 94 });
    assert.equal(cropInView(kept, view, pane)?.name, 'roof');
    assert.equal(cropInView(kept, { ...view, scale: 5 }, pane), undefined);
    assert.equal(cropInView(kept, null, pane), undefined);
    assert.ok(viewOf(kept[1]!, { width: 100, height: 100 }).scale < 1);
    const drawn = drawnRectangle(kept[0]!, place(view, scene, pane), pane)!;
    assert.deepEqual(drawn, { left: 8, top: 22, width: 384, height: 256 });
    assert.equal(
      drawnRectangle({ left: 300, top: 0, width: 10, height: 10 }, place(view, scene, pane), pane),
      null,
    );
  });

  it('are proposed a name that is free, and marked with K', () => {
    assert.equal(freshName([]), 'crop 1');
    assert.equal(freshName([{ name: 'crop 1' }, { name: 'crop 3' }]), 'crop 2');
    assert.deepEqual(stageCommand('k', initialStageState, ['a']), { do: 'mark' });
  });
});
