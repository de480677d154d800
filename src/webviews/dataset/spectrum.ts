/** The spectrum of a data set as a table that a chart draws. Pure. */
import type { DatasetAnalysis } from '../../protocol/dataset-analysis';
import type { Curve } from '../chart/curve';
import { Table } from '../chart/table';
import { fixed } from '../kit/format';

/** Frequencies as a share of HR's Nyquist frequency, in per cent. */
export const SPECTRUM_RANGE = { min: 0, max: 100 };

const NYQUIST = 0.5;
/** Less than this is rounding. */
const FLOOR = -90;

const format = (value: number): string => `${fixed(value, 1)} dB`;

export const spectrumCurves: readonly Curve[] = [
  { id: 'hr', label: 'HR', colour: 'hr', format },
  { id: 'enlarged', label: 'LR enlarged', colour: 'lr', format },
  { id: 'lr', label: 'LR', colour: 'lr', line: 'dashed', format },
];

/** Power in decibels of the strongest in HR; what is less than rounding is left out. */
export function spectrumTable({ spectrum }: Pick<DatasetAnalysis, 'spectrum'>): Table {
  const table = new Table(spectrumCurves.map(({ id }) => id));
  const strongest = spectrum.hr.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const decibels = (power: number | null | undefined): number | null => {
    const value = 10 * Math.log10((power ?? 0) / strongest);
    return value >= FLOOR ? value : null;
  };
  spectrum.frequencies.forEach((frequency, row) => {
    table.append((100 * frequency) / NYQUIST, 0, {
      hr: decibels(spectrum.hr[row]),
      enlarged: decibels(spectrum.enlarged[row]),
      lr: decibels(spectrum.lr[row]),
    });
  });
  return table;
}
