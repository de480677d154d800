/**
 * The filter gradient of `nested-winograd.ts`. For each point, every block of the window sums the products of many
 * channels and few channels over tiles, whose grids are shifted against each other by the block. So the few channels of
 * all blocks are laid side by side, and one matrix product serves all of them: products [point][many channels][32 columns
 * of (block row, block column, few channels)].
 */
import { kernel } from './kernel';
import { NESTED_POINTS, NESTED_STEP } from './nested-tiles';
import { forTiles, outerTile, rowsOfTile, TILE_COLUMNS, TILE_ROWS } from './tiles';
import { transposed, winograd3 } from './winograd-algorithms';
import { nextPlane } from './winograd-tiles';
import { PLANE_GAP, transform2D, transformRegisters } from './winograd-transforms';

/** Channels of many that a thread takes at a time: a cache line of them. */
const GROUP_CHANNELS = 16;
/** Tiles that are multiplied at a time: both operands stay in the first-level cache. */
const GROUP_TILES = 64;

/**
 * Tiles of few channels, one row for each tile: the `blockFloats` floats from that tile on, in each of `blockRows` rows of
 * tiles. A row has room for the vectors' overhang. Threads share points.
 */
export const nestedSpread = kernel(
  'nestedSpread',
  {
    spread: 'write',
    tiles: 'read',
    down: 'integer',
    across: 'integer',
    channels: 'integer',
    tilesDown: 'integer',
    tilesRowBytes: 'integer',
    blockRows: 'integer',
    blockFloats: 'integer',
    columns: 'integer',
  },
  (f, p) => {
    const spreadRow = f.integer(p.columns.shiftLeft(2));
    const spreadPlane = f.integer(p.down.mul(p.across).mul(spreadRow));
    const tilesPlane = f.integer(p.tilesDown.mul(p.tilesRowBytes).add(PLANE_GAP));
    const tileBytes = f.integer(p.channels.shiftLeft(2));
    const blockBytes = f.integer(p.blockFloats.shiftLeft(2));
    const target = f.integer();
    f.forShare(p.down.mul(NESTED_POINTS), (item) => {
      const point = f.integer(item.div(p.down));
      const row = f.integer(item.rem(p.down));
      target.set(p.spread.add(point.mul(spreadPlane)).add(row.mul(p.across).mul(spreadRow)));
      const first = f.integer(p.tiles.add(point.mul(tilesPlane)).add(row.mul(p.tilesRowBytes)));
      f.for(0, p.across, 1, () => {
        const [from, to] = [f.integer(first), f.integer(target)];
        f.for(0, p.blockRows, 1, () => {
          f.for(0, blockBytes, 16, (offset) => {
            f.store(to.add(offset), from.add(offset).load());
          });
          from.advance(p.tilesRowBytes);
          to.advance(blockBytes);
        });
        first.advance(tileBytes);
        target.advance(spreadRow);
      });
    });
  },
);

/** products [point][channels][columns] (+)= tilesᵀ · spread over `count` tiles. Threads share points and channels. */
export const nestedProducts = kernel(
  'nestedProducts',
  {
    products: 'update',
    tiles: 'read',
    spread: 'read',
    channels: 'integer',
    columns: 'integer',
    count: 'integer',
    keep: 'integer',
  },
  (f, p) => {
    const tileBytes = f.integer(p.channels.shiftLeft(2));
    const columnsBytes = f.integer(p.columns.shiftLeft(2));
    const tilesPlane = f.integer(p.count.mul(tileBytes).add(PLANE_GAP));
    const spreadPlane = f.integer(p.count.mul(columnsBytes));
    const groups = f.integer(p.channels.add(GROUP_CHANNELS - 1).div(GROUP_CHANNELS));
    f.forShare(groups.mul(NESTED_POINTS), (item) => {
      const point = f.integer(item.div(groups));
      const first = f.integer(item.rem(groups).mul(GROUP_CHANNELS));
      const channelsLeft = f.integer(p.channels.sub(first));
      const a = f.integer(p.tiles.add(point.mul(tilesPlane)).add(first.shiftLeft(2)));
      const b = f.integer(p.spread.add(point.mul(spreadPlane)));
      const c = f.integer(p.products.add(point.mul(p.channels).add(first).mul(columnsBytes)));
      forTiles(f, p.count, GROUP_TILES, (tile, tilesLeft) => {
        const length = f.integer(
          tilesLeft.moreThan(GROUP_TILES).select(f.integer(GROUP_TILES), f.integer(tilesLeft)),
        );
        const group = f.integer(
          channelsLeft.moreThan(GROUP_CHANNELS).select(f.integer(GROUP_CHANNELS), channelsLeft),
        );
        forTiles(f, group, rowsOfTile(f), (channel, existing) => {
          f.for(0, columnsBytes, TILE_COLUMNS * 4, (column) => {
            f.invoke(outerTile, {
              a: a.add(tile.mul(tileBytes)).add(channel.shiftLeft(2)),
              aRowBytes: tileBytes,
              aQuadBytes: TILE_ROWS * 4,
              aSegmentBytes: 0,
              b: b.add(tile.mul(columnsBytes)).add(column),
              bRowBytes: columnsBytes,
              bSegmentBytes: 0,
              segments: 1,
              length,
              c: c.add(channel.mul(columnsBytes)).add(column),
              rowBytes: columnsBytes,
              rows: existing,
              columns: TILE_COLUMNS,
              keep: p.keep.add(tile),
            });
          });
        });
      });
    });
  },
);

/**
 * dfilter = Gᵀ · products · G for each pair of channels and each block. `manyStep` and `fewStep` are the floats between
 * two channels of either kind in the filter; with `backwards`, the columns hold the blocks from last to first.
 */
export const nestedFilterGradient = kernel(
  'nestedFilterGradient',
  {
    result: 'write',
    products: 'read',
    many: 'integer',
    few: 'integer',
    manyStep: 'integer',
    fewStep: 'integer',
    blockRows: 'integer',
    blockColumns: 'integer',
    columns: 'integer',
    backwards: 'integer',
    scratch: 'scratch',
    scratchBytes: 'integer',
  },
  (f, p) => {
    const registers = transformRegisters(f);
    const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
    const planeBytes = f.integer(p.many.mul(p.columns).shiftLeft(2));
    const tapBytes = f.integer(p.many.mul(p.few).shiftLeft(2));
    const tapRowBytes = f.integer(p.blockColumns.mul(NESTED_STEP).mul(tapBytes));
    const blocks = f.integer(p.blockRows.mul(p.blockColumns));
    f.forShare(p.many, (many) => {
      f.for(0, blocks.mul(p.few), 1, (column) => {
        const place = f.integer(column.div(p.few));
        const block = f.integer(p.backwards.select(blocks.sub(1).sub(place), place));
        const corner = block
          .div(p.blockColumns)
          .mul(tapRowBytes)
          .add(block.rem(p.blockColumns).mul(tapBytes))
          .mul(NESTED_STEP);
        const pair = many.mul(p.manyStep).add(column.rem(p.few).mul(p.fewStep)).shiftLeft(2);
        const target = f.integer(p.result.add(corner).add(pair));
        const plane = f.integer(p.products.add(many.mul(p.columns).add(column).shiftLeft(2)));
        transform2D(
          f,
          transposed(winograd3.filter),
          registers,
          scratch,
          () => nextPlane(f, plane, planeBytes, (address) => address.loadLane()),
          (tapColumn, tapRow, value) => {
            f.storeLane(target.add(tapRowBytes.mul(tapRow)).add(tapBytes.mul(tapColumn)), value, 0);
          },
        );
      });
    });
  },
);

export const nestedGradientKernels = [nestedSpread, nestedProducts, nestedFilterGradient];
