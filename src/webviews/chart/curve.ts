/** What a chart shows, said without saying how it is drawn: curves over a table, constant baselines, and marks. */
import type { ColourRole } from '../kit/colour-roles';

export interface Curve {
  /** Column of the table; also what the page state remembers of hidden curves. */
  id: string;
  label: string;
  colour: ColourRole;
  /**
   * Raw values are solid, weighted ones dashed. `points` draws no line: single measurements. `steps` is a schedule, which
   * is never smoothed.
   */
  line?: 'solid' | 'dashed' | 'points' | 'steps';
  /** Measured now and then: the line goes on over rows without a value, and is never smoothed. */
  sparse?: boolean;
  /**
   * Has rows of other curves between its own: the line goes on over them, the legend tells its value nearest to the cursor,
   * and it is smoothed like any other.
   */
  bridged?: boolean;
  /** Column with its standard deviation, drawn as a band around it. */
  deviation?: string;
  format: (value: number) => string;
}

export interface Baseline {
  label: string;
  value: number;
  colour: ColourRole;
}

export interface Mark {
  kind: 'stage' | 'resumed' | 'checkpoint' | 'rate' | 'warning';
  step: number;
  /** Seconds since the first row, for charts over time. */
  elapsed: number;
  text: string;
}

/** What a value of the x axis is called: steps of a run, unless a chart says otherwise. */
export interface AxisWords {
  name: string;
  plural: string;
  /** Said after a value. */
  unit: string;
}

export const stepWords: AxisWords = { name: 'step', plural: 'steps', unit: '' };

/** What the x axis of all charts of a page counts. */
export type XAxis = 'step' | 'time';
