/**
 * Large windows of stride 1 between few and many channels, such as 9×9 between 64 channels and RGB, by nested Winograd
 * (Jiang, Chen and Tsui 2021, "A reconfigurable Winograd CNN accelerator with nesting decomposition algorithm"): the
 * window is a grid of 3×3 blocks, each computed by F(3×3, 3×3). Blocks are three pixels apart, as tiles are, so the tiles
 * that a block reads are tiles of the same grid: they are transformed once, the sum over blocks is a small convolution of
 * transformed tiles, point by point, and only sums are transformed back. 9 products a pixel become 25/9.
 */
import { I32, type I32Local, Vector } from '../../../../assembler';
import { kernel, type KernelBuilder, routine, type Variables } from './kernel';
import { transpose4 } from './lanes';
import { NESTED_POINTS, NESTED_STEP } from './nested-tiles';
import { forTiles, panelTile, rowsOfTile, TILE_COLUMNS } from './tiles';
import { winograd3 } from './winograd-algorithms';
import { scatterTiles } from './winograd-tiles';
import { PLANE_GAP, TRANSFORM_SCRATCH } from './winograd-transforms';

const PANEL_ROW = TILE_COLUMNS * 4;
/** The most channels on the side of few; tiles of theirs are stored as vectors that overlap. */
export const MOST_FEW_CHANNELS = 3;

/** Tiles and channels of one inner product tile: as many sums as stay in registers. */
const DOT_TILES = 3;

/**
 * sums[i] = [Σ a[i]·b[0], Σ a[i]·b[1], Σ a[i]·b[2]] for up to three rows i: inner products along vectors of four, over
 * `segments` of `length` floats. Rows of a are `aRowBytes` apart, of b `bRowBytes`; a segment of b follows the one before.
 */
const dotTile = routine(
  'dotTile',
  ['a', 'aRowBytes', 'segments', 'segmentBytes', 'length', 'b', 'bRowBytes', 'channels', 'sums', 'rows'],
  (f, p) => {
    const addresses = (start: I32, rowBytes: I32, existing: I32): I32Local[] => {
      const first = f.integer(start);
      const second = f.integer(first.add(existing.moreThan(1).mul(rowBytes)));
      return [first, second, f.integer(second.add(existing.moreThan(2).mul(rowBytes)))];
    };
    const a = addresses(p.a, p.aRowBytes, p.rows);
    const b = addresses(p.b, p.bRowBytes, p.channels);
    const sums = f.vectors(DOT_TILES * MOST_FEW_CHANNELS);
    for (const sum of sums) sum.set(Vector.zero());
    const factors = f.vectors(MOST_FEW_CHANNELS);
    const value = f.vector();
    const gap = f.integer(p.segmentBytes.sub(p.length.shiftLeft(2)));
    const k = f.integer();
    f.doWhile(
      () => {
        k.set(p.length);
        f.doWhile(
          () => {
            factors.forEach((factor, j) => {
              factor.set(b[j]!.load());
            });
            a.forEach((address, i) => {
              value.set(address.load());
              factors.forEach((factor, j) => {
                const sum = sums[i * MOST_FEW_CHANNELS + j]!;
                sum.set(f.multiplyAdd(value, factor, sum));
              });
            });
            for (const address of [...a, ...b]) address.advance(16);
            k.set(k.sub(4));
          },
          () => k,
        );
        for (const address of a) address.advance(gap);
        p.segments.set(p.segments.sub(1));
      },
      () => p.segments,
    );
    const [rows, columns] = [f.vectors(4), f.vectors(4)];
    for (let i = 0; i < DOT_TILES; i++) {
      rows.forEach((row, j) => {
        row.set(j < MOST_FEW_CHANNELS ? sums[i * MOST_FEW_CHANNELS + j]! : Vector.zero());
      });
      transpose4(rows, columns);
      const total = columns[0]!.add(columns[1]!).add(columns[2]!.add(columns[3]!));
      f.if(p.rows.moreThan(i), () => {
        f.store(p.sums, total, i * 16);
      });
    }
  },
);

/** What a row of products works on: tiles of one point, the point's blocks of the filter, and where sums go. */
interface PointRow {
  readonly tiles: I32;
  readonly panels: I32;
  readonly sums: I32;
}

const rowParameters = {
  y: 'write',
  tiles: 'read',
  panels: 'read',
  bias: 'read',
  slopes: 'read',
  height: 'integer',
  width: 'integer',
  inputChannels: 'integer',
  outputChannels: 'integer',
  blockRows: 'integer',
  blockColumns: 'integer',
  down: 'integer',
  rowBytes: 'integer',
  scratch: 'scratch',
  scratchBytes: 'integer',
} as const;

type RowVariables = Variables<typeof rowParameters>;

/**
 * One image's y = bias + x ∗ filter from its transformed tiles, `rectified` by one slope a channel (a bias or slopes at
 * address 0 are none). Threads share rows of output tiles; a row's sums stay in the cache until they are turned back.
 */
function rowsKernel(
  name: string,
  /** Columns that a point's filter has room for, and bytes of a tile's sums. */
  sizesOf: (p: RowVariables) => { columns: I32; sumBytes: I32 },
  products: (
    f: KernelBuilder,
    p: RowVariables,
    size: { across: I32Local; depthBytes: I32Local; sumBytes: I32Local },
    row: PointRow,
  ) => void,
) {
  const scatter = scatterTiles(winograd3);
  return kernel(name, rowParameters, (f, p) => {
    const across = f.integer(p.width.add(NESTED_STEP - 1).div(NESTED_STEP));
    const down = f.integer(p.height.add(NESTED_STEP - 1).div(NESTED_STEP));
    const depthBytes = f.integer(p.blockRows.mul(p.blockColumns).mul(p.inputChannels).shiftLeft(2));
    const sizes = sizesOf(p);
    const sumBytes = f.integer(sizes.sumBytes);
    const panelPlane = f.integer(sizes.columns.mul(depthBytes));
    const tilePlane = f.integer(p.down.mul(p.rowBytes).add(PLANE_GAP));
    const sumPlane = f.integer(across.mul(sumBytes).add(PLANE_GAP));
    const pixelBytes = f.integer(p.outputChannels.shiftLeft(2));
    const yRow = f.integer(p.width.mul(pixelBytes));
    const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
    const sums = f.integer(scratch.add(TRANSFORM_SCRATCH));
    f.forShare(down, (row) => {
      const tiles = f.integer(p.tiles.add(row.mul(p.rowBytes)));
      f.for(0, NESTED_POINTS, 1, (point) => {
        products(
          f,
          p,
          { across, depthBytes, sumBytes },
          {
            tiles: f.integer(tiles.add(point.mul(tilePlane))),
            panels: f.integer(p.panels.add(point.mul(panelPlane))),
            sums: f.integer(sums.add(point.mul(sumPlane))),
          },
        );
      });
      const from = f.integer(row.mul(across));
      f.invoke(scatter, {
        source: sums,
        planeBytes: sumPlane,
        tileBytes: sumBytes,
        y: p.y,
        yRow,
        yImage: 0,
        height: p.height,
        width: p.width,
        pixelBytes,
        channels: p.outputChannels,
        bias: p.bias,
        slopes: p.slopes,
        across,
        down,
        from,
        to: from.add(across),
        scratch,
      });
    });
  });
}

/** To at most three channels, from a multiple of four: inner products. The filter's blocks lie channel after channel. */
export const nestedToFew = rowsKernel(
  'nestedToFew',
  () => ({ columns: I32.constant(MOST_FEW_CHANNELS), sumBytes: I32.constant(16) }),
  (f, p, { across, depthBytes, sumBytes }, { tiles, panels, sums }) => {
    const tileBytes = p.inputChannels.shiftLeft(2);
    forTiles(f, across, DOT_TILES, (tile, existing) => {
      f.invoke(dotTile, {
        a: tiles.add(tile.mul(tileBytes)),
        aRowBytes: tileBytes,
        segments: p.blockRows,
        segmentBytes: p.rowBytes,
        length: p.blockColumns.mul(p.inputChannels),
        b: panels,
        bRowBytes: depthBytes,
        channels: p.outputChannels,
        sums: sums.add(tile.mul(sumBytes)),
        rows: existing,
      });
    });
  },
);

/** From at most three channels to any number: the filter's blocks are in panels. */
export const nestedFromFew = rowsKernel(
  'nestedFromFew',
  (p) => {
    const columns = p.outputChannels.add(TILE_COLUMNS - 1).and(-TILE_COLUMNS);
    return { columns, sumBytes: columns.shiftLeft(2) };
  },
  (f, p, { across, depthBytes, sumBytes }, { tiles, panels, sums }) => {
    const tileBytes = p.inputChannels.shiftLeft(2);
    const panel = f.integer(panels);
    f.for(0, sumBytes, PANEL_ROW, (column) => {
      forTiles(f, across, rowsOfTile(f), (tile, existing) => {
        f.invoke(panelTile, {
          a: tiles.add(tile.mul(tileBytes)),
          aRowBytes: tileBytes,
          segments: p.blockRows,
          segmentBytes: p.rowBytes,
          length: p.blockColumns.mul(p.inputChannels),
          panel,
          bias: 0,
          slopes: 0,
          c: sums.add(tile.mul(sumBytes)).add(column),
          rowBytes: sumBytes,
          rows: existing,
          columns: TILE_COLUMNS,
        });
      });
      panel.advance(depthBytes.mul(TILE_COLUMNS));
    });
  },
);

export const nestedWinogradKernels = [nestedToFew, nestedFromFew];
