/** The map of features as plain geometry, and the ways through it by keyboard. Pure. */
import type { ProbeResult, TransferData } from '../../protocol/transfer';
import type { Curve } from '../chart/curve';
import type { Scene } from '../chart/scene';
import { seriesColour } from './series';
import { classOf, labelOf } from './words';

export const MAP_SIDE = 420;
const PADDING = 12;

export interface MapPoint {
  /** Index in data.json. */
  readonly image: number;
  readonly label: number;
  /** In units of the map, from its left upper corner. */
  readonly x: number;
  readonly y: number;
}

export function mapPoints(map: ProbeResult['map'], data: TransferData | null): MapPoint[] {
  const place = (axis: 'x' | 'y'): ((value: number) => number) => {
    const values = map.map((point) => point[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (value) => PADDING + ((value - low) / (high - low || 1)) * (MAP_SIDE - 2 * PADDING);
  };
  const [x, y] = [place('x'), place('y')];
  return map.map((point) => ({
    image: point.image,
    label: labelOf(data, point.image),
    x: x(point.x),
    y: y(point.y),
  }));
}

/**
 * The image that a key leads to from another: left and right go through all points by their x, up and down by their y, so that
 * each is reached. Undefined where the key leads nowhere.
 */
export function imageByKey(
  points: readonly MapPoint[],
  from: number | null,
  key: string,
): number | undefined {
  const axis = key === 'ArrowUp' || key === 'ArrowDown' ? 'y' : 'x';
  const ordered = points.toSorted((a, b) => a[axis] - b[axis] || a.image - b.image);
  if (key === 'Home') return ordered[0]?.image;
  if (key === 'End') return ordered.at(-1)?.image;
  const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[key];
  if (step === undefined) return undefined;
  const at = ordered.findIndex(({ image }) => image === from);
  if (at === -1) return ordered[step === 1 ? 0 : ordered.length - 1]?.image;
  return ordered[at + step]?.image;
}

export function mapScene(points: readonly MapPoint[]): Scene {
  const labels = [...new Set(points.map(({ label }) => label))].sort((a, b) => a - b);
  return {
    width: MAP_SIDE,
    height: MAP_SIDE,
    area: { left: 0, top: 0, width: MAP_SIDE, height: MAP_SIDE },
    x: [],
    y: [],
    bands: [],
    lines: labels.map((label) => ({
      colour: seriesColour(label),
      runs: [points.filter((point) => point.label === label).map(({ x, y }) => [x, y] as const)],
      dash: [],
      width: 2,
      opacity: 1,
      dots: true,
    })),
    baselines: [],
    marks: [],
  };
}

/** The classes as entries of a legend. */
export function mapCurves(points: readonly MapPoint[], data: TransferData | null): Curve[] {
  const labels = [...new Set(points.map(({ label }) => label))].sort((a, b) => a - b);
  return labels.map((label) => ({
    id: String(label),
    label: classOf(data, label),
    colour: seriesColour(label),
    format: String,
  }));
}
