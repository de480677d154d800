/**
 * Convolutions with few output channels, such as 9×9 from 64 channels to RGB: tiles of eight columns would be mostly
 * empty. So the columns of the window become columns of the product, z[pixel][kernel column · channels + channel], which
 * sums over the window's rows only (`convolve` with a window one pixel wide); `addShifted` then adds, for each output
 * pixel, the parts of its neighbours.
 */
import { Vector } from '../../../../assembler';
import { kernel } from './kernel';
import { forLanes } from './lanes';
import { rectified, TILE_COLUMNS } from './tiles';

const PANEL_ROW = TILE_COLUMNS * 4;

/**
 * Panels [⌈kernelColumns · channels / 8⌉][kernelRows · depth][8] for `convolve`. The filter's element of kernel row u,
 * kernel column v, depth d and channel c is `u·rowStep + v·columnStep + d·depthStep + c·channelStep` floats from `origin`
 * floats behind its start; steps may be negative, so that the filter is turned round.
 */
export const packShifted = kernel(
  'packShifted',
  {
    panels: 'write',
    filter: 'read',
    origin: 'integer',
    kernelRows: 'integer',
    kernelColumns: 'integer',
    depth: 'integer',
    channels: 'integer',
    rowStep: 'integer',
    columnStep: 'integer',
    depthStep: 'integer',
    channelStep: 'integer',
  },
  (f, p) => {
    const columns = f.integer(p.kernelColumns.mul(p.channels));
    const totalDepth = f.integer(p.kernelRows.mul(p.depth));
    const panels = f.integer(columns.add(TILE_COLUMNS - 1).div(TILE_COLUMNS));
    const target = f.integer();
    f.forShare(panels.mul(totalDepth), (item) => {
      const k = f.integer(item.rem(totalDepth));
      const first = f.integer(item.div(totalDepth).mul(TILE_COLUMNS));
      const kernelRow = k.div(p.depth).mul(p.rowStep);
      const inRow = f.integer(kernelRow.add(k.rem(p.depth).mul(p.depthStep)).add(p.origin));
      target.set(p.panels.add(item.mul(PANEL_ROW)));
      f.for(first, first.add(TILE_COLUMNS), 1, (column) => {
        f.if(
          column.lessThan(columns),
          () => {
            const kernelColumn = column.div(p.channels).mul(p.columnStep);
            const place = inRow.add(kernelColumn).add(column.rem(p.channels).mul(p.channelStep));
            f.storeFloat(target, p.filter.add(place.shiftLeft(2)).loadFloat());
          },
          () => {
            f.storeLane(target, Vector.zero(), 0);
          },
        );
        target.advance(4);
      });
    });
  },
);

/**
 * y[row][x][c] = bias[c] + Σ over v of z[row][x + v][v · channels + c], `rectified` by slopes[c]; a bias or slopes at
 * address 0 are none.
 */
export const addShifted = kernel(
  'addShifted',
  {
    y: 'write',
    z: 'read',
    bias: 'read',
    slopes: 'read',
    rows: 'integer',
    width: 'integer',
    channels: 'integer',
    kernelColumns: 'integer',
    zWidth: 'integer',
    zPixelBytes: 'integer',
  },
  (f, p) => {
    const pixelBytes = f.integer(p.channels.shiftLeft(2));
    // The next kernel column's part: one pixel to the right, and `channels` floats further.
    const step = f.integer(p.zPixelBytes.add(pixelBytes));
    const sum = f.vector();
    const part = f.integer();
    f.forShare(p.rows, (row) => {
      const y = f.integer(p.y.add(row.mul(p.width).mul(pixelBytes)));
      const z = f.integer(p.z.add(row.mul(p.zWidth).mul(p.zPixelBytes)));
      f.for(0, p.width, 1, () => {
        forLanes(f, p.channels, (channel, { load, store }) => {
          sum.set(Vector.zero());
          f.if(p.bias, () => {
            sum.set(load(p.bias.add(channel)));
          });
          part.set(z.add(channel));
          f.for(0, p.kernelColumns, 1, () => {
            sum.set(sum.add(load(part)));
            part.advance(step);
          });
          f.if(p.slopes, () => {
            sum.set(rectified(sum, load(p.slopes.add(channel))));
          });
          store(y.add(channel), sum);
        });
        y.advance(pixelBytes);
        z.advance(p.zPixelBytes);
      });
    });
  },
);

export const shiftedConvolutionKernels = [packShifted, addShifted];
