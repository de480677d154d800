/** How the quality sections look, kept with the state of their page. */
import type { ChartGroupState } from '../chart/chart-group';
import type { Cell } from '../kit/cell';

export interface QualityState {
  /** Spectra beside HR's, or as they are. */
  spectra: 'relative' | 'power';
  frequency: ChartGroupState;
  /** Whether the plane shows validations that are far off, too. */
  outliers: boolean;
}

export const initialQualityState: QualityState = {
  spectra: 'relative',
  frequency: { xAxis: 'step', zoom: null, smoothing: 0, hidden: [], logarithmic: {} },
  outliers: false,
};

export function frequencyCell(state: Cell<QualityState>): Cell<ChartGroupState> {
  return {
    get value() {
      return state.value.frequency;
    },
    set(frequency) {
      state.set({ ...state.value, frequency });
    },
  };
}
