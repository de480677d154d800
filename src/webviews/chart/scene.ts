/** A drawn chart as plain geometry, in CSS pixels: what a vector picture of it is written from. */
import type { ColourRole } from '../kit/colour-roles';
import type { Mark } from './curve';

export interface Tick {
  /** Along its axis, from the left or the top of the area. */
  readonly at: number;
  readonly label: string;
}

/** A line in runs of points without a gap, from the area's left upper corner. */
export interface SceneLine {
  readonly colour: ColourRole;
  readonly runs: readonly (readonly [x: number, y: number])[][];
  readonly dash: readonly number[];
  readonly width: number;
  readonly opacity: number;
  /** Single measurements: circles, not a line. */
  readonly dots: boolean;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly area: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
  readonly bands: readonly {
    readonly colour: ColourRole;
    readonly outline: readonly (readonly [number, number])[];
  }[];
  readonly lines: readonly SceneLine[];
  readonly baselines: readonly { readonly colour: ColourRole; readonly at: number; readonly label: string }[];
  readonly marks: readonly { readonly kind: Mark['kind']; readonly at: number; readonly text: string }[];
}

/** Cuts a line where it has gaps, or goes on over them. */
export function runsOf(
  points: readonly (readonly [number, number] | null)[],
  bridged: boolean,
): (readonly [number, number])[][] {
  const runs: (readonly [number, number])[][] = [[]];
  for (const point of points) {
    if (point !== null) runs.at(-1)!.push(point);
    else if (!bridged && runs.at(-1)!.length > 0) runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

/** A schedule holds its value until the next row. */
export function stepped(run: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  return run.flatMap(([x, y], index) =>
    index === 0
      ? [[x, y]]
      : [
          [x, run[index - 1]![1]],
          [x, y],
        ],
  );
}
