/** Winograd's transform of filters, before a convolution, and its transpose, after the products of a filter gradient. */
import { I32 } from '../../../../assembler';
import { kernel, routine } from './kernel';
import { shareLanes, transpose4 } from './lanes';
import { TILE_COLUMNS } from './tiles';
import { transposed, type Winograd } from './winograd-algorithms';
import { nextPlane } from './winograd-tiles';
import { PLANE_GAP, transform2D, transformRegisters, TRANSFORM_SCRATCH } from './winograd-transforms';

const PANEL_ROW = TILE_COLUMNS * 4;

/** Rows of panels whose filters are copied together before they are transformed. */
const COPIED_ROWS = 32;
const TAPS = 9;
const COPY_BYTES = TAPS * COPIED_ROWS * PANEL_ROW;

/** Floats of one part's scratch for the transforms of filters: their grid, four filters' points, and copied filters. */
export const FILTER_SCRATCH_FLOATS = (5 * TRANSFORM_SCRATCH + COPY_BYTES) / 4;

/** Bytes from one point's panels to the next one's, which must not meet in the same cache sets. */
export function panelPlane(depth: I32, columns: I32): I32 {
  const panels = columns.add(TILE_COLUMNS - 1).div(TILE_COLUMNS);
  return panels.mul(depth).mul(PANEL_ROW).add(PLANE_GAP);
}

/**
 * Rows [from, to) of one panel, for all points: [point][row][8], points `planeBytes` apart. A row is an input channel and
 * the columns are output channels from `column` on. Columns that do not exist hold whatever lies behind the filter's rows.
 * Rows of a filter are far apart in memory: copied first, many at once, they are waited for together.
 */
export function panelRows({ name, filter: matrix }: Winograd) {
  return routine(
    `winogradPanelRows${name}`,
    ['target', 'planeBytes', 'filter', 'inputChannels', 'outputChannels', 'column', 'from', 'to', 'scratch'],
    (f, p) => {
      const registers = transformRegisters(f);
      const rowBytes = f.integer(p.outputChannels.shiftLeft(2));
      const tapBytes = f.integer(p.inputChannels.mul(rowBytes));
      const copies = f.integer(p.scratch.add(5 * TRANSFORM_SCRATCH));
      const [source, copied, target] = [f.integer(), f.integer(), f.integer()];
      f.for(p.from, p.to, COPIED_ROWS, (first) => {
        const rowsLeft = f.integer(p.to.sub(first));
        const rows = f.integer(rowsLeft.min(I32.constant(COPIED_ROWS)));
        f.for(0, TAPS, 1, (tap) => {
          source.set(p.filter.add(tap.mul(tapBytes)).add(first.mul(rowBytes)).add(p.column.shiftLeft(2)));
          copied.set(copies.add(tap.mul(COPIED_ROWS * PANEL_ROW)));
          f.for(0, rows, 1, () => {
            f.store(copied, source.load());
            f.store(copied, source.load(16), 16);
            source.advance(rowBytes);
            copied.advance(PANEL_ROW);
          });
        });
        const firstTarget = f.integer(p.target.add(first.mul(PANEL_ROW)));
        f.for(0, rows.mul(PANEL_ROW), 16, (half) => {
          copied.set(copies.add(half));
          target.set(firstTarget.add(half));
          transform2D(
            f,
            matrix,
            registers,
            p.scratch,
            (tapRow, tapColumn) => copied.load((tapRow * 3 + tapColumn) * COPIED_ROWS * PANEL_ROW),
            (_row, _column, value) => {
              // Results come in the order of the planes.
              f.store(target, value);
              target.advance(p.planeBytes);
            },
          );
        });
      });
    },
  );
}

/**
 * The same of the filter turned round, whose rows are output channels and whose columns are input channels: 4 × 4 of
 * both at a time, transposed point by point. `from` is a multiple of four.
 */
export function turnedPanelRows({ name, filter: matrix, points }: Winograd) {
  return routine(
    `winogradTurnedPanelRows${name}`,
    ['target', 'planeBytes', 'filter', 'inputChannels', 'outputChannels', 'column', 'from', 'to', 'scratch'],
    (f, p) => {
      const registers = transformRegisters(f);
      const rowBytes = f.integer(p.outputChannels.shiftLeft(2));
      const tapBytes = f.integer(p.inputChannels.mul(rowBytes));
      const lastInput = f.integer(p.inputChannels.sub(1));
      const results = f.integer(p.scratch.add(TRANSFORM_SCRATCH));
      const [source, target] = [f.integer(), f.integer()];
      const [rows, turned] = [f.vectors(4), f.vectors(4)];
      f.for(p.from, p.to, 4, (row) => {
        const rowsLeft = f.integer(p.to.sub(row));
        f.for(0, PANEL_ROW, 16, (half) => {
          f.for(0, 4, 1, (j) => {
            const input = f.integer(p.column.add(half.shiftRight(2)).add(j));
            source.set(p.filter.add(input.min(lastInput).mul(rowBytes)).add(row.shiftLeft(2)));
            const slot = f.integer(results.add(j.shiftLeft(4)));
            transform2D(
              f,
              matrix,
              registers,
              p.scratch,
              (tapRow, tapColumn) => source.add(tapBytes.mul((2 - tapRow) * 3 + (2 - tapColumn))).load(),
              (_row, _column, value) => {
                f.store(slot, value);
                slot.advance(64);
              },
            );
          });
          target.set(p.target.add(row.mul(PANEL_ROW)).add(half));
          f.for(results, results.add(points ** 2 * 64), 64, (point) => {
            rows.forEach((vector, j) => {
              vector.set(point.load(j * 16));
            });
            transpose4(rows, turned);
            turned.forEach((vector, i) => {
              if (i === 0) f.store(target, vector);
              else {
                f.if(rowsLeft.moreThan(i), () => {
                  f.store(target, vector, i * PANEL_ROW);
                });
              }
            });
            target.advance(p.planeBytes);
          });
        });
      });
    },
  );
}

/** The filter to panels [point][⌈outputs / 8⌉][inputs][8]; turned, inputs and outputs change places and taps turn round. */
export function filterKernel(winograd: Winograd, turned: boolean) {
  const makeRows = turned ? turnedPanelRows(winograd) : panelRows(winograd);
  return kernel(
    `winogradFilter${turned ? 'Turned' : ''}${winograd.name}`,
    {
      panels: 'write',
      filter: 'read',
      inputChannels: 'integer',
      outputChannels: 'integer',
      scratch: 'scratch',
      scratchBytes: 'integer',
    },
    (f, p) => {
      const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
      const [depth, columns] = turned
        ? [p.outputChannels, p.inputChannels]
        : [p.inputChannels, p.outputChannels];
      const planeBytes = f.integer(panelPlane(depth, columns));
      const panels = columns.add(TILE_COLUMNS - 1).div(TILE_COLUMNS);
      const chunks = f.integer(depth.add(COPIED_ROWS - 1).div(COPIED_ROWS));
      f.forShare(panels.mul(chunks), (item) => {
        const panel = f.integer(item.div(chunks));
        const from = f.integer(item.rem(chunks).mul(COPIED_ROWS));
        const end = f.integer(from.add(COPIED_ROWS));
        f.invoke(makeRows, {
          target: p.panels.add(panel.mul(depth).mul(PANEL_ROW)),
          planeBytes,
          filter: p.filter,
          inputChannels: p.inputChannels,
          outputChannels: p.outputChannels,
          column: panel.mul(TILE_COLUMNS),
          from,
          to: end.min(depth),
          scratch,
        });
      });
    },
  );
}

/** dfilter = Gᵀ · products · G, for each pair of channels. */
export function filterGradientKernel({ name, filter: matrix }: Winograd) {
  return kernel(
    `winogradFilterGradient${name}`,
    {
      result: 'write',
      products: 'read',
      pairs: 'integer',
      scratch: 'scratch',
      scratchBytes: 'integer',
    },
    (f, p) => {
      const registers = transformRegisters(f);
      const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
      const planeBytes = f.integer(p.pairs.shiftLeft(2));
      shareLanes(f, p.pairs, (at, { load, store }) => {
        const plane = f.integer(p.products.add(at));
        transform2D(
          f,
          transposed(matrix),
          registers,
          scratch,
          () => nextPlane(f, plane, planeBytes, load),
          (column, row, value) => {
            store(p.result.add(at).add(planeBytes.mul(row * 3 + column)), value);
          },
        );
      });
    },
  );
}
