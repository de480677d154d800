/** How a stage looks: what outlives the page, and what a key does to it. Pure, as every other way to change it is. */
import type { View } from './viewport';

export const stageModes = ['columns', 'slider', 'blink', 'difference', 'similarity'] as const;
export type StageMode = (typeof stageModes)[number];
export const gains = [1, 2, 4, 8, 16] as const;

export interface StageState {
  mode: StageMode;
  /** The two pictures of slider and blink, by id; null leaves the choice to the stage. */
  left: string | null;
  right: string | null;
  /** The one picture that is shown alone. */
  solo: string | null;
  gain: number;
  /** What differences are taken from, by id; null is HR. */
  reference: string | null;
  view: View | null;
  magnifier: boolean;
  /** Whether enlarged pixels are interpolated; else they are squares. */
  smooth: boolean;
  /** Position of the slider, as a share of the pane's width. */
  split: number;
}

export const initialStageState: StageState = {
  mode: 'columns',
  left: null,
  right: null,
  solo: null,
  gain: 4,
  reference: null,
  view: null,
  magnifier: false,
  smooth: false,
  split: 0.5,
};

/** What a key asks for beyond a new state: the stage knows panes and steps. */
export type StageCommand =
  | { do: 'state'; change: Partial<StageState> }
  | { do: 'swap' }
  | { do: 'zoom'; factor: number }
  | { do: 'actual' }
  | { do: 'pan'; x: number; y: number }
  | { do: 'step'; by: number }
  | { do: 'play' }
  | { do: 'mark' };

const PAN = 64;
const modeKeys: Record<string, StageMode> = {
  c: 'columns',
  s: 'slider',
  d: 'difference',
  i: 'similarity',
};
const panKeys: Record<string, [number, number]> = {
  ArrowLeft: [PAN, 0],
  ArrowRight: [-PAN, 0],
  ArrowUp: [0, PAN],
  ArrowDown: [0, -PAN],
};

/** @param ids of the pictures, in the order of their numbers; null if the key means nothing here */
export function stageCommand(key: string, state: StageState, ids: readonly string[]): StageCommand | null {
  const lower = key.length === 1 ? key.toLowerCase() : key;
  if (/^[1-9]$/.test(key)) {
    const id = ids[Number(key) - 1];
    return id === undefined ? null : { do: 'state', change: { solo: state.solo === id ? null : id } };
  }
  const mode = modeKeys[lower];
  if (mode) return { do: 'state', change: { mode, solo: null } };
  const pan = panKeys[key];
  if (pan) return { do: 'pan', x: pan[0], y: pan[1] };
  switch (lower) {
    case 'b':
      return state.mode === 'blink' && state.solo === null
        ? { do: 'swap' }
        : { do: 'state', change: { mode: 'blink', solo: null } };
    case 'f':
      return { do: 'state', change: { view: null } };
    case 'k':
      return { do: 'mark' };
    case 'm':
      return { do: 'state', change: { magnifier: !state.magnifier } };
    case 'n':
      return { do: 'state', change: { smooth: !state.smooth } };
    case 'Escape':
      return state.solo === null ? null : { do: 'state', change: { solo: null } };
    case '+':
    case '=':
      return { do: 'zoom', factor: 2 };
    case '-':
      return { do: 'zoom', factor: 0.5 };
    case '0':
      return { do: 'actual' };
    case '[':
      return { do: 'step', by: -1 };
    case ']':
      return { do: 'step', by: 1 };
    case ' ':
      return { do: 'play' };
    default:
      return null;
  }
}
