/** Where the tiles of a long grid are, which of them have to be drawn, and where a key moves to. A list is a grid of one column. Pure. */

export interface GridShape {
  /** Number of tiles. */
  count: number;
  columns: number;
  /** Height of a row in CSS pixels. */
  rowHeight: number;
}

export interface GridWindow {
  first: number;
  /** One past the last tile. */
  end: number;
}

/** Rows drawn above and below those in sight, so that scrolling shows no gaps. */
const SPARE_ROWS = 3;

/** How many tiles of at least this width lie side by side. */
export function columnsIn(width: number, tileWidth: number): number {
  return Math.max(1, Math.floor(width / tileWidth));
}

export function rowsOf({ count, columns }: GridShape): number {
  return Math.ceil(count / columns);
}

/** The tiles in sight and a few around them. */
export function gridWindow(shape: GridShape, scrollTop: number, height: number): GridWindow {
  const { count, columns, rowHeight } = shape;
  const firstRow = Math.max(0, Math.floor(scrollTop / rowHeight) - SPARE_ROWS);
  const endRow = Math.ceil((scrollTop + height) / rowHeight) + SPARE_ROWS;
  return { first: Math.min(count, firstRow * columns), end: Math.min(count, endRow * columns) };
}

/** How far to scroll so that the tile is wholly in sight, and no farther. */
export function scrollTo(shape: GridShape, index: number, scrollTop: number, height: number): number {
  const top = Math.floor(index / shape.columns) * shape.rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + shape.rowHeight - height);
}

/**
 * Index that a key moves to; null if the key does not move. Up and down stay in their column, except where the last row is
 * too short for it.
 * @param index of the selected tile; −1 without one
 * @param page rows that a page key moves by
 */
export function moveInGrid(key: string, index: number, shape: GridShape, page: number): number | null {
  const { count } = shape;
  const moves: Partial<Record<string, number>> = {
    ArrowRight: Math.min(count - 1, index + 1),
    ArrowLeft: Math.max(0, index - 1),
    ArrowDown: vertical(index, 1, shape),
    ArrowUp: vertical(index, -1, shape),
    PageDown: vertical(index, page, shape),
    PageUp: vertical(index, -page, shape),
    Home: 0,
    End: count - 1,
  };
  const next = moves[key];
  if (next === undefined || count === 0) return null;
  return index === -1 && key !== 'End' ? 0 : next;
}

function vertical(index: number, rows: number, { count, columns }: GridShape): number {
  const next = index + rows * columns;
  if (next < 0) return index % columns;
  if (next < count) return next;
  const lastRow = Math.floor((count - 1) / columns) * columns;
  return index >= lastRow ? index : Math.min(count - 1, lastRow + (index % columns));
}
