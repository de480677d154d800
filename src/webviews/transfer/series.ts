/** The colours of series and classes: those of runs, as often as they are needed. */
import type { ColourRole } from '../kit/colour-roles';

const colours = [
  ...(['run1', 'run2', 'run3', 'run4', 'run5'] as const),
  ...(['run6', 'run7', 'run8', 'run9', 'run10'] as const),
];

export function seriesColour(index: number): ColourRole {
  return colours[index % colours.length]!;
}

/** The class of transfer.css with that colour. */
export const seriesClass = (index: number): string => `transfer-hue-${(index % colours.length) + 1}`;
