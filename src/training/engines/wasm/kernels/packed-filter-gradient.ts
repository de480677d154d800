/**
 * The filter gradient of a direct convolution with many channels. Reading four channels of every pixel in place would
 * touch a cache line a pixel, a power of two apart: they evict each other. So both operands are packed first, a round of
 * pixels at a time: x [tap][input channels / 4][pixels][4], dy [output channels / 8][pixels][8]. Then the gradient of
 * each tap is a product of two streams.
 */
import { kernel } from './kernel';
import { forTiles, outerTile, rowsOfTile, TILE_COLUMNS } from './tiles';

const PANEL_ROW = TILE_COLUMNS * 4;

/** Packs pixels [first, first + count) of the output grid. Strides of x are in bytes, as for `convolve`. */
export const packRound = kernel(
  'packRound',
  {
    xPacked: 'write',
    dyPacked: 'write',
    x: 'read',
    dy: 'read',
    rows: 'integer',
    columns: 'integer',
    kernelRows: 'integer',
    kernelColumns: 'integer',
    inputChannels: 'integer',
    outputChannels: 'integer',
    xRow: 'integer',
    xImage: 'integer',
    xStepRow: 'integer',
    xStepColumn: 'integer',
    first: 'integer',
    count: 'integer',
  },
  (f, p) => {
    const quadBytes = f.integer(p.count.shiftLeft(4));
    const panelBytes = f.integer(p.count.mul(PANEL_ROW));
    const xPixel = f.integer(p.inputChannels.shiftLeft(2));
    const dyPixel = f.integer(p.outputChannels.shiftLeft(2));
    const quads = f.integer(p.inputChannels.add(3).shiftRight(2));
    const halves = f.integer(p.outputChannels.add(3).shiftRight(2));
    const [from, to] = [f.integer(), f.integer()];
    f.forShare(p.count, (i) => {
      const pixel = f.integer(p.first.add(i));
      const row = f.integer(pixel.div(p.columns));
      const image = row.div(p.rows).mul(p.xImage);
      const inImage = row.rem(p.rows).mul(p.xStepRow).add(pixel.rem(p.columns).mul(p.xStepColumn));
      const window = f.integer(p.x.add(image).add(inImage));
      to.set(p.xPacked.add(i.shiftLeft(4)));
      f.for(0, p.kernelRows, 1, (kernelRow) => {
        f.for(0, p.kernelColumns, 1, (kernelColumn) => {
          from.set(window.add(kernelRow.mul(p.xRow)).add(kernelColumn.mul(xPixel)));
          f.for(0, quads, 1, () => {
            f.store(to, from.load());
            from.advance(16);
            to.advance(quadBytes);
          });
        });
      });
      from.set(p.dy.add(pixel.mul(dyPixel)));
      f.for(0, halves, 1, (half) => {
        const panel = half.shiftRight(1).mul(panelBytes);
        to.set(p.dyPacked.add(panel).add(i.mul(PANEL_ROW)).add(half.and(1).shiftLeft(4)));
        f.store(to, from.load());
        from.advance(16);
      });
    });
  },
);

/** dfilter [tap][inputs][outputs] (+)= xPackedᵀ · dyPacked. Threads share taps and panels. */
export const packedProducts = kernel(
  'packedProducts',
  {
    result: 'update',
    xPacked: 'read',
    dyPacked: 'read',
    taps: 'integer',
    inputChannels: 'integer',
    outputChannels: 'integer',
    count: 'integer',
    keep: 'integer',
  },
  (f, p) => {
    const panels = f.integer(p.outputChannels.add(TILE_COLUMNS - 1).div(TILE_COLUMNS));
    const quadBytes = f.integer(p.count.shiftLeft(4));
    const panelBytes = f.integer(p.count.mul(PANEL_ROW));
    const tapBytes = f.integer(p.inputChannels.add(3).shiftRight(2).mul(quadBytes));
    const rowBytes = f.integer(p.outputChannels.shiftLeft(2));
    f.forShare(panels.mul(p.taps), (item) => {
      const tap = f.integer(item.div(panels));
      const panel = f.integer(item.rem(panels));
      const column = f.integer(panel.mul(TILE_COLUMNS));
      const a = f.integer(p.xPacked.add(tap.mul(tapBytes)));
      const b = f.integer(p.dyPacked.add(panel.mul(panelBytes)));
      const tapResult = tap.mul(p.inputChannels).mul(rowBytes);
      const c = f.integer(p.result.add(tapResult).add(column.shiftLeft(2)));
      forTiles(f, p.inputChannels, rowsOfTile(f), (row, existing) => {
        f.invoke(outerTile, {
          a: a.add(row.shiftRight(2).mul(quadBytes)),
          aRowBytes: 16,
          aQuadBytes: quadBytes,
          aSegmentBytes: 0,
          b,
          bRowBytes: PANEL_ROW,
          bSegmentBytes: 0,
          segments: 1,
          length: p.count,
          c: c.add(row.mul(rowBytes)),
          rowBytes,
          rows: existing,
          columns: p.outputChannels.sub(column),
          keep: p.keep,
        });
      });
    });
  },
);

export const packedFilterGradientKernels = [packRound, packedProducts];
