/**
 * What the charts of a page have in common: one cursor, one zoom, one x axis, one smoothing. Charts write to it and follow
 * it; the page keeps the lasting part.
 */
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Cell } from '../kit/cell';
import type { XAxis } from './curve';
import type { Range } from './downsample';

/** The part that outlives the page. */
export interface ChartGroupState {
  xAxis: XAxis;
  /** Part of the x axis in sight; null shows all of it and follows the run. */
  zoom: Range | null;
  /** Weight of the moving average, in [0, 1). */
  smoothing: number;
  /** Curves that are switched off, as `chart/curve`. */
  hidden: string[];
  /** Charts with a logarithmic y axis. */
  logarithmic: Record<string, boolean>;
}

export interface ChartGroup {
  state: Cell<ChartGroupState>;
  /** Position on the x axis that all charts point at. */
  cursor: Signal<number | null>;
  /** A stretch of the x axis that the keyboard is about to zoom to; its ends in the order in which they were set. */
  selection: Signal<{ anchor: number; end: number } | null>;
  /** All of each axis, over all charts. */
  extent: ReadonlySignal<Record<XAxis, Range>>;
}

export function chartGroup(state: Cell<ChartGroupState>, extent: ChartGroup['extent']): ChartGroup {
  return { state, cursor: signal<number | null>(null), selection: signal(null), extent };
}

export function updateGroup(group: ChartGroup, change: Partial<ChartGroupState>): void {
  group.state.set({ ...group.state.value, ...change });
}

/** Clicking a legend entry shows or hides its curve; with Alt it shows this one alone, and again all of them. */
export function toggleCurve(
  hidden: readonly string[],
  chart: string,
  curves: readonly string[],
  clicked: string,
  solo: boolean,
): string[] {
  const keys = curves.map((curve) => `${chart}/${curve}`);
  const key = `${chart}/${clicked}`;
  const others = hidden.filter((entry) => !keys.includes(entry));
  const mine = hidden.filter((entry) => keys.includes(entry));
  if (!solo) return mine.includes(key) ? hidden.filter((entry) => entry !== key) : [...hidden, key];
  const alone = keys.filter((entry) => entry !== key);
  const isAlone = alone.every((entry) => mine.includes(entry)) && !mine.includes(key);
  return isAlone ? others : [...others, ...alone];
}
