/** Asks the host for the steps in sight as somebody zooms into a long run, once they have stopped for a moment. */
import type { XAxis } from '../chart/curve';
import type { Range } from '../chart/downsample';
import type { StepBuckets } from '../../protocol/record/record-snapshot';
import type { RunRecord } from './record';

/** The wheel and the keys zoom in many small steps. */
const PAUSE_MS = 120;

/**
 * Returns what is to be told of each change of the record or the zoom.
 * @param read what the host knows of these steps
 * @param changed called when a record knows more
 */
export function zoomDetail(
  read: (steps: { from: number; to: number }) => Promise<StepBuckets>,
  changed: () => void,
): (record: RunRecord | undefined, axis: XAxis, zoom: Range | null) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let wanted: { record: RunRecord; axis: XAxis; zoom: Range } | undefined;

  const ask = async (): Promise<void> => {
    if (asking || wanted === undefined) return;
    const { record, axis, zoom } = wanted;
    const missing = record.missingDetail(axis, zoom);
    if (missing === null) return;
    asking = true;
    try {
      record.setDetail(missing, await read({ from: missing.from, to: missing.to }));
      changed();
    } catch {
      // The overview stays: it is the same curve, more coarsely. The next zoom asks again.
      wanted = undefined;
    } finally {
      asking = false;
    }
    void ask();
  };

  return (record, axis, zoom) => {
    wanted = record && zoom ? { record, axis, zoom } : undefined;
    clearTimeout(timer);
    if (wanted) timer = setTimeout(() => void ask(), PAUSE_MS);
  };
}
