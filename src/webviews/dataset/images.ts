/** Finding images among thousands: filter by split and name, and the window of a long list that has to be drawn. Pure. */
import type { DatasetPageImage } from '../../protocol/pages';
import type { SplitName } from '../../protocol/dataset-file';

export type SplitFilter = SplitName | 'all' | 'noted';

/** Images of a split (or those with notes) whose name has every word of `text`, in any case and order. */
export function filterImages(
  images: readonly DatasetPageImage[],
  split: SplitFilter,
  text: string,
): DatasetPageImage[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return images.filter((image) => {
    if (split === 'noted' ? image.notes.length === 0 : split !== 'all' && image.split !== split) return false;
    const name = image.name.toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

export interface ListWindow {
  first: number;
  /** One past the last row. */
  end: number;
}

/** Rows in sight and a few around them, so that scrolling shows no gaps. */
export function listWindow(rows: number, rowHeight: number, scrollTop: number, height: number): ListWindow {
  const spare = 6;
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  return { first, end: Math.min(rows, Math.ceil((scrollTop + height) / rowHeight) + spare) };
}

/** Index that a key moves to in a list; null if the key does not move. */
export function moveInList(key: string, index: number, rows: number, page: number): number | null {
  const moves: Partial<Record<string, number>> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + page,
    PageUp: index - page,
    Home: 0,
    End: rows - 1,
  };
  const next = moves[key];
  return next === undefined || rows === 0 ? null : Math.min(rows - 1, Math.max(0, next));
}
