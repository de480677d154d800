/** Small products by the tiles of a module, against the same sums in JavaScript: a check of what V8 made of the tiles. */
import { KernelModule, type Target } from '../kernels/kernel';
import { mathImports } from '../kernels/math-imports';
import { packedTiles } from '../kernels/packed-tiles';
import { MOST_TILE_ROWS, outerTile, panelTile, TILE_COLUMNS } from '../kernels/tiles';

const PAGES = 2;
const [A, PACKED, B, C, BIAS, SLOPES] = [4096, 10240, 16384, 32768, 49152, 49280];
const DEPTH = 37;
const ROW_BYTES = TILE_COLUMNS * 4;
/** More rows than a tall tile has, and a tile of four beside it. */
const PACKED_ROWS = MOST_TILE_ROWS + 4;

const tiles = [packedTiles, outerTile, panelTile];
/** How many functions the module of `encodeTiles` has. */
export const TILE_ROUTINES = tiles.length;

/** The binary of a module with the tiles alone. */
export function encodeTiles(target: Target): Uint8Array<ArrayBuffer> {
  const module = new KernelModule(target);
  module.routine(packedTiles);
  module.routine(outerTile);
  module.routine(panelTile);
  return module.encode();
}

/** Some of every eighth of [−2, 2]: sums of their products are exact, so that no order of them makes a difference. */
const sample = (i: number): number => (((i * 7) % 33) - 16) / 8;
/** Element k of row i of a, and element j of row k of b. */
const a = (i: number, k: number): number => sample(i * 5 + k * 3);
const b = (k: number, j: number): number => sample(k * 11 + j + 4);

function product(i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k < DEPTH; k++) sum += a(i, k) * b(k, j);
  return sum;
}

/** The first tile whose products are others than JavaScript's; undefined where there is none. */
export function wrongProducts(module: WebAssembly.Module): string | undefined {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: 65536, shared: true });
  const math = Object.fromEntries(mathImports.map((name) => [name, (x: number) => Math[name](x)]));
  const routines = new WebAssembly.Instance(module, { lab: { memory }, math }).exports;
  const floats = new Float32Array(memory.buffer);
  const set = (address: number, value: number): void => {
    floats[address / 4] = value;
  };
  for (let k = 0; k < DEPTH; k++) {
    for (let j = 0; j < TILE_COLUMNS; j++) set(B + k * ROW_BYTES + j * 4, b(k, j));
  }
  for (let j = 0; j < TILE_COLUMNS; j++) {
    set(BIAS + j * 4, sample(j));
    set(SLOPES + j * 4, 0.25);
  }

  const differs = (
    rows: number,
    columns: number,
    name: string,
    operands: readonly number[],
    expected: (i: number, j: number) => number,
  ): boolean => {
    floats.fill(1, C / 4, C / 4 + (PACKED_ROWS + 1) * TILE_COLUMNS);
    routines[name]!(...operands);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < TILE_COLUMNS; j++) {
        const value = floats[(C + i * ROW_BYTES) / 4 + j];
        if (value !== (j < columns ? expected(i, j) : 1)) return true;
      }
    }
    return false;
  };

  const [quadBytes, packedBytes] = [DEPTH * 16, Math.ceil(DEPTH / 4) * 64];
  for (let i = 0; i < PACKED_ROWS; i++) {
    for (let k = 0; k < DEPTH; k++) {
      set(A + (i >> 2) * quadBytes + k * 16 + (i & 3) * 4, a(i, k));
      set(PACKED + (i >> 2) * packedBytes + (k >> 2) * 64 + (i & 3) * 16 + (k & 3) * 4, a(i, k));
    }
  }
  for (const keep of [0, 1]) {
    const packed = [PACKED, packedBytes, PACKED_ROWS / 4, DEPTH, B, C, ROW_BYTES, keep];
    // What was there before is 1 everywhere.
    const expected = (i: number, j: number): number => keep + product(i, j);
    if (differs(PACKED_ROWS, TILE_COLUMNS, packedTiles.name, packed, expected)) return packedTiles.name;
  }
  for (const [rows, columns] of sizes) {
    for (const keep of [0, 1]) {
      const outer = [A, 16, quadBytes, 0, B, ROW_BYTES, 0, 1, DEPTH, C, ROW_BYTES, rows, columns, keep];
      if (differs(rows, columns, outerTile.name, outer, (i, j) => product(i, j) + keep))
        return outerTile.name;
    }
  }

  const aRowBytes = DEPTH * 4;
  for (let i = 0; i < MOST_TILE_ROWS; i++) {
    for (let k = 0; k < DEPTH; k++) set(A + i * aRowBytes + k * 4, a(i, k));
  }
  const rectified = (x: number): number => (x > 0 ? x : x / 4);
  for (const [rows, columns] of sizes) {
    const panel = [A, aRowBytes, 1, 0, DEPTH, B, BIAS, SLOPES, C, ROW_BYTES, rows, columns];
    const expected = (i: number, j: number): number => rectified(sample(j) + product(i, j));
    if (differs(rows, columns, panelTile.name, panel, expected)) return panelTile.name;
  }
  return undefined;
}

/** Rows and columns that exist of a tile. */
const sizes = [
  [MOST_TILE_ROWS, TILE_COLUMNS],
  [MOST_TILE_ROWS - 2, TILE_COLUMNS],
  [MOST_TILE_ROWS, 3],
  [4, TILE_COLUMNS],
  [3, 5],
] as const;
