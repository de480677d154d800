/** Winograd's transform of filters, before a convolution, and its transpose, after the products of a filter gradient. */
import { kernel } from './kernel';
import { forLanes, shareLanes } from './lanes';
import { TILE_COLUMNS } from './tiles';
import { nextPlane } from './winograd-tiles';
import {
  transform2D,
  transformRegisters,
  transpose,
  TRANSFORM_SCRATCH,
  type Winograd,
} from './winograd-transforms';

const PANEL_ROW = TILE_COLUMNS * 4;

/** Floats of one part's scratch for the transforms of filters. */
export const FILTER_SCRATCH_FLOATS = TRANSFORM_SCRATCH / 4;

/** The filter to panels [point][⌈outputs / 8⌉][inputs][8]; turned, inputs and outputs change places and taps turn round. */
export function filterKernel({ filter: matrix, outputs: m }: Winograd, turned: boolean) {
  return kernel(
    `winogradFilter${turned ? 'Turned' : ''}${m}`,
    {
      panels: 'write',
      filter: 'read',
      inputChannels: 'integer',
      outputChannels: 'integer',
      scratch: 'scratch',
      scratchBytes: 'integer',
    },
    (f, p) => {
      const registers = transformRegisters(f);
      const result = f.vector();
      const scratch = f.integer(p.scratch.add(p.scratchBytes.mul(f.part)));
      const tapBytes = f.integer(p.inputChannels.mul(p.outputChannels).shiftLeft(2));
      const [depth, columns] = turned
        ? [p.outputChannels, p.inputChannels]
        : [p.inputChannels, p.outputChannels];
      const panelBytes = f.integer(depth.mul(PANEL_ROW));
      const planeBytes = f.integer(
        columns
          .add(TILE_COLUMNS - 1)
          .div(TILE_COLUMNS)
          .mul(panelBytes),
      );
      f.forShare(p.inputChannels, (input) => {
        const row = f.integer(p.filter.add(input.mul(p.outputChannels).shiftLeft(2)));
        forLanes(f, p.outputChannels, (offset, lanes) => {
          const channel = offset.shiftRight(2);
          const [column, k] = turned ? [input, channel] : [channel, input];
          const panel = column.div(TILE_COLUMNS).mul(panelBytes).add(k.mul(PANEL_ROW));
          const place = panel.add(column.rem(TILE_COLUMNS).shiftLeft(2));
          const target = f.integer(p.panels.add(place));
          const source = f.integer(row.add(offset));
          transform2D(
            f,
            matrix,
            registers,
            scratch,
            (tapRow, tapColumn) => {
              const tap = turned ? (2 - tapRow) * 3 + (2 - tapColumn) : tapRow * 3 + tapColumn;
              return lanes.load(source.add(tapBytes.mul(tap)));
            },
            (_row, _column, value) => {
              // Results come in the order of the planes.
              if (turned) {
                result.set(value);
                for (let lane = 0; lane < lanes.bytes / 4; lane++) {
                  f.storeLane(target, result, lane, lane * PANEL_ROW);
                }
              } else {
                lanes.store(target, value);
              }
              target.advance(planeBytes);
            },
          );
        });
      });
    },
  );
}

/** dfilter = Gᵀ · products · G, for each pair of channels. */
export function filterGradientKernel({ filter: matrix, outputs: m }: Winograd) {
  return kernel(
    `winogradFilterGradient${m}`,
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
          transpose(matrix),
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
