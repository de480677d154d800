/**
 * Direct convolution, any window and stride, as a matrix product without a matrix: where the border is part of the
 * buffer, a row of the window is kernelWidth·inputChannels consecutive floats, so a window is `kernelHeight` segments
 * for a tile of `tiles.ts`. The input gradient is the same loop over dy with the filter turned round, once for each
 * phase of the stride. Threads share rows of the output; a block of rows meets one panel of the filter after the other.
 */
import { Vector } from '../../../../assembler';
import { kernel } from './kernel';
import { forTiles, outerTile, panelTile, rowsOfTile, TILE_COLUMNS, TILE_ROWS } from './tiles';

/** Bytes of eight floats. */
const PANEL_ROW = TILE_COLUMNS * 4;

/**
 * [depth][columns] → panels [⌈columns / 8⌉][depth][8], zeros where there is no column.
 */
export const packPanels = kernel(
  'packPanels',
  { panels: 'write', matrix: 'read', depth: 'integer', columns: 'integer' },
  (f, p) => {
    const panelBytes = f.integer(p.depth.mul(PANEL_ROW));
    const target = f.integer();
    f.forShare(p.depth, (k) => {
      target.set(p.panels.add(k.mul(PANEL_ROW)));
      const source = f.integer(p.matrix.add(k.mul(p.columns).shiftLeft(2)));
      forTiles(f, p.columns, TILE_COLUMNS, (_column, existing) => {
        f.if(
          existing.atLeast(TILE_COLUMNS),
          () => {
            f.store(target, source.load());
            f.store(target, source.load(16), 16);
          },
          () => {
            f.store(target, Vector.zero());
            f.store(target, Vector.zero(), 16);
            f.for(0, existing.shiftLeft(2), 4, (i) => {
              f.storeFloat(target.add(i), source.add(i).loadFloat());
            });
          },
        );
        source.advance(PANEL_ROW);
        target.advance(panelBytes);
      });
    });
  },
);

/**
 * The filter turned round for one phase of the input gradient: panels [⌈inputChannels / 8⌉][taps][outputChannels][8],
 * where tap (u, v) is filter[firstRow − stride·u][firstColumn − stride·v].
 */
export const packTurned = kernel(
  'packTurned',
  {
    panels: 'write',
    filter: 'read',
    kernelWidth: 'integer',
    inputChannels: 'integer',
    outputChannels: 'integer',
    tapRows: 'integer',
    tapColumns: 'integer',
    firstRow: 'integer',
    firstColumn: 'integer',
    stride: 'integer',
  },
  (f, p) => {
    const taps = f.integer(p.tapRows.mul(p.tapColumns));
    const depth = f.integer(taps.mul(p.outputChannels));
    f.forShare(taps.mul(p.inputChannels.add(TILE_COLUMNS - 1).div(TILE_COLUMNS)), (item) => {
      const tap = f.integer(item.rem(taps));
      const panel = f.integer(item.div(taps));
      const row = p.firstRow.sub(p.stride.mul(tap.div(p.tapColumns)));
      const column = p.firstColumn.sub(p.stride.mul(tap.rem(p.tapColumns)));
      const place = f.integer(row.mul(p.kernelWidth).add(column).mul(p.inputChannels));
      const target = f.integer(p.panels.add(panel.mul(depth).add(tap.mul(p.outputChannels)).mul(PANEL_ROW)));
      f.for(0, TILE_COLUMNS, 1, (j) => {
        const channel = f.integer(panel.mul(TILE_COLUMNS).add(j));
        const to = f.integer(target.add(j.shiftLeft(2)));
        f.if(
          channel.lessThan(p.inputChannels),
          () => {
            const from = f.integer(p.filter.add(place.add(channel).mul(p.outputChannels).shiftLeft(2)));
            f.for(0, p.outputChannels, 1, () => {
              f.storeFloat(to, from.loadFloat());
              from.advance(4);
              to.advance(PANEL_ROW);
            });
          },
          () => {
            f.for(0, p.outputChannels, 1, () => {
              f.storeLane(to, Vector.zero(), 0);
              to.advance(PANEL_ROW);
            });
          },
        );
      });
    });
  },
);

/**
 * y = bias + x ∗ panels, `rectified` by one slope a channel (a bias or slopes at address 0 are none). Strides are in bytes: `xStep…` from one output pixel's window to the next, `xRow` from one row
 * of the window to the next, `y…` between output pixels, so that an output can be every second pixel of an image.
 */
export const convolve = kernel(
  'convolve',
  {
    y: 'write',
    x: 'read',
    panels: 'read',
    bias: 'read',
    slopes: 'read',
    images: 'integer',
    rows: 'integer',
    columns: 'integer',
    channels: 'integer',
    windowRows: 'integer',
    windowFloats: 'integer',
    xRow: 'integer',
    xImage: 'integer',
    xStepRow: 'integer',
    xStepColumn: 'integer',
    yImage: 'integer',
    yRow: 'integer',
    yColumn: 'integer',
    blockRows: 'integer',
  },
  (f, p) => {
    const { from, to } = f.share(p.images.mul(p.rows));
    const panelBytes = f.integer(p.windowRows.mul(p.windowFloats).mul(PANEL_ROW));
    const [panel, bias, slopes] = [f.integer(), f.integer(), f.integer()];
    f.for(from, to, p.blockRows, (block) => {
      const blockStart = f.integer(block.add(p.blockRows));
      const blockEnd = f.integer(blockStart.min(to));
      panel.set(p.panels);
      forTiles(f, p.channels, TILE_COLUMNS, (channel, channelsLeft) => {
        bias.set(p.bias.select(p.bias.add(channel.shiftLeft(2)), p.bias));
        slopes.set(p.slopes.select(p.slopes.add(channel.shiftLeft(2)), p.slopes));
        f.for(block, blockEnd, 1, (row) => {
          const image = f.integer(row.div(p.rows));
          const rowInImage = f.integer(row.rem(p.rows));
          const x = f.integer(p.x.add(image.mul(p.xImage)).add(rowInImage.mul(p.xStepRow)));
          const yRow = p.y.add(image.mul(p.yImage)).add(rowInImage.mul(p.yRow));
          const y = f.integer(yRow.add(channel.shiftLeft(2)));
          forTiles(f, p.columns, rowsOfTile(f), (column, columnsLeft) => {
            f.invoke(panelTile, {
              a: x.add(column.mul(p.xStepColumn)),
              aRowBytes: p.xStepColumn,
              segments: p.windowRows,
              segmentBytes: p.xRow,
              length: p.windowFloats,
              panel,
              bias,
              slopes,
              c: y.add(column.mul(p.yColumn)),
              rowBytes: p.yColumn,
              rows: columnsLeft,
              columns: channelsLeft,
            });
          });
        });
        panel.advance(panelBytes);
      });
    });
  },
);

/**
 * dfilter[windowRow][window float][channel] = Σ over pixels of x · dy. Threads share groups of four window floats; every
 * group goes through the images in blocks of rows, so that x and dy are read from the cache.
 * `transposed` keeps dy's channels as rows and window floats as columns ([windowRow][channel][window float]), which is
 * the better way round for fewer than eight channels.
 */
function filterGradient(transposed: boolean) {
  return kernel(
    transposed ? 'filterGradientTransposed' : 'filterGradient',
    {
      result: 'write',
      x: 'read',
      dy: 'read',
      images: 'integer',
      rows: 'integer',
      columns: 'integer',
      channels: 'integer',
      windowRows: 'integer',
      windowFloats: 'integer',
      xRow: 'integer',
      xImage: 'integer',
      xStepRow: 'integer',
      xStepColumn: 'integer',
      blockRows: 'integer',
    },
    (f, p) => {
      const dyColumn = f.integer(p.channels.shiftLeft(2));
      const dyRow = f.integer(dyColumn.mul(p.columns));
      const [tileRows, tileColumns] = transposed
        ? [p.channels, p.windowFloats]
        : [p.windowFloats, p.channels];
      const groupSize = transposed ? TILE_COLUMNS : rowsOfTile(f);
      const groups = f.integer(p.windowFloats.add(groupSize - 1).div(groupSize));
      const resultRow = f.integer(tileColumns.shiftLeft(2));
      const { from, to } = f.share(p.windowRows.mul(groups));
      f.for(0, p.images, 1, (image) => {
        f.for(0, p.rows, p.blockRows, (row) => {
          const rowsLeft = f.integer(p.rows.sub(row));
          const blockRows = f.integer(rowsLeft.min(p.blockRows));
          const x = f.integer(p.x.add(image.mul(p.xImage)).add(row.mul(p.xStepRow)));
          const dy = f.integer(p.dy.add(image.mul(p.rows).add(row).mul(dyRow)));
          const keep = f.integer(image.add(row).moreThan(0));
          const otherSize = transposed ? rowsOfTile(f) : TILE_COLUMNS;
          forTiles(f, p.channels, otherSize, (channel, channelsLeft) => {
            f.for(from, to, 1, (item) => {
              const windowRow = f.integer(item.div(groups));
              const float = f.integer(item.rem(groups).mul(groupSize));
              const window = {
                address: x.add(windowRow.mul(p.xRow)).add(float.shiftLeft(2)),
                row: p.xStepColumn,
                segment: p.xStepRow,
              };
              const gradient = { address: dy.add(channel.shiftLeft(2)), row: dyColumn, segment: dyRow };
              const [a, b] = transposed ? [gradient, window] : [window, gradient];
              const [tileRow, tileColumn] = transposed ? [channel, float] : [float, channel];
              const floatsLeft = p.windowFloats.sub(float);
              const resultTile = windowRow.mul(tileRows).add(tileRow).mul(resultRow);
              f.invoke(outerTile, {
                a: a.address,
                aRowBytes: a.row,
                aQuadBytes: TILE_ROWS * 4,
                aSegmentBytes: a.segment,
                b: b.address,
                bRowBytes: b.row,
                bSegmentBytes: b.segment,
                segments: blockRows,
                length: p.columns,
                c: p.result.add(resultTile).add(tileColumn.shiftLeft(2)),
                rowBytes: resultRow,
                rows: transposed ? channelsLeft : floatsLeft,
                columns: transposed ? floatsLeft : channelsLeft,
                keep,
              });
            });
          });
        });
      });
    },
  );
}

export const filterGradientDirect = filterGradient(false);
export const filterGradientTransposed = filterGradient(true);

/** Transposes matrices: [count][rows][columns] → [count][columns][rows]. */
export const transpose = kernel(
  'transpose',
  { result: 'write', x: 'read', count: 'integer', rows: 'integer', columns: 'integer' },
  (f, p) => {
    const stride = f.integer(p.columns.shiftLeft(2));
    f.forShare(p.count.mul(p.columns), (item) => {
      const matrix = item.div(p.columns).mul(p.rows).mul(p.columns);
      const from = f.integer(p.x.add(matrix.add(item.rem(p.columns)).shiftLeft(2)));
      const to = f.integer(p.result.add(item.mul(p.rows).shiftLeft(2)));
      f.for(0, p.rows, 1, () => {
        f.storeFloat(to, from.loadFloat());
        from.advance(stride);
        to.advance(4);
      });
    });
  },
);

export const convolutionKernels = [
  packPanels,
  packTurned,
  convolve,
  filterGradientDirect,
  filterGradientTransposed,
  transpose,
];
