import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { placeLabel, type Point } from '../../../src/webviews/chart/label-place';

const area = { left: 0, top: 0, width: 300, height: 100 };
const size = { width: 60, height: 12 };

const flat = (y: number): Point[] => [
  { x: 0, y },
  { x: 300, y },
];

describe('the label of a line across a chart', () => {
  it('is above its right end where nothing is in the way', () => {
    assert.deepEqual(placeLabel(area, 50, size, 3, []), { left: 237, top: 35, ...size });
  });

  it('keeps off a curve above the line, and off one below it', () => {
    assert.equal(placeLabel(area, 50, size, 3, [flat(40)]).top, 53);
    assert.equal(placeLabel(area, 50, size, 3, [flat(60)]).top, 35);
  });

  it('goes to the other end where curves run on both sides', () => {
    const crossing = [
      { x: 150, y: 0 },
      { x: 200, y: 40 },
      { x: 300, y: 40 },
    ];
    const below = [
      { x: 150, y: 100 },
      { x: 200, y: 58 },
      { x: 300, y: 58 },
    ];
    assert.equal(placeLabel(area, 50, size, 3, [crossing, below]).left, 3);
  });

  it('stays inside the chart', () => {
    assert.equal(placeLabel(area, 5, size, 3, [flat(12)]).top, 8, 'at the top there is no room above');
    assert.equal(placeLabel(area, 98, size, 3, [flat(90)]).top, 83, 'at the bottom none below');
  });

  it('looks between the points of a sparse curve', () => {
    const sparse = [
      { x: 0, y: 100 },
      { x: 300, y: 30 },
    ];
    // At the right end the curve is at y = 44 to 30: through the place above the line at 50.
    assert.equal(placeLabel(area, 50, size, 3, [sparse]).top, 53);
  });
});
