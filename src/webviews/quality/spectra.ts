/** Spectra of runs as a table that a chart draws, as they are or beside HR's. Pure. */
import type { SpectrumLine } from '../../protocol/metrics';
import type { Curve } from '../chart/curve';
import { Table } from '../chart/table';
import { fixed } from '../kit/format';
import type { QualityRun, SpectralLine } from './quality-run';

/** A run's spectrum at the step that is shown. */
export interface ShownSpectrum {
  readonly run: QualityRun;
  readonly line: SpectralLine;
}

/** Frequencies in per cent of Nyquist. */
export const FREQUENCY_RANGE = { min: 0, max: 100 };

const NYQUIST = 0.5;
const format = (value: number): string => `${fixed(value, 1)} dB`;

/** Bicubic, SR of each run, HR; beside HR's there is no curve of HR, which is 0. */
export function spectrumCurves(shown: readonly ShownSpectrum[], relative: boolean): Curve[] {
  const curves: Curve[] = [{ id: 'bicubic', label: 'bicubic', colour: 'lr', bridged: true, format }];
  for (const { run, line } of shown) {
    const label = shown.length === 1 ? 'SR' : run.name;
    curves.push({
      id: run.id,
      label: `${label}, step ${line.step.toLocaleString('en-US')}`,
      colour: run.colour,
      line: run.line,
      bridged: true,
      format,
    });
  }
  if (!relative) curves.push({ id: 'hr', label: 'HR', colour: 'hr', bridged: true, format });
  return curves;
}

/** Power in dB by frequency; bicubic and HR are those of the first run. */
export function spectrumTable(shown: readonly ShownSpectrum[], relative: boolean): Table {
  const table = new Table(spectrumCurves(shown, relative).map(({ id }) => id));
  const rows = new Map<number, Record<string, number | null>>();
  const put = (id: string, { frequencies, hr }: SpectrumLine, power: readonly (number | null)[]): void => {
    frequencies.forEach((frequency, band) => {
      const own = power[band] ?? null;
      const reference = relative ? (hr[band] ?? null) : 0;
      const value = own === null || reference === null ? null : own - reference;
      rows.set(frequency, { ...rows.get(frequency), [id]: value });
    });
  };
  for (const [index, { run, line }] of shown.entries()) {
    const { spectrum } = line;
    if (index === 0) {
      put('bicubic', spectrum, spectrum.bicubic);
      if (!relative) put('hr', spectrum, spectrum.hr);
    }
    put(run.id, spectrum, spectrum.model);
  }
  for (const frequency of [...rows.keys()].sort((a, b) => a - b)) {
    table.append((100 * frequency) / NYQUIST, 0, rows.get(frequency)!);
  }
  return table;
}

/** Whether all runs were measured on the same crops, as far as HR's spectrum tells. */
export function sameScenes(shown: readonly ShownSpectrum[]): boolean {
  return new Set(shown.map(({ line }) => line.spectrum.hr.join())).size <= 1;
}
